import type { OutputValue, Program } from '../../engine/program.ts';
import type { RecurrentStage, Stage } from './stage.ts';
import { carryName, standardChunkFrames } from './utterance-program.ts';

/** Numbers by name: a sequence's `[frames, dim]`, or a whole sequence's `[dim]`, flat. */
export type Numbers = Readonly<Record<string, Float32Array>>;

/**
 * Runs the stages of a dynamical model over an utterance of `frames` frames, chunk by chunk, through a program of
 * `utteranceProgram`. `given` has every sequence that no stage gives (`x`, `eps`), `statics` every such value of the whole sequence
 * (`vEps`). Gives what `wanted` names; everything else is let go as soon as no later stage reads it, so the memory is that of a few
 * sequences, whatever the length. `chunkFrames` is the program's.
 */
export async function runUtterance(
  program: Program,
  stages: readonly Stage[],
  frames: number,
  given: { sequences: Numbers; statics?: Numbers },
  wanted: readonly string[],
  options: { signal?: AbortSignal; chunkFrames?: number } = {},
): Promise<Record<string, Float32Array>> {
  const sequences: Record<string, Float32Array> = { ...given.sequences };
  const statics: Record<string, Float32Array> = { ...given.statics };
  for (const [index, stage] of stages.entries()) {
    if (stage.kind === 'static') {
      const outputs = await program.call(stage.name, pick(statics, stage.inputs));
      for (const name of Object.keys(stage.outputs)) statics[name] = floats(outputs, name);
    } else {
      const inputs = pick(sequences, stage.inputs);
      const fixed = stage.kind === 'frames' ? pick(statics, stage.statics ?? []) : {};
      const outputs = await runChunks(program, stage, frames, inputs, fixed, options);
      Object.assign(sequences, outputs);
      if (stage.kind === 'recurrent') Object.assign(statics, finalsOf(stage, frames, outputs));
    }
    const later = new Set([...wanted, ...stages.slice(index + 1).flatMap(({ inputs }) => inputs)]);
    for (const name of Object.keys(sequences)) if (!later.has(name)) delete sequences[name];
  }
  return pick({ ...sequences, ...statics }, wanted);
}

async function runChunks(
  program: Program,
  stage: Exclude<Stage, { kind: 'static' }>,
  frames: number,
  inputs: Numbers,
  fixed: Numbers,
  { signal, chunkFrames = standardChunkFrames }: { signal?: AbortSignal; chunkFrames?: number },
): Promise<Record<string, Float32Array>> {
  const outputs = Object.fromEntries(
    Object.entries(stage.outputs).map(([name, dim]) => [name, new Float32Array(frames * dim)]),
  );
  const carryDims = stage.kind === 'recurrent' ? stage.carry : {};
  const backward = stage.kind === 'recurrent' && stage.direction === 'backward';
  let carry: Record<string, Float32Array> = Object.fromEntries(
    Object.entries(carryDims).map(([name, dim]) => [carryName(name), new Float32Array(dim)]),
  );
  for (let done = 0; done < frames; done += chunkFrames) {
    signal?.throwIfAborted();
    const count = Math.min(chunkFrames, frames - done);
    // Frame `step` of the chunk in the order in which the stage takes them.
    const frameAt = (step: number): number => (backward ? frames - 1 - (done + step) : done + step);
    const chunk = Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => {
        const dim = values.length / frames;
        const part = new Float32Array(chunkFrames * dim);
        for (let step = 0; step < count; step++) {
          const at = frameAt(step) * dim;
          part.set(values.subarray(at, at + dim), step * dim);
        }
        return [name, part];
      }),
    );
    const results = await program.call(stage.name, { ...chunk, ...fixed, ...carry });
    for (const [name, dim] of Object.entries(stage.outputs)) {
      const part = floats(results, name);
      for (let step = 0; step < count; step++) {
        outputs[name]?.set(part.subarray(step * dim, (step + 1) * dim), frameAt(step) * dim);
      }
    }
    // After a chunk that is not full there is no other one: what its padding did to the carry is never read.
    carry = Object.fromEntries(Object.keys(carry).map((name) => [name, floats(results, name)]));
  }
  return outputs;
}

function finalsOf(stage: RecurrentStage, frames: number, outputs: Numbers): Record<string, Float32Array> {
  const last = stage.direction === 'backward' ? 0 : frames - 1;
  return Object.fromEntries(
    Object.entries(stage.finals ?? {}).map(([name, of]) => {
      const values = outputs[of] as Float32Array;
      const dim = values.length / frames;
      return [name, values.slice(last * dim, (last + 1) * dim)];
    }),
  );
}

function pick(values: Numbers, names: readonly string[]): Record<string, Float32Array> {
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      if (!value) throw new Error(`nothing gives ${name}`);
      return [name, value];
    }),
  );
}

function floats(results: Readonly<Record<string, OutputValue>>, name: string): Float32Array {
  const data = results[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`the program gave no float output named ${name}`);
  return data;
}
