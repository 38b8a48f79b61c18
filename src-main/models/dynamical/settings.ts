import { z } from 'zod';
import { activations } from './layers.ts';

/** Layers of a multi-layer perceptron; none is the identity, as in the reference. */
export function units(title: string, standard: readonly number[], help: string) {
  return z
    .array(z.int().min(1).max(8192))
    .max(12)
    .default([...standard])
    .meta({ title, unit: 'units', help: sentence(help) });
}

/** A name of the reference's configuration as a sentence; what says more is one already. */
function sentence(help: string): string {
  return help.endsWith('.') ? help : `${help} of the reference.`;
}

/** Units of a recurrent layer. */
export function recurrentUnits(title: string, standard: number, help: string) {
  return z
    .int()
    .min(1)
    .max(4096)
    .default(standard)
    .meta({ title, unit: 'units', help: sentence(help) });
}

/** Recurrent layers on top of each other. */
export function recurrentLayers(title: string) {
  return z.int().min(1).max(4).default(1).meta({
    title,
    advanced: true,
    unit: 'layers',
    help: 'The reference uses one.',
  });
}

/** What all dynamical models share. */
export const sharedSettings = {
  latentDim: z.int().min(1).max(1024).default(16).meta({
    title: 'Latent dimensions a frame',
    help: 'z_dim of the reference.',
  }),
  activation: z.enum(activations).default('tanh').meta({
    title: 'Activation',
    advanced: true,
    help: 'After every layer of the perceptrons.',
  }),
  dropout: z.number().min(0).max(0.95).default(0).meta({
    title: 'Dropout',
    advanced: true,
    help: 'Share of numbers dropped after every layer of the perceptrons in training; 0 in the reference.',
  }),
};
