import path from 'node:path';
import type { CommandContext } from '../../src-preload/contract/command.ts';
import { inversionMethodSchema, type reconstruct } from '../../src-preload/contract/commands/reconstruct.ts';
import type { sample } from '../../src-preload/contract/commands/sample.ts';
import type { ModelReference } from '../inference/protocol.ts';
import type { Run } from './runs/runs.ts';
import type { HostHandler } from './services.ts';

/** Puts recordings through a run's model, in the process that keeps models loaded. */
export const handleReconstruct: HostHandler<typeof reconstruct> = async (input, context) => {
  const { trainers, inference } = context.services;
  const model = referenceTo(await trainers.resolve(input.run), input.checkpoint);
  const methods = input.method === 'all' ? [...inversionMethodSchema.options] : [input.method];
  return inference.request(
    'reconstructFiles',
    {
      model,
      files: input.files,
      folder: path.resolve(input.out),
      inversion: { methods, iterations: input.iterations, seed: input.seed },
      bits: input.bits,
      latent: input.latent,
      feedback: input.feedback,
      stages: input.stages,
    },
    optionsOf(context),
  );
};

/** Draws clips from a run's prior, in the process that keeps models loaded. */
export const handleSample: HostHandler<typeof sample> = async (input, context) => {
  const { trainers, inference } = context.services;
  const model = referenceTo(await trainers.resolve(input.run), input.checkpoint);
  const inversion = { methods: [input.method], iterations: input.iterations, seed: input.seed };
  return inference.request(
    'sampleFiles',
    {
      model,
      count: input.n,
      ...(input.seconds === undefined ? {} : { seconds: input.seconds }),
      ...(input.label === undefined ? {} : { label: input.label }),
      folder: path.resolve(input.out),
      inversion,
    },
    optionsOf(context),
  );
};

/** A run's model as the inference process is told of it, on the engine that the run asked for. */
export function referenceTo(run: Run, checkpoint: ModelReference['checkpoint']): ModelReference {
  const { backend, device, threads } = run.record.engine;
  return {
    runFolder: run.folder,
    runName: run.record.name,
    checkpoint,
    engine: { backend: backend ?? undefined, device: device ?? undefined, threads: threads ?? undefined },
  };
}

/** The part of a command's context that a request takes. */
export function optionsOf(context: CommandContext): Pick<CommandContext, 'progress' | 'signal'> {
  return { progress: context.progress, signal: context.signal };
}
