import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { z } from 'zod';
import type { evaluate, EvaluationSettings } from '../../../src-preload/contract/commands/evaluate.ts';
import { type MetricKey, metricKeys } from '../../../src-preload/contract/commands/metrics.ts';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { evaluationChanged } from '../../../src-preload/contract/events/evaluations.ts';
import { didYouMean } from '../../../src-preload/contract/suggestion.ts';
import { metricsVersion } from '../../metrics/registry.ts';
import { resynthVersion } from '../host-info.ts';
import type { HostContext, HostHandler, Services } from '../services.ts';
import { judgeRows } from './judge-rows.ts';
import { selectItems } from './selection.ts';
import type { EvaluationAbout, EvaluationOutcome, Tally } from './stored.ts';
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
  const settings = settingsOf(input);
  const system = await readySystem(input, services);
  const { selection, items } = await selectItems(input, system.dataset, services);
  const about: EvaluationAbout = {
    system: system.about,
    selection,
    settings,
    versions: { resynth: resynthVersion(), metrics: String(metricsVersion), node: process.version },
  };
  const identity = identityOf(about);
  const known = input.again ? null : await services.database.evaluationOf(identity);
  if (known && underWay(services.hub).has(known.id)) {
    throw new ResynthError('evaluations/under-way', { evaluation: known.id });
  }
  let id = known?.id;
  if (id === undefined) {
    id = randomUUID();
    const { run } = system;
    await services.database.beginEvaluation({ id, identity, createdMs: Date.now(), run, about, items });
  }
  if (known?.state !== 'finished') await goOn(id, system, settings, context);
  const shown = await shownEvaluation(await services.database.readEvaluation(id), services);
  return input.out === undefined ? shown : { ...shown, files: await writeEvaluation(shown, input.out) };
};

async function goOn(
  id: string,
  system: ReadySystem,
  settings: EvaluationSettings,
  context: HostContext,
): Promise<void> {
  const { services, signal } = context;
  const { database, hub, home } = services;
  const tell = async (tally?: Tally): Promise<void> => {
    const stored = await database.readEvaluation(id);
    const shown = tally ?? (await storedTally(stored, services));
    hub.publish(evaluationChanged, { evaluation: summaryOf(stored, shown, services) });
  };
  const end = async (state: 'finished' | 'cancelled' | 'failed', error: EvaluationOutcome['error']) => {
    const tally = tallyOf(await judgedRows(await database.evaluationRows(id)), settings.metrics);
    await database.setEvaluationState(id, state, Date.now(), { error, tally } satisfies EvaluationOutcome);
  };
  try {
    await whileUnderWay(hub, id, async () => {
      await database.setEvaluationState(id, 'running', null, null);
      await tell();
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

function isClosing(signal: AbortSignal): boolean {
  const reason: unknown = signal.reason;
  return reason instanceof ResynthError && reason.code === 'host/closing';
}

/** Where the sounds of an evaluation lie; they may be deleted at any time, and are made anew. */
export function soundFolder({ media }: Services['home'], id: string): string {
  return path.join(media, 'evaluations', id);
}

function settingsOf(input: Input): EvaluationSettings {
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
  return metricKeys.filter((key) => wanted.length === 0 || wanted.includes(key));
}

/** Of all that the figures follow from. Names may change without making it another evaluation. */
function identityOf({ system, selection, settings, versions }: EvaluationAbout): string {
  const { name: _name, ...made } = system;
  const all = { made, itemsHash: selection.itemsHash, settings, metrics: versions['metrics'] };
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
