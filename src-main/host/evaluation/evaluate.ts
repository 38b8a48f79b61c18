import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { z } from 'zod';
import type {
  evaluate,
  EvaluatedSystem,
  EvaluationSettings,
  Speed,
} from '../../../src-preload/contract/commands/evaluate.ts';
import { isBound, type MetricKey, metricKeys } from '../../../src-preload/contract/commands/metrics.ts';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { evaluationChanged } from '../../../src-preload/contract/events/evaluations.ts';
import { didYouMean } from '../../../src-preload/contract/suggestion.ts';
import { metricsVersion } from '../../metrics/registry.ts';
import { resynthVersion } from '../host-info.ts';
import type { HostContext, HostHandler, Services } from '../services.ts';
import type { StoredEvaluation } from '../../store/database/evaluations.ts';
import { judgeRows, soundFile } from './judge-rows.ts';
import { selectItems } from './selection.ts';
import {
  type EvaluationAbout,
  type EvaluationItem,
  type EvaluationOutcome,
  outcomeSchema,
  type Tally,
} from './stored.ts';
import { judgedRows, shownEvaluation, storedTally, summaryOf, tallyOf } from './summary.ts';
import { type ReadySystem, readySystem } from './system.ts';
import { underWay, whileUnderWay } from './under-way.ts';
import { writeEvaluation } from './written.ts';

type Input = z.output<typeof evaluate.input>;

/**
 * Judges a system on recordings. The same again goes on with what was broken off, and gives what is finished.
 *
 * @throws ResynthError any of `evaluations/*`, `systems/*`, `baselines/*`; what finds the run or the dataset; what concerns
 *   all recordings alike, as a full disk.
 */
export const handleEvaluate: HostHandler<typeof evaluate> = async (input, context) => {
  const { services } = context;
  const id = await judge(input, context);
  const shown = await shownEvaluation(await services.database.readEvaluation(id), services);
  if (input.out === undefined) return shown;
  return { ...shown, files: await writeEvaluation(shown, input.out) };
};

/** What `handleEvaluate` does, without reading what came of it. Gives its id. */
export async function judge(input: Input, context: HostContext): Promise<string> {
  const { database, hub } = context.services;
  const settings = settingsOf(input);
  const system = await readySystem(input, context.services);
  const { selection, items } = await selectItems(input, system.dataset, context.services);
  const about = aboutOf(system, selection, settings);
  const identity = identityOf(about);
  const known = input.again ? null : await database.evaluationOf(identity);
  if (known && underWay(hub).has(known.id)) {
    throw new ResynthError('evaluations/under-way', { evaluation: known.id });
  }
  if (known?.state === 'finished') {
    await timeFinished(known, system, items, context);
    return known.id;
  }
  const id = known?.id ?? randomUUID();
  if (!known) {
    const { run } = system;
    await database.beginEvaluation({ id, identity, createdMs: Date.now(), run, about, items });
  }
  await goOn({ id, system, settings, items }, context);
  return id;
}

/** What is kept of an evaluation that is to be begun. */
export function aboutOf(
  { about }: Pick<ReadySystem, 'about'>,
  selection: EvaluationAbout['selection'],
  settings: EvaluationSettings,
): EvaluationAbout {
  const versions = { resynth: resynthVersion(), metrics: String(metricsVersion), node: process.version };
  return { system: about, selection, settings, versions };
}

interface Going {
  id: string;
  system: ReadySystem;
  settings: EvaluationSettings;
  items: readonly EvaluationItem[];
}

async function goOn({ id, system, settings, items }: Going, context: HostContext): Promise<void> {
  const { services, signal } = context;
  const { database, hub, home } = services;
  const tell = async (tally?: Tally): Promise<void> => {
    const stored = await database.readEvaluation(id);
    const shown = tally ?? (await storedTally(stored, services));
    hub.publish(evaluationChanged, { evaluation: summaryOf(stored, shown, services) });
  };
  const end = async (state: 'finished' | 'cancelled' | 'failed', error: EvaluationOutcome['error']) => {
    const tally = tallyOf(await judgedRows(await database.evaluationRows(id)), settings.metrics);
    const outcome: EvaluationOutcome = { error, tally, speed };
    await database.setEvaluationState(id, state, Date.now(), outcome);
  };
  let speed: Speed | null = null;
  try {
    await whileUnderWay(hub, id, async () => {
      await database.setEvaluationState(id, 'running', null, null);
      await tell();
      speed = await timeSystem(id, system, items, context);
      const folder = soundFolder(home, id);
      await judgeRows({ id, system, settings, folder, context, told: tell });
    });
    await end('finished', null);
  } catch (thrown) {
    // The host goes: it is broken off rather than taken back, and goes on when it is asked for again.
    if (isClosing(signal)) throw thrown;
    const { code, message, remedy } = asResynthError(thrown);
    const cancelled = signal.aborted || code === 'internal/cancelled';
    await end(cancelled ? 'cancelled' : 'failed', cancelled ? null : { code, message, remedy });
    throw thrown;
  } finally {
    if (!isClosing(signal)) await tell();
  }
}

/** Times a system where it is a model, on recordings from all over the list, before anything is judged. */
async function timeSystem(
  id: string,
  system: ReadySystem,
  items: readonly EvaluationItem[],
  { services, signal, progress }: HostContext,
): Promise<Speed | null> {
  if (!system.time) return null;
  progress({ stage: 'Timing the model' });
  const folder = soundFolder(services.home, id);
  const count = Math.min(system.batch, items.length);
  const places = Array.from({ length: count }, (_, at) => Math.floor((at * items.length) / count));
  const batch = places.map((place) => ({ item: items[place]!, out: soundFile(folder, place) }));
  return system.time(batch, signal);
}

/** Times the system of an evaluation that is finished, where that was not done. */
export async function timeFinished(
  stored: StoredEvaluation,
  system: ReadySystem,
  items: readonly EvaluationItem[],
  context: HostContext,
): Promise<void> {
  const { services } = context;
  const outcome = outcomeSchema.parse(stored.outcome);
  if (outcome.speed || !system.time) return;
  const speed = await whileUnderWay(services.hub, stored.id, () =>
    timeSystem(stored.id, system, items, context),
  );
  const timedOutcome: EvaluationOutcome = { ...outcome, speed };
  await services.database.setEvaluationState(stored.id, stored.state, stored.endedMs, timedOutcome);
  const evaluation = summaryOf({ ...stored, outcome: timedOutcome }, outcome.tally, services);
  services.hub.publish(evaluationChanged, { evaluation });
}

function isClosing(signal: AbortSignal): boolean {
  const reason: unknown = signal.reason;
  return reason instanceof ResynthError && reason.code === 'host/closing';
}

/** Where the sounds of an evaluation lie; they may be deleted at any time, and are made anew. */
export function soundFolder({ media }: Services['home'], id: string): string {
  return path.join(media, 'evaluations', id);
}

/** @throws ResynthError evaluations/unknown-metric. */
export function settingsOf(input: Omit<Input, 'files'>): EvaluationSettings {
  const { rate, align, trim, matchGain, seconds } = input;
  return {
    metrics: metricsOf(input.metrics),
    rateHz: rate === 'own' ? null : rate,
    align,
    trim,
    matchGain,
    mostSec: seconds ?? null,
  };
}

function metricsOf(given: readonly string[]): MetricKey[] {
  const wanted = given
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '');
  for (const metric of wanted) {
    if ((metricKeys as readonly string[]).includes(metric)) continue;
    const suggestion = didYouMean(metric, metricKeys);
    throw new ResynthError('evaluations/unknown-metric', { metric, suggestion });
  }
  // Bounds take some time: whoever wants them names them.
  return metricKeys.filter((key) => (wanted.length === 0 ? !isBound(key) : wanted.includes(key)));
}

/** Of all that the figures follow from. Names may change without making it another evaluation. */
function identityOf({ system, selection, settings, versions }: EvaluationAbout): string {
  const all = {
    made: madeBy(system),
    itemsHash: selection.itemsHash,
    settings,
    metrics: versions['metrics'],
  };
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

/** A system without its names, which may change and leave it the same. */
export function madeBy({ name: _name, ...made }: EvaluatedSystem): Omit<EvaluatedSystem, 'name'> {
  return made;
}
