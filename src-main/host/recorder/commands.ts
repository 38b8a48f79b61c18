import { readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type {
  recordingsCut,
  recordingsPlan,
  recordingsSaveTake,
  recordingsTrim,
} from '../../../src-preload/contract/commands/recorder.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { FoundInFile, Stretch, TakeFacts, TakeForm } from '../../analyst/tasks.ts';
import { makeFolder } from '../../files/folders.ts';
import { asWriteError, errorCode, shownName } from '../../files/system-errors.ts';
import { expandHome } from '../folders/paths.ts';
import type { HostHandler, Services } from '../services.ts';
import { uploadsOf } from '../uploads/uploads.ts';
import { TakeNames } from './take-names.ts';
import { cutWarnings, takeWarnings } from './take-warnings.ts';

/** How takes are made, as commands give it. */
interface TakeSettings {
  thresholdDb?: number | undefined;
  gapSec: number;
  padSec: number;
  levelDb: number | 'off';
  sampleRateHz?: number | undefined;
}

/** Where takes that were redone are put: hidden, so that no dataset counts them. */
const asideFolder = '.replaced';

/**
 * @throws ResynthError recorder/count-differs, recorder/nothing-said, recorder/speaker-name, recorder/prompt-name,
 *   recorder/prompts-alike, files/exists, files/disk-full, files/not-writable, any of `audio/*`.
 */
export const handleRecordingsCut: HostHandler<typeof recordingsCut> = async (input, { services }) => {
  const { prompts, takes, grouped } = input;
  const folder = path.resolve(expandHome(input.out));
  const file = path.resolve(expandHome(input.file));
  const names = new TakeNames(folder, input.speaker, prompts);
  const found = await find(services, { id: input.file, path: file }, input);
  const said = promptsInOrder(prompts, takes, grouped);
  if (found.utterances.length !== said.length) {
    throw new ResynthError('recorder/count-differs', {
      file: input.file,
      found: found.utterances.length,
      expected: said.length,
      prompts: prompts.length,
      takes,
      thresholdDb: Math.round(found.thresholdDb),
      where: placesOf(found),
    });
  }
  const next = new Map<string, number>();
  for (const prompt of prompts) next.set(prompt, 1 + Math.max(-1, ...(await takesIn(names, prompt))));
  const cut = said.map((prompt, at) => {
    const take = next.get(prompt) ?? 0;
    next.set(prompt, take + 1);
    return { prompt, take, file: names.file(prompt, take), ...found.utterances[at]! };
  });
  for (const prompt of prompts) await makeFolder(names.folderOf(prompt));
  const written = await services.analysts.run({
    kind: 'cutTakes',
    id: input.file,
    path: file,
    takes: cut.map(({ from, to, file: target }) => ({ from, to, file: target })),
    ...formOf(input),
  });
  const described = cut.map(({ prompt, take, file: target, from }, at) => {
    return describe(prompt, take, target, from / found.sampleRateHz, written.takes[at]!);
  });
  return {
    folder,
    thresholdDb: found.thresholdDb,
    noiseDb: found.noiseDb,
    takes: described,
    warnings: cutWarnings(found, described),
  };
};

/** @throws ResynthError recorder/speaker-name, recorder/prompt-name, recorder/prompts-alike, files/not-writable. */
export const handleRecordingsPlan: HostHandler<typeof recordingsPlan> = async (input) => {
  const folder = path.resolve(expandHome(input.out));
  const names = new TakeNames(folder, input.speaker, input.prompts);
  const prompts = await Promise.all(
    input.prompts.map(async (prompt) => {
      const there = new Set(await takesIn(names, prompt));
      const takes = Array.from({ length: input.takes }, (_, take) => {
        return { take, file: names.file(prompt, take), recorded: there.has(take) };
      });
      return { prompt, label: names.label(prompt), takes };
    }),
  );
  const all = prompts.flatMap(({ takes }) => takes);
  const recorded = all.filter((take) => take.recorded).length;
  return { folder, recorded, missing: all.length - recorded, prompts, warnings: [] };
};

/** @throws ResynthError uploads/gone, recorder/nothing-said, any of `audio/*`. */
export const handleRecordingsTrim: HostHandler<typeof recordingsTrim> = async (input, { services }) => {
  const { file, name } = uploadsOf(services).whole(input.upload);
  const found = await find(services, { id: name, path: file }, input);
  const stretch = takeIn(found, input.whole);
  const {
    kind: _kind,
    samples,
    sampleRateHz,
    durationSec,
    ...levels
  } = await services.analysts.run({
    kind: 'shapeTake',
    id: name,
    path: file,
    stretch,
    ...formOf(input),
  });
  return {
    recordedSec: found.durationSec,
    fromSec: stretch.from / found.sampleRateHz,
    toSec: stretch.to / found.sampleRateHz,
    thresholdDb: found.thresholdDb,
    noiseDb: found.noiseDb,
    utterances: found.utterances.length,
    ...levels,
    clipped: found.clipped,
    sound: { sampleRateHz, channels: 1, fromSec: 0, durationSec, samples },
    warnings: takeWarnings(found, levels, input.whole),
  };
};

/** @throws ResynthError as `recordings trim`; recorder/take-exists, files/disk-full, files/not-writable. */
export const handleRecordingsSaveTake: HostHandler<typeof recordingsSaveTake> = async (
  input,
  { services },
) => {
  const { prompt, take } = input;
  const upload = uploadsOf(services).whole(input.upload);
  const names = new TakeNames(path.resolve(expandHome(input.out)), input.speaker, input.prompts);
  const target = names.file(prompt, take);
  const source = { id: upload.name, path: upload.file };
  const found = await find(services, source, input);
  const stretch = takeIn(found, input.whole);
  await makeFolder(names.folderOf(prompt));
  const aside = input.redo ? await putAside(target) : null;
  try {
    const { takes } = await services.analysts.run({
      kind: 'cutTakes',
      ...source,
      takes: [{ ...stretch, file: target }],
      ...formOf(input),
    });
    return describe(prompt, take, target, stretch.from / found.sampleRateHz, takes[0]!);
  } catch (thrown) {
    if (aside !== null) await rename(aside, target);
    if (thrown instanceof ResynthError && thrown.code === 'files/exists') {
      throw new ResynthError('recorder/take-exists', { file: shownName(target) }, { cause: thrown });
    }
    throw thrown;
  }
};

type Found = FoundInFile & { thresholdDb: number };

async function find(
  { analysts }: Pick<Services, 'analysts'>,
  source: { id: string; path: string },
  { thresholdDb, gapSec, padSec }: TakeSettings,
): Promise<Found> {
  const found = await analysts.run({
    kind: 'utterances',
    ...source,
    thresholdDb: thresholdDb ?? null,
    gapSec,
    padSec,
  });
  const used = found.thresholdDb;
  if (used === null) {
    const durationSec = Number(found.durationSec.toFixed(1));
    throw new ResynthError('microphone/nothing-heard', { durationSec });
  }
  if (found.utterances.length === 0) {
    const loudestDb = Number(found.loudestDb.toFixed(1));
    const params = { name: shownName(source.id), thresholdDb: Number(used.toFixed(1)), loudestDb };
    throw new ResynthError('recorder/nothing-said', params);
  }
  return { ...found, thresholdDb: used };
}

function formOf({ levelDb, sampleRateHz }: TakeSettings): TakeForm {
  return { levelDb: levelDb === 'off' ? null : levelDb, sampleRateHz: sampleRateHz ?? null };
}

/** The utterance with the most sound in it, not a breath or a chair before it; or all from the first to the last. */
function takeIn({ utterances }: FoundInFile, whole: boolean): Stretch {
  const [first] = utterances;
  const last = utterances.at(-1);
  // `find` refuses what holds none.
  if (!first || !last) throw new Error('there is no utterance');
  if (whole) return { from: first.from, to: last.to };
  return utterances.reduce((most, one) => (one.energy > most.energy ? one : most));
}

function promptsInOrder(prompts: readonly string[], takes: number, grouped: boolean): string[] {
  if (grouped) return prompts.flatMap((prompt) => Array.from({ length: takes }, () => prompt));
  return Array.from({ length: takes }, () => prompts).flat();
}

/** The numbers of the takes that are there. */
async function takesIn(names: TakeNames, prompt: string): Promise<number[]> {
  const folder = names.folderOf(prompt);
  try {
    return (await readdir(folder)).flatMap((name) => names.takeOf(prompt, name) ?? []);
  } catch (thrown) {
    // Nothing was recorded there yet.
    if (errorCode(thrown) === 'ENOENT') return [];
    throw asWriteError(thrown, folder);
  }
}

/** Moves a take out of the way, if it is there; gives where to. */
async function putAside(file: string): Promise<string | null> {
  const { dir, name, ext } = path.parse(file);
  const folder = path.join(dir, asideFolder);
  await makeFolder(folder);
  const aside = path.join(folder, `${name}-${new Date().toISOString().replaceAll(':', '-')}${ext}`);
  try {
    await rename(file, aside);
    return aside;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw asWriteError(thrown, file);
  }
}

function describe(prompt: string, take: number, file: string, fromSec: number, facts: TakeFacts) {
  return { prompt, take, file, fromSec, ...facts };
}

/** '0.41-0.86 s, 1.92-2.40 s, ...' */
function placesOf({ utterances, sampleRateHz }: FoundInFile): string {
  const shown = utterances
    .slice(0, 12)
    .map(({ from, to }) => `${(from / sampleRateHz).toFixed(2)}-${(to / sampleRateHz).toFixed(2)}`);
  const more = utterances.length > shown.length ? `, and ${utterances.length - shown.length} more` : '';
  return shown.length === 0 ? 'no place' : `${shown.join(', ')} s${more}`;
}
