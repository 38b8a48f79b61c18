import { frameRows } from '../../../src-main/analyst/extract/frame-rows.ts';
import { monoBlocks } from '../../../src-main/analyst/extract/sample-stream.ts';
import { openAudio } from '../../../src-main/audio/open.ts';
import { framePlan, isFrameKind } from '../../../src-main/dsp/features/plan.ts';
import { readSettings, settle } from '../../../src-main/dsp/features/settings.ts';

/** What both sides compute: librosa's defaults, at the file's own rate. */
export type Kind = 'stft' | 'mel' | 'mfcc';

export interface Work {
  kind: Kind;
  files: readonly string[];
}

export interface Done {
  /** Sum of |first number of every row|: shows that both sides did the same. */
  sum: number;
  frames: number;
  /** Of this process. */
  cpuSec: number;
}

/** Decodes files and holds each one's features whole in memory, as librosa does. */
export function workOn({ kind, files }: Work): Done {
  const before = process.cpuUsage();
  let sum = 0;
  let frames = 0;
  for (const file of files) {
    const { rows, count } = featuresOf(file, kind);
    const size = count === 0 ? 0 : rows.length / count;
    for (let frame = 0; frame < count; frame++) sum += Math.abs(rows[frame * size + 2]!);
    frames += count;
  }
  const { user, system } = process.cpuUsage(before);
  return { sum, frames, cpuSec: (user + system) / 1e6 };
}

function featuresOf(file: string, kind: Kind): { rows: Float32Array; count: number } {
  const source = openAudio(file);
  try {
    const { sampleRateHz, announcedSamples } = source.info;
    const settings = settle(readSettings(kind, { sr: 'native' }), sampleRateHz);
    if (!isFrameKind(settings)) throw new Error(`${kind} is not made frame by frame.`);
    const plan = framePlan(settings, sampleRateHz);
    const expected = 2 + Math.ceil((announcedSamples ?? 0) / plan.stft.hopLength);
    let rows = new Float32Array(expected * plan.size);
    let count = 0;
    const blocks = () => monoBlocks(file, source, sampleRateHz, { offsetSec: 0, durationSec: undefined });
    frameRows(blocks, plan, (row) => {
      if ((count + 1) * plan.size > rows.length) {
        const longer = new Float32Array(2 * rows.length + plan.size);
        longer.set(rows);
        rows = longer;
      }
      rows.set(row, count * plan.size);
      count++;
    });
    return { rows: rows.subarray(0, count * plan.size), count };
  } finally {
    source.close();
  }
}
