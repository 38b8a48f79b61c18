import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { runsClipsExport } from '../../../src-preload/contract/commands/report.ts';
import { runsClip } from '../../../src-preload/contract/commands/runs-live.ts';
import { csvText } from '../../../src-preload/contract/comparison/csv.ts';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { encodeWav } from '../../audio/write-wav.ts';
import { createFolderAtomic, writeFileAtomic } from '../../files/atomic-file.ts';
import { asWriteError } from '../../files/system-errors.ts';
import { handleRunsClip, handleRunsClips } from '../runs/run-clips.ts';
import type { HostContext, HostHandler } from '../services.ts';
import { fileNamePart, stepPart } from '../../../src-preload/contract/file-names.ts';
import { palettePng } from './palette-png.ts';

interface Wanted {
  clip: number;
  kind: 'original' | 'ceiling' | 'reconstruction';
  step: number | null;
}

const columns = ['file', 'picture', 'run', 'id', 'step', 'clip', 'kind', 'recording', 'speaker', 'label'];
const more = ['sampleRateHz', 'durationSec', 'pictureMinDbfs', 'pictureMaxDbfs', 'mse'];

/** Writes clips of a run as WAV and PNG, and clips.csv which says what each file is. The folder appears whole or not at all. */
export const handleRunsClipsExport: HostHandler<typeof runsClipsExport> = async (input, context) => {
  const listed = await handleRunsClips({ run: input.run }, context);
  const { record } = await context.services.trainers.resolve(listed.run);
  const { name } = record;
  const folder = path.resolve(input.out);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new ResynthError('runs/export-exists', { folder });
  }
  const last = listed.steps.at(-1)?.step;
  if (listed.clips.length === 0 || last === undefined)
    throw new ResynthError('runs/clips-none', { run: name });
  for (const clip of input.clips) {
    if (listed.clips[clip]) continue;
    throw new ResynthError('runs/clip-unknown', { run: name, clip, count: listed.clips.length });
  }
  const steps = input.steps.length > 0 ? input.steps : [last];
  const clips = input.clips.length > 0 ? input.clips : listed.clips.map(({ index }) => index);
  const wanted = clips.flatMap((clip): Wanted[] => [
    { clip, kind: 'original', step: null },
    { clip, kind: 'ceiling', step: null },
    ...steps.map((step): Wanted => ({ clip, kind: 'reconstruction', step })),
  ]);
  const files: string[] = [];
  const notes: string[] = [];
  let bytes = 0;
  const made = await createFolderAtomic(folder, async (temporary) => {
    const rows: unknown[][] = [];
    for (const [at, one] of wanted.entries()) {
      context.signal.throwIfAborted();
      context.progress({ stage: 'Writing clips', done: at, total: wanted.length, unit: 'clips' });
      const clip = await madeClip(listed.run, one, notes, context);
      const about = listed.clips[one.clip];
      if (!clip || !about) continue;
      const { sound, picture } = clip;
      const base = nameOf(name, one, about);
      const pieces: [string, Uint8Array][] = [
        [`${base}.wav`, encodeWav([sound.samples], sound.sampleRateHz, 'pcm16').bytes],
        [`${base}.png`, await palettePng(picture.levels, picture.bins, picture.frames)],
      ];
      for (const [file, content] of pieces) {
        await put(path.join(temporary, file), content);
        files.push(file);
        bytes += content.length;
      }
      rows.push([
        ...[`${base}.wav`, `${base}.png`, name, listed.run, one.step, one.clip, one.kind],
        ...[about.recording, about.speaker, about.label],
        ...[sound.sampleRateHz, sound.durationSec, picture.minDb, picture.maxDb, clip.mse],
      ]);
    }
    const table = csvText([...columns, ...more], rows);
    await writeFileAtomic(path.join(temporary, 'clips.csv'), table);
    files.push('clips.csv');
    bytes += Buffer.byteLength(table);
  });
  // Somebody else was quicker.
  if (!made) throw new ResynthError('runs/export-exists', { folder });
  return { run: listed.run, name, folder, files, bytes, notes: [...new Set(notes)] };
};

/** Not flushed one by one: the folder appears when all are there. */
async function put(file: string, content: Uint8Array): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx' });
  } catch (thrown) {
    throw asWriteError(thrown, file);
  }
}

/** One clip; null where its recording cannot be read, which is noted. A step that was not kept is refused by name. */
async function madeClip(run: string, { clip, kind, step }: Wanted, notes: string[], context: HostContext) {
  try {
    const input = { run, clip, kind, sound: true, ...(step === null ? {} : { step }) };
    const { sound, picture, mse } = await handleRunsClip(runsClip.input.parse(input), context);
    return sound && { sound, picture, mse };
  } catch (thrown) {
    const error = asResynthError(thrown);
    if (kind === 'reconstruction' || context.signal.aborted) throw error;
    notes.push(`The ${kind} of clip ${clip} was left out: ${error.message}`);
    return null;
  }
}

/** 'small_step0002000_clip03-seven-theo_reconstruction'. */
function nameOf(
  run: string,
  { clip, kind, step }: Wanted,
  { label, speaker }: { label: string | null; speaker: string | null },
): string {
  const words = [label, speaker].filter((word) => word !== null).map((word) => fileNamePart(word, 'x'));
  const which = [`clip${String(clip).padStart(2, '0')}`, ...words].join('-');
  return [fileNamePart(run), ...(step === null ? [] : [stepPart(step)]), which, kind].join('_');
}
