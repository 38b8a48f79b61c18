import { z } from 'zod';
import { codesChoice } from './latent.ts';
import { inversionChoice, inversionMethodSchema, latentOption, modelChoice } from './reconstruct.ts';

/** What each way of generating is asked for, and what its recipe keeps. */

/** The original's phase does not exist for what a model made up. */
const method = inversionMethodSchema
  .exclude(['original-phase'])
  .default('griffin-lim')
  .meta({ title: 'Way from spectrogram to audio' });

const soundChoice = { method, ...inversionChoice };

const seconds = z.number().positive().max(600);

/** What a frame of a dynamical model is, once its code is known. */
const frames = z.enum(['expected', 'drawn']).meta({
  title: 'Frames',
  help: 'Of dynamical models. expected: the power that the model expects, as in a reconstruction; drawn: a draw from its distribution of the frame, which is the sample of the whole model, and rougher.',
});

export const priorSettings = {
  ...modelChoice,
  n: z.int().min(1).max(256).default(8).meta({ title: 'Clips' }),
  temperature: z.number().min(0).max(4).default(1).meta({
    title: 'Temperature',
    help: 'Factor on the draws of the prior: 1 is the prior itself, less stays closer to its middle.',
  }),
  label: z.array(z.string().min(1)).min(1).optional().meta({
    title: 'Label',
    help: 'Of samplers that were trained with labels: what is to be drawn, of several one after the other. Whatever comes up if left out.',
    placeholder: 'LABEL',
  }),
  seconds: seconds.optional().meta({
    title: 'Length',
    unit: 's',
    help: 'Of dynamical models, which take any; that of a training sequence if left out. Models of clips have one length.',
  }),
  frames: frames.optional(),
  ...soundChoice,
};

export const classMeansSettings = {
  ...codesChoice,
  split: codesChoice.split.default('train'),
  by: z.enum(['label', 'speaker']).default('label').meta({ title: 'Classes' }),
  of: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Which', help: 'Labels or speakers; all of them if left out.', placeholder: 'CLASS' }),
  n: z.int().min(1).max(64).default(1).meta({ title: 'Clips of each class' }),
  scale: z.number().min(0).max(10).default(0.5).meta({
    title: 'Scale of the noise',
    help: 'papers/002 takes 0.5; 0 gives the mean itself.',
  }),
  spread: z.enum(['unit', 'diagonal', 'full']).default('unit').meta({
    title: 'Shape of the noise',
    help: 'unit: the same in every dimension, as papers/002; diagonal: as far as the class spreads in each; full: with the covariance of the class.',
  }),
  levels: z.enum(['standard', 'class']).default('standard').meta({
    title: 'Levels',
    help: 'What 0 and 1 of the spectrogram stand for. standard: -80 to 0 dB, as papers/002; class: the mean extremes of the clips of the class.',
  }),
  ...soundChoice,
};

export const componentsSettings = {
  ...modelChoice,
  of: z.array(z.int().min(1)).default([]).meta({
    title: 'Which',
    help: 'Components of the prior, counted from 1; all of them if left out.',
    placeholder: 'COMPONENT',
  }),
  n: z.int().min(1).max(64).default(1).meta({ title: 'Clips of each component' }),
  scale: z.number().min(0).max(10).default(0).meta({
    title: 'Scale of the noise',
    help: "0 gives the component's mean; 1 draws from the component; in between, closer to its mean.",
  }),
  ...soundChoice,
};

export const interpolateSettings = {
  ...modelChoice,
  from: z.string().min(1).meta({ title: 'First clip', help: 'Its path in the dataset.' }),
  to: z.string().min(1).meta({ title: 'Last clip', help: 'Its path in the dataset.' }),
  steps: z.int().min(2).max(64).default(7).meta({
    title: 'Steps',
    help: 'Clips in all: the first and the last are the reconstructions of the two.',
  }),
  way: z.enum(['linear', 'spherical']).default('linear').meta({
    title: 'Way between them',
    help: 'linear: the straight line. spherical: along the arc, so that codes do not get shorter in the middle.',
  }),
  ...soundChoice,
};

/** Where a recording comes from that a dynamical model is given. */
const recordingChoice = {
  recording: z.string().min(1).meta({
    title: 'Recording',
    help: 'Its path in the dataset; a file where no dataset is meant.',
    placeholder: 'PATH|FILE',
  }),
  dataset: z.string().min(1).optional().meta({
    title: 'Dataset of the recording',
    help: "The run's own if left out; where that has none of that name, a file is looked for.",
  }),
};

export const continueSettings = {
  ...modelChoice,
  ...recordingChoice,
  from: z.number().min(0).max(3600).meta({
    title: 'From',
    unit: 's',
    help: 'Second of the recording up to which the model is given it; what follows is its own.',
  }),
  seconds: seconds.default(3).meta({ title: 'Length of what follows', unit: 's' }),
  n: z.int().min(1).max(64).default(3).meta({ title: 'Continuations' }),
  temperature: priorSettings.temperature,
  frames: frames.default('expected'),
  latent: latentOption,
  ...inversionChoice,
};

export const freeRunningSettings = {
  ...modelChoice,
  ...recordingChoice,
  latent: latentOption,
  method: inversionMethodSchema.default('griffin-lim').meta({ title: 'Way from spectrogram to audio' }),
  ...inversionChoice,
};
