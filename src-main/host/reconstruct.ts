import path from 'node:path';
import type { CommandContext, Handler } from '../../src-preload/contract/command.ts';
import { inversionMethodSchema, type reconstruct } from '../../src-preload/contract/commands/reconstruct.ts';
import type { sample } from '../../src-preload/contract/commands/sample.ts';
import { InferenceProcess } from '../inference/client.ts';
import type { ModelReference } from '../inference/protocol.ts';
import { openHome } from '../store/home.ts';
import { resolveRun, type Run } from './runs.ts';

/** Puts recordings through a run's model, in a process of its own. */
export const handleReconstruct: Handler<typeof reconstruct> = (input, context) => {
  const model = referenceTo(resolveRun(openHome(context.homeDir), input.run), input.checkpoint);
  const methods = input.method === 'all' ? [...inversionMethodSchema.options] : [input.method];
  return withInference((inference) =>
    inference.request(
      'reconstructFiles',
      {
        model,
        files: input.files,
        folder: path.resolve(input.out),
        inversion: { methods, iterations: input.iterations, seed: input.seed },
        bits: input.bits,
      },
      optionsOf(context),
    ),
  );
};

/** Draws clips from a run's prior, in a process of its own. */
export const handleSample: Handler<typeof sample> = (input, context) => {
  const model = referenceTo(resolveRun(openHome(context.homeDir), input.run), input.checkpoint);
  const inversion = { methods: [input.method], iterations: input.iterations, seed: input.seed };
  return withInference((inference) =>
    inference.request(
      'sampleFiles',
      { model, count: input.n, folder: path.resolve(input.out), inversion },
      optionsOf(context),
    ),
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

/** Lends an inference process and ends it afterwards. */
export async function withInference<Result>(
  use: (inference: InferenceProcess) => Promise<Result>,
): Promise<Result> {
  const inference = new InferenceProcess();
  try {
    return await use(inference);
  } finally {
    await inference.close();
  }
}

/** The part of a command's context that a request takes. */
export function optionsOf(context: CommandContext): Pick<CommandContext, 'progress' | 'signal'> {
  return { progress: context.progress, signal: context.signal };
}
