import type { z } from 'zod';
import { runsClip, type runsClips } from '../../../src-preload/contract/commands/runs-live.ts';
import { stepAtOrBefore } from '../../../src-preload/contract/comparison/steps.ts';
import { asResynthError } from '../../../src-preload/contract/errors/error.ts';
import { encodeWav } from '../../audio/write-wav.ts';
import { dbfs, peak } from '../../dsp/level.ts';
import { matchLevel } from '../../dsp/loudness.ts';
import { readClipIndex } from '../../trainer/clips/files.ts';
import { handleRunsClip, handleRunsClips } from '../runs/run-clips.ts';
import type { HostContext } from '../services.ts';
import type { ReportClip, ReportListening, ReportSound } from './data.ts';
import { palettePng } from './palette-png.ts';

/** A run whose reconstructions are wanted, and what its column is called. */
export interface HeardRun {
  id: string;
  title: string;
}

export interface ListeningOptions {
  /** The last kept step at or before it; the last of all without. */
  step: number | undefined;
  /** Recordings at most. */
  clips: number;
  /** Of all sounds together, as WAV. */
  mostAudioBytes: number;
}

type Listed = z.output<typeof runsClips.output>;
type Clip = z.output<typeof runsClip.output>;

interface Column {
  run: HeardRun;
  listed: Listed;
  step: { step: number; epoch: number };
}

interface Heard {
  title: string;
  clip: Clip & { sound: NonNullable<Clip['sound']> };
}

/** The clips of one run, or those that several have in common, as the page shows them: all pictures on one scale of dBFS. */
export async function collectListening(
  runs: readonly HeardRun[],
  options: ListeningOptions,
  context: HostContext,
): Promise<ReportListening> {
  const notes: string[] = [];
  const columns = await columnsOf(runs, options.step, notes, context);
  const rows = rowsOf(columns, notes);
  const wanted = rows.slice(0, options.clips);
  const heard: { row: Row; sounds: Heard[] }[] = [];
  let bytes = 0;
  for (const [at, row] of wanted.entries()) {
    context.signal.throwIfAborted();
    context.progress({ stage: 'Making the clips audible', done: at, total: wanted.length, unit: 'clips' });
    const sounds = await soundsOf(row, columns, notes, context);
    const own = sounds.reduce((sum, { clip }) => sum + 2 * clip.sound.samples.length, 0);
    if (bytes + own > options.mostAudioBytes) {
      const left = wanted.length - at;
      const limit = options.mostAudioBytes / 1e6;
      notes.push(
        `${left === 1 ? 'One clip was' : `${left} clips were`} left out: with ${left === 1 ? 'it' : 'them'} the audio would be more than ${limit} MB.`,
      );
      break;
    }
    bytes += own;
    if (sounds.length > 0) heard.push({ row, sounds });
  }
  const pictures = heard.flatMap(({ sounds }) => sounds.map(({ clip }) => clip.picture));
  const minDb = Math.min(...pictures.map((picture) => picture.minDb));
  const maxDb = Math.max(...pictures.map((picture) => picture.maxDb));
  return {
    clips: await Promise.all(heard.map(({ row, sounds }) => clipOf(row, sounds, { minDb, maxDb }))),
    split: await splitOf(columns[0], context),
    minDb: Number.isFinite(minDb) ? minDb : -100,
    maxDb: Number.isFinite(maxDb) ? maxDb : 0,
    steps: columns.map(({ run, step }) => ({ name: run.title, ...step })),
    notes: [...new Set(notes)],
  };
}

async function splitOf(
  column: Column | undefined,
  { services }: HostContext,
): Promise<ReportListening['split']> {
  if (!column) return 'validation';
  const { folder } = await services.trainers.resolve(column.run.id);
  return readClipIndex(folder)?.split ?? 'validation';
}

async function columnsOf(
  runs: readonly HeardRun[],
  step: number | undefined,
  notes: string[],
  context: HostContext,
): Promise<Column[]> {
  const columns: Column[] = [];
  for (const run of runs) {
    const listed = await handleRunsClips({ run: run.id }, context);
    const steps = listed.steps.map((one) => one.step);
    const at = step === undefined ? steps.at(-1) : (stepAtOrBefore(steps, step) ?? steps[0]);
    const found = listed.steps.find((one) => one.step === at);
    if (found && listed.clips.length > 0) {
      columns.push({ run, listed, step: { step: found.step, epoch: found.epoch } });
    } else notes.push(`${run.title} keeps no clips to listen to.`);
  }
  return columns;
}

/** A recording, and its index among the clips of each column; undefined where a run does not have it. */
interface Row {
  recording: string;
  label: string | null;
  speaker: string | null;
  durationSec: number;
  at: (number | undefined)[];
}

/** The recordings that all have; where there is none, those that any has. The same is what has the same bytes. */
function rowsOf(columns: readonly Column[], notes: string[]): Row[] {
  const rows = new Map<string, Row>();
  for (const [place, { listed }] of columns.entries()) {
    for (const { index, recording, contentHash, speaker, label, durationSec } of listed.clips) {
      const key = contentHash ?? recording;
      const row = rows.get(key) ?? { recording, label, speaker, durationSec, at: [] };
      row.at[place] = index;
      rows.set(key, row);
    }
  }
  const all = [...rows.values()];
  const common = all.filter(({ at }) => columns.every((_, place) => at[place] !== undefined));
  if (common.length === 0 && all.length > 0) {
    notes.push('The runs have no clip in common: each recording is heard from those that have it.');
    return all;
  }
  return common;
}

async function soundsOf(
  row: Row,
  columns: readonly Column[],
  notes: string[],
  context: HostContext,
): Promise<Heard[]> {
  const first = columns.findIndex((_, place) => row.at[place] !== undefined);
  const sounds: Heard[] = [];
  const add = async (title: string, place: number, input: { kind: Kind; step?: number }): Promise<void> => {
    const column = columns[place];
    const clip = row.at[place];
    if (!column || clip === undefined) return;
    try {
      const made = await handleRunsClip(
        runsClip.input.parse({ run: column.run.id, clip, sound: true, ...input }),
        context,
      );
      const { sound } = made;
      if (sound) sounds.push({ title, clip: { ...made, sound } });
    } catch (thrown) {
      context.signal.throwIfAborted();
      // A report of a run whose recordings are elsewhere by now still has what the trainer kept.
      const { message } = asResynthError(thrown);
      notes.push(`${title} of ${row.recording} is missing: ${message}`);
    }
  };
  await add('Original', first, { kind: 'original' });
  await add('Ceiling', first, { kind: 'ceiling' });
  for (const [place, { run, step }] of columns.entries()) {
    await add(run.title, place, { kind: 'reconstruction', step: step.step });
  }
  return sounds;
}

type Kind = 'original' | 'ceiling' | 'reconstruction';

async function clipOf(
  row: Row,
  sounds: readonly Heard[],
  scale: { minDb: number; maxDb: number },
): Promise<ReportClip> {
  const reference = sounds[0];
  const title = [row.label, row.speaker].filter((part) => part !== null).join(', ');
  return {
    title: title === '' ? row.recording : title,
    recording: row.recording,
    durationSec: row.durationSec,
    shownSec: Math.max(...sounds.map(({ clip }) => clip.sound.durationSec)),
    sampleRateHz: Math.max(...sounds.map(({ clip }) => clip.sound.sampleRateHz)),
    sounds: await Promise.all(sounds.map((sound) => soundOf(sound, reference?.clip.sound.samples, scale))),
  };
}

async function soundOf(
  { title, clip }: Heard,
  reference: Float32Array | undefined,
  scale: { minDb: number; maxDb: number },
): Promise<ReportSound> {
  const { picture, sound } = clip;
  const levels = rescaled(picture.levels, picture, scale);
  return {
    title,
    note: clip.label,
    wav: encodeWav([sound.samples], sound.sampleRateHz, 'pcm16').bytes,
    png: await palettePng(levels, picture.bins, picture.frames),
    gainDb: reference ? matchingGainDb(sound.samples, reference, sound.sampleRateHz) : 0,
    mse: clip.mse,
  };
}

/** Levels of 0..255 on one scale of dBFS as they are on another. */
export function rescaled(
  levels: Uint8Array,
  from: { minDb: number; maxDb: number },
  to: { minDb: number; maxDb: number },
): Uint8Array {
  if (from.minDb === to.minDb && from.maxDb === to.maxDb) return levels;
  const table = Uint8Array.from({ length: 256 }, (_, level) => {
    const db = from.minDb + (level / 255) * (from.maxDb - from.minDb);
    return Math.round(255 * Math.max(0, Math.min(1, (db - to.minDb) / (to.maxDb - to.minDb))));
  });
  return levels.map((level) => table[level] as number);
}

/**
 * The gain that makes `samples` as loud as `reference`, as the window's transport reckons it, in dB; less where a peak would
 * go over full scale, as the page that plays it has no other headroom.
 */
export function matchingGainDb(samples: Float32Array, reference: Float32Array, sampleRateHz: number): number {
  const shared = Math.min(samples.length, reference.length);
  const { gainDb } = matchLevel([reference.subarray(0, shared)], [samples.subarray(0, shared)], sampleRateHz);
  const highest = peak(samples);
  return highest === 0 ? 0 : Math.min(gainDb, -dbfs(highest));
}
