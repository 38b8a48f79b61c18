import path from 'node:path';
import type { EvaluationSettings } from '../../../src-preload/contract/commands/evaluate.ts';
import { type BoundKey, isBound, type MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import type { HostContext } from '../services.ts';
import { type EvaluationItem, type EvaluationResult, failedResult, stretchIn, type Tally } from './stored.ts';
import { judgedRows } from './summary.ts';
import { type MadeSound, type ReadySystem, refusedAlone } from './system.ts';

interface Judging {
  id: string;
  system: ReadySystem;
  settings: EvaluationSettings;
  /** Where sounds that are made lie. */
  folder: string;
  context: HostContext;
  /** Called every now and then after rows were kept. */
  told: (tally: Tally) => Promise<void>;
}

interface Pending {
  place: number;
  item: EvaluationItem;
}

const stage = 'Judging recordings';
/** Rows are kept at least so often. */
const keepEveryMs = 300;
const tellEveryMs = 1500;

/** The sound of a row, where the system makes one. */
export function soundFile(folder: string, place: number): string {
  return path.join(folder, `${String(place).padStart(6, '0')}.wav`);
}

/**
 * Judges the rows that are not judged yet: while the system makes the next sounds, the analysts measure the last ones on
 * all cores. Rows are kept as they come.
 *
 * @throws what concerns all rows alike; internal/cancelled.
 */
export async function judgeRows({ id, system, settings, folder, context, told }: Judging): Promise<void> {
  const { services, signal, progress } = context;
  const { database, analysts } = services;
  const stored = await judgedRows(await database.evaluationRows(id));
  const pending: Pending[] = stored.flatMap(({ item, result }, place) => (result ? [] : [{ place, item }]));
  const total = stored.length;
  const sums = new RunningTally(settings.metrics);
  const wanted = { bounds: settings.metrics.some(isBound) };
  for (const { result } of stored) if (result) sums.add(result);
  let done = total - pending.length;
  progress({ stage, done, total, unit: 'files' });

  let waiting: { place: number; result: EvaluationResult }[] = [];
  let [keptMs, toldMs] = [performance.now(), performance.now()];
  const keep = async (): Promise<void> => {
    const results = waiting;
    waiting = [];
    keptMs = performance.now();
    if (results.length > 0) await database.keepEvaluationRows(id, results);
  };
  const take = async (place: number, result: EvaluationResult): Promise<void> => {
    waiting.push({ place, result });
    sums.add(result);
    progress({ stage, done: ++done, total, unit: 'files' });
    if (performance.now() - keptMs >= keepEveryMs) await keep();
    if (performance.now() - toldMs >= tellEveryMs) {
      toldMs = performance.now();
      await told(sums.tally);
    }
  };

  let failure: { thrown: unknown } | null = null;
  const measuring = new Set<Promise<void>>();
  const begin = (one: Pending, made: MadeSound): void => {
    const task = measured(one, made, settings, context)
      .then((result) => take(one.place, result))
      .catch((thrown: unknown) => {
        failure ??= { thrown };
      })
      .finally(() => measuring.delete(task));
    measuring.add(task);
  };
  try {
    for (let from = 0; from < pending.length; from += system.batch) {
      if (failure) break;
      signal.throwIfAborted();
      const batch = pending.slice(from, from + system.batch);
      const made = await system.make(
        batch.map(({ place, item }) => ({ item, out: soundFile(folder, place) })),
        signal,
        wanted,
      );
      for (const [at, one] of batch.entries()) {
        const sound = made[at];
        if (!sound) throw new Error(`The system gave no sound of ${one.item.recording}.`);
        begin(one, sound);
      }
      while (measuring.size > 2 * analysts.appetite && !failure) await Promise.race(measuring);
    }
  } finally {
    await Promise.all(measuring);
    await keep();
  }
  if (failure) throw (failure as { thrown: unknown }).thrown;
}

async function measured(
  { item }: Pending,
  made: MadeSound,
  { metrics, rateHz, mostSec, align, trim, matchGain }: EvaluationSettings,
  { services, signal }: HostContext,
): Promise<EvaluationResult> {
  if ('refused' in made) return failed(made.refused);
  try {
    signal.throwIfAborted();
    const { values, reasons, ...facts } = await services.analysts.run({
      kind: 'measure',
      reference: item.path,
      stretch: stretchIn(item),
      degraded: made.file,
      fromSec: made.fromSec ?? 0,
      contentHash: item.contentHash,
      metrics,
      rateHz: rateHz ?? 'own',
      mostSec: shortest(mostSec, made.seconds),
      align,
      trim,
      matchGain,
    });
    const { judgedSec } = facts;
    const bounds = boundFigures(made, metrics);
    const codedSec = made.seconds ?? judgedSec;
    return {
      figures: { ...values, ...bounds.figures },
      reasons: { ...reasons, ...bounds.reasons },
      lagSamples: facts.lagSamples,
      driftPpm: facts.driftPpm,
      gainDb: facts.gainDb,
      judgedSec,
      sampleRateHz: facts.sampleRateHz,
      bitsPerSecond: made.codedBits !== null && codedSec ? made.codedBits / codedSec : null,
      warnings: [...made.warnings, ...facts.warnings],
      failed: null,
      fromSec: made.fromSec ?? 0,
      codeNumbers: made.codeNumbers,
      code: made.code,
    };
  } catch (thrown) {
    signal.throwIfAborted();
    return failed(refusedAlone(thrown).refused);
  }
}

/** The bounds among the metrics that are wanted: as the system gave them, or why there are none. */
function boundFigures(
  made: Extract<MadeSound, { file: string }>,
  metrics: readonly MetricKey[],
): Pick<EvaluationResult, 'figures' | 'reasons'> {
  const keys = metrics.filter(isBound);
  const given = (key: BoundKey): number | null => {
    const value = made.bounds?.[key];
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const reason = made.bounds
    ? 'the bound is not finite'
    : 'only runs whose decoder is a distribution have a likelihood';
  return {
    figures: Object.fromEntries(keys.map((key) => [key, given(key)])),
    reasons: Object.fromEntries(keys.filter((key) => given(key) === null).map((key) => [key, reason])),
  };
}

function failed(error: { code: string; message: string; remedy: string }): EvaluationResult {
  const { code, message, remedy } = error;
  return failedResult({ code, message, remedy });
}

function shortest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

/** Counts and means that grow with every row, so that telling of them costs nothing. */
class RunningTally {
  readonly #sums: Map<MetricKey, { sum: number; n: number }>;
  #done = 0;
  #failed = 0;

  constructor(metrics: readonly MetricKey[]) {
    this.#sums = new Map(metrics.map((key) => [key, { sum: 0, n: 0 }]));
  }

  add({ figures, failed: refused }: EvaluationResult): void {
    this.#done++;
    if (refused) this.#failed++;
    for (const [key, one] of this.#sums) {
      const value = figures[key];
      if (typeof value !== 'number') continue;
      one.sum += value;
      one.n++;
    }
  }

  get tally(): Tally {
    const means = [...this.#sums].map(([key, { sum, n }]) => [key, n === 0 ? null : sum / n] as const);
    return { done: this.#done, failed: this.#failed, means: Object.fromEntries(means) };
  }
}
