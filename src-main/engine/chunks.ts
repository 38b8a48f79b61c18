import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { OutputValue, Program } from './program.ts';

/** An entry point that scans a fixed number of frames and hands its carry on. */
export interface ChunkedEntry {
  entry: string;
  /** Feed of the sequence, `[frames, batch, ...]`, and the output that corresponds to it. */
  input: string;
  output: string;
  /** Frames that one call takes. */
  frames: number;
  /** Feed name of each carried value, and the output that gives its value at every frame `[frames, batch, units]`. */
  carry: Record<string, string>;
}

/**
 * Runs a sequence of any length through an entry point of fixed length, carrying the state from chunk to chunk: the same
 * numbers as one long scan, in memory that does not grow with the length. `initial` has the carry before the first frame,
 * each `[batch, units]`. Gives the output for every frame, flat, and the carry after the last. The last chunk is padded
 * with zeros; what it computes there is cut away and never carried.
 */
export async function scanInChunks(
  program: Program,
  chunked: ChunkedEntry,
  sequence: Float32Array,
  frames: number,
  initial: Record<string, Float32Array>,
): Promise<{ output: Float32Array; carry: Record<string, Float32Array> }> {
  if (frames === 0 || sequence.length % frames !== 0)
    throw new ResynthError('engine/scan-length', { lengths: frames });
  const frameSize = sequence.length / frames;
  let carry = initial;
  let output: Float32Array | undefined;
  for (let start = 0; start < frames; start += chunked.frames) {
    const count = Math.min(chunked.frames, frames - start);
    const input = new Float32Array(chunked.frames * frameSize);
    input.set(sequence.subarray(start * frameSize, (start + count) * frameSize));
    const results = await program.call(chunked.entry, { [chunked.input]: input, ...carry });
    const chunk = frameRange(results, chunked.output, chunked.frames, 0, count);
    output ??= new Float32Array((chunk.length / count) * frames);
    output.set(chunk, (output.length / frames) * start);
    carry = Object.fromEntries(
      Object.entries(chunked.carry).map(([feed, name]) => [
        feed,
        frameRange(results, name, chunked.frames, count - 1, count).slice(),
      ]),
    );
  }
  return { output: output ?? new Float32Array(0), carry };
}

/** Frames `from` to `to` of an output `[frames, ...]`. */
function frameRange(
  results: Record<string, OutputValue>,
  name: string,
  frames: number,
  from: number,
  to: number,
): Float32Array {
  const data = results[name]?.data;
  if (!(data instanceof Float32Array) || results[name]?.shape[0] !== frames) {
    throw new ResynthError('engine/scan-length', {
      lengths: `${name}: ${results[name]?.shape[0] ?? 'no output'}`,
    });
  }
  const size = data.length / frames;
  return data.subarray(from * size, to * size);
}
