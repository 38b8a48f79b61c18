import { FrameStream, framesTogether } from '../../dsp/features/frame-stream.ts';
import { withFrameTransform } from '../../dsp/features/frame-transform.ts';
import type { StftOptions } from '../../dsp/frames.ts';
import type { RealArray } from '../../dsp/matrix.ts';
import type { FramePlan } from '../../dsp/features/plan.ts';

/** Numbers of rows that wait for the largest value in memory; what has more is read twice. */
const keptNumbers = 2 ** 23;

/** What went through. */
export interface Passed {
  frames: number;
  /** Of the signal, at its rate. */
  samples: number;
}

/**
 * Makes the rows of a signal by a plan, in order, and gives each to `sink`, which must read it at once. `openBlocks` begins the
 * signal anew: a long one whose rows need the largest of all values is read twice rather than held.
 */
export function frameRows(
  openBlocks: () => Iterable<Float32Array>,
  plan: FramePlan,
  sink: (row: RealArray) => void,
  mostKept = keptNumbers,
): Passed {
  const { finish } = plan;
  if (plan.complex) return eachSpectrum(openBlocks(), plan, sink);
  if (!finish) return eachRow(openBlocks(), plan, sink);
  const output = new Float64Array(plan.size);
  let kept: Float64Array | null = new Float64Array(64 * plan.rawSize);
  let rows = 0;
  let largest = 0;
  const passed = eachRow(openBlocks(), plan, (raw) => {
    for (let k = 0; k < raw.length; k++) if (raw[k]! > largest) largest = raw[k]!;
    const end = (rows + 1) * raw.length;
    if (end > mostKept) kept = null;
    if (!kept) return;
    if (end > kept.length) {
      const longer = new Float64Array(Math.min(2 * kept.length, Math.max(end, mostKept)));
      longer.set(kept);
      kept = longer;
    }
    kept.set(raw, rows++ * raw.length);
  });
  const give = (row: Float64Array): void => {
    finish(row, largest, output);
    sink(output);
  };
  if (!kept) eachRow(openBlocks(), plan, give);
  else for (let row = 0; row < rows; row++) give(kept.subarray(row * plan.rawSize, (row + 1) * plan.rawSize));
  return passed;
}

function eachRow(
  blocks: Iterable<Float32Array>,
  { stft, begin, rawSize }: FramePlan,
  visit: (row: Float64Array) => void,
): Passed {
  return withFrameTransform(stft, framesTogether, (transform) => {
    const raw = new Float64Array(rawSize);
    const spectra = rowsOf(transform.spectra, 2 * transform.bins);
    return pass(blocks, stft, (samples, frames) => {
      transform.transform(samples, frames);
      for (let i = 0; i < frames; i++) visit(begin(spectra[i]!, raw));
    });
  });
}

function eachSpectrum(
  blocks: Iterable<Float32Array>,
  { stft }: FramePlan,
  visit: (row: Float32Array) => void,
): Passed {
  return withFrameTransform(stft, framesTogether, (transform) => {
    const spectra = rowsOf(transform.narrowSpectra, 2 * transform.bins);
    return pass(blocks, stft, (samples, frames) => {
      transform.transformNarrow(samples, frames);
      for (let i = 0; i < frames; i++) visit(spectra[i]!);
    });
  });
}

function rowsOf<Values extends RealArray>(values: Values, size: number): Values[] {
  return Array.from(
    { length: framesTogether },
    (_, i) => values.subarray(i * size, (i + 1) * size) as Values,
  );
}

function pass(
  blocks: Iterable<Float32Array>,
  stft: StftOptions,
  visit: (samples: Float64Array, frames: number) => void,
): Passed {
  const stream = new FrameStream(stft, (samples, _first, frames) => visit(samples, frames));
  let samples = 0;
  for (const block of blocks) {
    samples += block.length;
    stream.push(block);
  }
  return { frames: stream.end(), samples };
}
