import { FrameStream, framesTogether } from '../../dsp/features/frame-stream.ts';
import { frameTransform } from '../../dsp/features/frame-transform.ts';
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
  sink: (row: Float64Array) => void,
  mostKept = keptNumbers,
): Passed {
  const { finish } = plan;
  const raw = new Float64Array(plan.rawSize);
  if (!finish) return eachRow(openBlocks(), plan, raw, () => sink(raw));
  const output = new Float64Array(plan.size);
  let kept: Float64Array[] | null = [];
  let largest = 0;
  const passed = eachRow(openBlocks(), plan, raw, () => {
    for (let k = 0; k < raw.length; k++) if (raw[k]! > largest) largest = raw[k]!;
    if (!kept) return;
    if ((kept.length + 1) * raw.length > mostKept) kept = null;
    else kept.push(raw.slice());
  });
  const give = (row: Float64Array): void => {
    finish(row, largest, output);
    sink(output);
  };
  if (kept) (kept as Float64Array[]).forEach(give);
  else eachRow(openBlocks(), plan, raw, () => give(raw));
  return passed;
}

function eachRow(
  blocks: Iterable<Float32Array>,
  plan: FramePlan,
  raw: Float64Array,
  visit: () => void,
): Passed {
  const { stft, begin } = plan;
  const transform = frameTransform(stft, framesTogether);
  const stride = 2 * transform.bins;
  const spectra = Array.from({ length: framesTogether }, (_, i) =>
    transform.spectra.subarray(i * stride, (i + 1) * stride),
  );
  const stream = new FrameStream(stft, (samples, _first, frames) => {
    transform.transform(samples, frames);
    for (let i = 0; i < frames; i++) {
      begin(spectra[i]!, raw);
      visit();
    }
  });
  let samples = 0;
  for (const block of blocks) {
    samples += block.length;
    stream.push(block);
  }
  return { frames: stream.end(), samples };
}
