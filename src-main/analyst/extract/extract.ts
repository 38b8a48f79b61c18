import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { FeatureSettings } from '../../../src-preload/contract/features/settings.ts';
import { openAudio } from '../../audio/open.ts';
import { framePlan, isFrameKind } from '../../dsp/features/plan.ts';
import { settle } from '../../dsp/features/settings.ts';
import { replaceFile } from '../../files/atomic-file.ts';
import { type NpyType, NpyWriter } from '../../files/npy-stream.ts';
import { shownName } from '../../files/system-errors.ts';
import type { Extracted, ExtractTask } from './task.ts';
import { frameRows, type Passed } from './frame-rows.ts';
import { monoBlocks } from './sample-stream.ts';
import { wholeFeature } from './whole-signal.ts';

/**
 * Computes features of a recording into a NumPy file. What is made frame by frame passes through the memory of a few frames,
 * however long the recording is.
 *
 * @throws ResynthError any of `audio/*`; features/bad-setting, features/too-short; files/disk-full, files/not-writable.
 */
export async function extractFeatures(task: ExtractTask): Promise<Extracted> {
  const source = openAudio(task.file);
  source.close();
  const sourceSampleRateHz = source.info.sampleRateHz;
  const sampleRateHz = task.settings.sr === 'native' ? sourceSampleRateHz : task.settings.sr;
  const settings = settle(task.settings, sampleRateHz);
  const blocks = (): Generator<Float32Array> => readBlocks(task.file, sampleRateHz, settings);
  const made = await replaceFile(task.out, (handle) => {
    const writer = new NpyWriter(handle.fd);
    try {
      return Promise.resolve(compute(writer, blocks, settings, sampleRateHz));
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      throw new ResynthError(
        'features/too-short',
        { file: shownName(task.file), reason: thrown.message },
        { cause: thrown },
      );
    }
  });
  return { kind: 'extract', ...made, settings, sampleRateHz, sourceSampleRateHz };
}

function* readBlocks(file: string, sampleRateHz: number, settings: FeatureSettings): Generator<Float32Array> {
  const source = openAudio(file);
  try {
    const stretch = { offsetSec: settings.offset, durationSec: settings.duration };
    yield* monoBlocks(file, source, sampleRateHz, stretch);
  } finally {
    source.close();
  }
}

type Made = Pick<Extracted, 'shape' | 'dtype' | 'fortranOrder' | 'samples' | 'figures' | 'warnings'>;

function compute(
  writer: NpyWriter,
  blocks: () => Generator<Float32Array>,
  settings: FeatureSettings,
  sampleRateHz: number,
): Made {
  if (isFrameKind(settings)) {
    const plan = framePlan(settings, sampleRateHz);
    const passed: Passed = frameRows(blocks, plan, (row) => writer.write(row));
    refuseNoFrames(passed.frames, passed.samples, sampleRateHz);
    const dtype: NpyType = plan.complex ? 'complex64' : 'float32';
    // One frame lies after the other: numpy reads that as the columns of [bins, frames].
    const shape = [plan.complex ? plan.size / 2 : plan.size, passed.frames];
    writer.finish(dtype, shape, true);
    const { warnings } = plan;
    return { shape, dtype, fortranOrder: true, samples: passed.samples, figures: {}, warnings };
  }
  const samples = joined(blocks());
  const { matrix, figures, warnings } = wholeFeature(samples, sampleRateHz, settings);
  refuseNoFrames(matrix.frames, samples.length, sampleRateHz);
  const shape = [matrix.bins, matrix.frames];
  writer.write(matrix.data);
  writer.finish('float32', shape, false);
  return { shape, dtype: 'float32', fortranOrder: false, samples: samples.length, figures, warnings };
}

/** As librosa refuses what is shorter than one frame: an empty array would be found out much later. */
function refuseNoFrames(frames: number, samples: number, sampleRateHz: number): void {
  if (frames === 0) throw new RangeError(`No frame fits into ${samples} samples at ${sampleRateHz} Hz.`);
}

function joined(blocks: Iterable<Float32Array>): Float32Array {
  let all = new Float32Array(1 << 16);
  let length = 0;
  for (const block of blocks) {
    if (length + block.length > all.length) {
      const longer = new Float32Array(Math.max(length + block.length, 2 * all.length));
      longer.set(all);
      all = longer;
    }
    all.set(block, length);
    length += block.length;
  }
  return all.subarray(0, length);
}
