import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import { damageOf } from './damage.ts';
import type { StretchSec } from './inspect.ts';
import { addLevel } from './level.ts';
import { type MeasuredAudio, warningOf } from './measure.ts';
import type { AudioInfo, AudioSource, Level } from './source.ts';

/** A list's seconds are rounded: an end so little behind the file's is the file's. */
const roundingSec = 0.05;

interface Stretch {
  from: number;
  /** Not included; infinite for the end of the file. */
  to: number;
  level: Level;
  refused: ResynthError | null;
}

/** Measures stretches in one pass over their file, whatever their order and overlap, in little memory. */
export function measureStretches(
  file: string,
  source: AudioSource,
  wanted: readonly StretchSec[],
): (MeasuredAudio | ResynthError)[] {
  const { info } = source;
  const stretches = wanted.map((one): Stretch => {
    const from = Math.floor((one.startSec ?? 0) * info.sampleRateHz);
    const long = one.endSec === null ? Infinity : (one.endSec - (one.startSec ?? 0)) * info.sampleRateHz;
    return { from, to: from + Math.floor(long), level: { samples: 0, peak: 0, energy: 0 }, refused: null };
  });
  const order = [...stretches].sort((a, b) => a.from - b.from);
  let position = order[0]?.from ?? 0;
  const end = Math.max(0, ...stretches.map(({ to }) => to));
  let next = 0;
  const open = new Set<Stretch>();
  for (const block of source.blocks(position)) {
    const length = block[0]?.length ?? 0;
    while (next < order.length && order[next]!.from < position + length) open.add(order[next++]!);
    for (const stretch of open) {
      take(file, info, stretch, block, position);
      if (stretch.to <= position + length) open.delete(stretch);
    }
    position += length;
    if (position >= end) break;
  }
  return stretches.map((one, at) => outcome(file, source, one, wanted[at]!));
}

function take(
  file: string,
  info: AudioInfo,
  stretch: Stretch,
  block: readonly Float32Array[],
  position: number,
): void {
  const from = Math.max(0, stretch.from - position);
  const part = block.map((channel) => channel.subarray(from, Math.max(from, stretch.to - position)));
  try {
    addLevel(stretch.level, part, file, info);
  } catch (thrown) {
    if (!(thrown instanceof ResynthError)) throw thrown;
    stretch.refused ??= thrown;
  }
}

function outcome(
  file: string,
  source: AudioSource,
  { from, to, level, refused }: Stretch,
  { startSec, endSec }: StretchSec,
): MeasuredAudio | ResynthError {
  const { info } = source;
  if (refused) return refused;
  const { samples, peak, energy } = level;
  const reached = source.reached;
  if (reached < to) {
    const announcedEnd = Math.min(to, info.announcedSamples ?? to);
    const damage = damageOf(file, source, reached, announcedEnd);
    if (damage) return damage;
  }
  const durationSec = Math.round((reached / info.sampleRateHz) * 1000) / 1000;
  const name = shownName(file);
  if (samples === 0) {
    return new ResynthError('audio/stretch-outside', { file: name, startSec: startSec ?? 0, durationSec });
  }
  const short = endSec !== null && (to - from - samples) / info.sampleRateHz > roundingSec;
  const warning = short
    ? warningOf([new ResynthError('audio/stretch-cut', { file: name, endSec, durationSec })])
    : null;
  return {
    ...info,
    samples,
    durationSec: samples / info.sampleRateHz,
    peak,
    rms: Math.sqrt(energy / (samples * info.channels)),
    warning,
  };
}
