import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type {
  evaluateBaselines,
  evaluateDelete,
  evaluateExport,
  evaluateList,
  evaluateRestore,
  evaluateShow,
  evaluateSound,
} from '../../../src-preload/contract/commands/evaluate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { evaluationChanged, evaluationRemoved } from '../../../src-preload/contract/events/evaluations.ts';
import { baselines } from '../../baselines/registry.ts';
import type { StoredEvaluation } from '../../store/database/evaluations.ts';
import type { HostHandler, Services } from '../services.ts';
import { soundFolder } from './evaluate.ts';
import { soundFile } from './judge-rows.ts';
import { wholeFile } from '../../analyst/segment.ts';
import { aboutSchema, stretchIn } from './stored.ts';
import { type JudgedRow, judgedRows, shownEvaluation, storedTally, summaryOf } from './summary.ts';
import { systemAgain } from './system.ts';
import { rowsCsv, writeEvaluation } from './written.ts';

/** The longest sound that a page is given. */
const mostHeardSec = 120;

export const handleEvaluateList: HostHandler<typeof evaluateList> = async (input, { services }) => {
  const run = input.run === undefined ? null : (await services.trainers.resolve(input.run)).record.id;
  const evaluations = [];
  for (const stored of await services.database.listEvaluations()) {
    if (run !== null && stored.run !== run) continue;
    evaluations.push(summaryOf(stored, await storedTally(stored, services), services));
  }
  return { evaluations };
};

export const handleEvaluateShow: HostHandler<typeof evaluateShow> = async (input, { services }) =>
  shownEvaluation(await findEvaluation(input.evaluation, services), services);

export const handleEvaluateExport: HostHandler<typeof evaluateExport> = async (input, { services }) => {
  const shown = await shownEvaluation(await findEvaluation(input.evaluation, services), services);
  const rows = shown.rows.length;
  if (input.out === undefined) return { rows, files: [], text: rowsCsv(shown) };
  return { rows, files: await writeEvaluation(shown, input.out), text: null };
};

export const handleEvaluateDelete: HostHandler<typeof evaluateDelete> = async (input, { services }) => {
  const { id } = await findEvaluation(input.evaluation, services);
  await services.database.setEvaluationDeleted(id, Date.now());
  services.hub.publish(evaluationRemoved, { evaluation: id });
  return { evaluation: id };
};

export const handleEvaluateRestore: HostHandler<typeof evaluateRestore> = async (input, { services }) => {
  const found = await findEvaluation(input.evaluation, services);
  await services.database.setEvaluationDeleted(found.id, null);
  const evaluation = summaryOf(found, await storedTally(found, services), services);
  services.hub.publish(evaluationChanged, { evaluation });
  return evaluation;
};

export const handleEvaluateBaselines: HostHandler<typeof evaluateBaselines> = () =>
  Promise.resolve({
    baselines: baselines.map(({ name, title, help, example, available }) => {
      return { name, title, help, example, available: available() };
    }),
  });

/**
 * What was judged, to be heard: the original to where it was compared, or what the system made; made anew where it is gone. Both lie
 * where they are in the recording, so that all systems' are heard in time: what a system cut at the beginning is silence.
 */
export const handleEvaluateSound: HostHandler<typeof evaluateSound> = async (input, context) => {
  const { services, signal } = context;
  const found = await findEvaluation(input.evaluation, services);
  const rows = await rowsOf(found.id, services);
  const place = rows.findIndex(({ item }) => item.recording === input.recording);
  const { item, result } = rows[place] ?? {};
  if (!item || !result) {
    const about = { evaluation: found.id.slice(0, 8), recording: input.recording };
    throw new ResynthError('evaluations/recording-unknown', about);
  }
  const { fromSec } = result;
  const original = input.kind === 'original';
  const file = original ? item.path : await soundOf(found, place, item, services, signal);
  const { sampleRateHz, samples } = await services.analysts.run({
    kind: 'hear',
    path: file,
    stretch: original ? stretchIn(item) : wholeFile,
    contentHash: original ? item.contentHash : null,
    rateHz: result.sampleRateHz,
    mostSec: Math.min(mostHeardSec, (original ? fromSec : 0) + (result.judgedSec ?? mostHeardSec)),
  });
  const placed = original ? samples : laterBySilence(samples, Math.floor(fromSec * sampleRateHz));
  const durationSec = placed.length / sampleRateHz;
  return { sampleRateHz, channels: 1, fromSec: 0, durationSec, samples: placed };
};

function laterBySilence(samples: Float32Array, count: number): Float32Array {
  if (count === 0) return samples;
  const placed = new Float32Array(count + samples.length);
  placed.set(samples, count);
  return placed;
}

async function soundOf(
  stored: StoredEvaluation,
  place: number,
  item: JudgedRow['item'],
  services: Services,
  signal: AbortSignal,
): Promise<string> {
  const { system: about, settings } = aboutSchema.parse(stored.about);
  const out = soundFile(soundFolder(services.home, stored.id), place);
  if (about.kind !== 'external' && (await isThere(out))) return out;
  const system = await systemAgain(about, settings.mostSec, services);
  await mkdir(path.dirname(out), { recursive: true });
  const [made] = await system.make([{ item, out }], signal);
  if (made && 'file' in made) return made.file;
  throw new ResynthError('evaluations/no-sound', {
    evaluation: stored.id.slice(0, 8),
    recording: item.recording,
    reason: made ? made.refused.message : 'nothing came of it',
  });
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function rowsOf(id: string, { database }: Pick<Services, 'database'>): Promise<JudgedRow[]> {
  return judgedRows(await database.evaluationRows(id));
}

/** By id or the beginning of it. @throws ResynthError evaluations/not-found, evaluations/ambiguous. */
export async function findEvaluation(
  which: string,
  { database }: Pick<Services, 'database'>,
): Promise<StoredEvaluation> {
  const ids = (await database.evaluationIds()).filter((id) => id.startsWith(which));
  const [id] = ids.includes(which) ? [which] : ids;
  if (id === undefined) throw new ResynthError('evaluations/not-found', { evaluation: which });
  if (ids.length > 1 && id !== which) {
    const candidates = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and more` : ids.join(', ');
    throw new ResynthError('evaluations/ambiguous', { evaluation: which, candidates });
  }
  return database.readEvaluation(id);
}
