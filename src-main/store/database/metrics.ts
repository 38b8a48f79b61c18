import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { StoreContext } from './context.ts';
import type {
  ComparedMetric,
  LoggedRow,
  MetricPoint,
  MetricSeries,
  MetricsIngested,
  MetricsStretch,
  MetricSummary,
} from './types.ts';

interface SeriesRow {
  key: number;
  split: string;
  metric: string;
}

/** No run gets so far. */
const anyStep = Number.MAX_SAFE_INTEGER;

type PointRow = [step: number, epoch: number, wallMs: number, processMs: number, value: number | null];

/**
 * Operations on the curves of runs: what metrics.jsonl says, taken in stretch by stretch. The byte that was reached is
 * written in the same transaction as the rows, so a stretch counts once however often it is offered.
 */
export function metricOperations(context: StoreContext) {
  const { db } = context;
  const runOf = db.prepare<[string], { key: number; metricsBytes: number }>(
    'SELECT key, metricsBytes FROM runs WHERE id = ?',
  );
  const seriesOf = db.prepare<[number], SeriesRow>(
    'SELECT key, split, metric FROM series WHERE run = ? ORDER BY split, metric',
  );
  const addSeries = db
    .prepare<[number, string, string], number>(
      'INSERT INTO series (run, split, metric) VALUES (?, ?, ?) RETURNING key',
    )
    .pluck();
  const segmentsOf = db
    .prepare<[number], [number, number]>('SELECT segment, beganStep FROM segments WHERE run = ?')
    .raw();
  const putSegment = db.prepare('INSERT OR REPLACE INTO segments (run, segment, beganStep) VALUES (?, ?, ?)');
  const supersede = db.prepare(
    `DELETE FROM metrics WHERE series IN (SELECT key FROM series WHERE run = ?) AND step > ? AND segment < ?`,
  );
  const put = db.prepare<[number, number, number, number, number, number, number | null]>(
    `INSERT INTO metrics (series, step, segment, epoch, wallMs, processMs, value) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (series, step) DO UPDATE SET segment = excluded.segment, epoch = excluded.epoch,
       wallMs = excluded.wallMs, processMs = excluded.processMs, value = excluded.value
     WHERE excluded.segment >= segment`,
  );
  const setBytes = db.prepare<[number, number]>('UPDATE runs SET metricsBytes = ? WHERE key = ?');
  const points = db
    .prepare<[number, number], PointRow>(
      'SELECT step, epoch, wallMs, processMs, value FROM metrics WHERE series = ? AND step >= ? ORDER BY step',
    )
    .raw();
  const extreme = (direction: 'min' | 'max') =>
    // With a bare minimum or maximum SQLite takes the other columns from the row that has it.
    db.prepare<[number, number], { step: number; epoch: number; value: number | null }>(
      `SELECT step, epoch, ${direction}(value) AS value FROM metrics
       WHERE series = ? AND step <= ? AND value BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308`,
    );
  const lowest = extreme('min');
  const highest = extreme('max');
  const last = db.prepare<[number], { step: number; epoch: number; value: number | null }>(
    'SELECT step, epoch, value FROM metrics WHERE series = ? ORDER BY step DESC LIMIT 1',
  );
  const atOrBefore = db.prepare<[number, number], { step: number; epoch: number; value: number | null }>(
    'SELECT step, epoch, value FROM metrics WHERE series = ? AND step <= ? ORDER BY step DESC LIMIT 1',
  );
  const rowsIn = db
    .prepare<[number, number], number>('SELECT count(*) FROM metrics WHERE series = ? AND step <= ?')
    .pluck();

  const need = (run: string) => {
    const row = runOf.get(run);
    if (!row) throw new ResynthError('runs/not-found', { name: run });
    return row;
  };

  return {
    /** The byte of metrics.jsonl to go on from. @throws ResynthError runs/not-found. */
    metricsPosition: (run: string): number => need(run).metricsBytes,

    /**
     * Takes in a stretch of metrics.jsonl. One that begins beyond what was reached leaves a gap, and one that ends before
     * it brings nothing new: of either nothing is taken, and `next` says where to go on. What overlaps is written again.
     * @throws ResynthError runs/not-found.
     */
    ingestMetrics(run: string, { from, to, rows }: MetricsStretch): MetricsIngested {
      const { key, metricsBytes } = need(run);
      if (from > metricsBytes || to <= metricsBytes) return { next: metricsBytes, superseded: false };
      let superseded = false;
      db.transaction(() => {
        const series = new Map(seriesOf.all(key).map((row) => [`${row.split} ${row.metric}`, row.key]));
        const segments = new Map(segmentsOf.all(key));
        for (const row of rows) {
          if (row.split === 'segment') {
            segments.set(row.segment, row.step);
            putSegment.run(key, row.segment, row.step);
            if (supersede.run(key, row.step, row.segment).changes > 0) superseded = true;
          } else if (row.step <= limitOf(segments, row.segment)) {
            putRow(key, series, row);
          }
        }
        setBytes.run(to, key);
      })();
      context.wrote('little');
      return { next: to, superseded };
    },

    /** Forgets the curves of a run, to take them in again from the first byte. @throws ResynthError runs/not-found. */
    resetMetrics(run: string): void {
      const { key } = need(run);
      db.transaction(() => {
        db.prepare('DELETE FROM series WHERE run = ?').run(key);
        db.prepare('DELETE FROM segments WHERE run = ?').run(key);
        setBytes.run(0, key);
      })();
      context.wrote('little');
    },

    /**
     * The curves of a run from a step on: all of them, or those of the given keys. Curves without a row there are left out.
     * @throws ResynthError runs/not-found.
     */
    readMetrics(run: string, sinceStep: number, keys: readonly string[]): MetricSeries[] {
      const wanted = new Set(keys);
      return seriesOf.all(need(run).key).flatMap((row) => {
        if (wanted.size > 0 && !wanted.has(row.metric)) return [];
        const all = points.all(row.key, sinceStep);
        return all.length === 0 ? [] : [seriesFrom(row, all)];
      });
    },

    /** For each curve its extremes and its last value, with their steps. @throws ResynthError runs/not-found. */
    summariseMetrics(run: string): MetricSummary[] {
      return seriesOf.all(need(run).key).flatMap(({ key, split, metric }) => {
        const end = pointOf(last.get(key), Number.NaN);
        if (!end) return [];
        const [min, max] = [
          pointOf(lowest.get(key, anyStep), null),
          pointOf(highest.get(key, anyStep), null),
        ];
        return [{ split, key: metric, rows: rowsIn.get(key, anyStep) ?? 0, min, max, last: end }];
      });
    },

    /**
     * The same for a table of many runs: none where the run is not known yet. `at` is the last value at or before a step;
     * with `untilStep` all of it is as it was when the run had got there.
     */
    compareMetrics(
      run: string,
      { atStep, untilStep }: { atStep: number | null; untilStep: number | null },
    ): ComparedMetric[] {
      const found = runOf.get(run);
      if (!found) return [];
      const most = untilStep ?? anyStep;
      return seriesOf.all(found.key).map(({ key, split, metric }) => ({
        split,
        key: metric,
        rows: rowsIn.get(key, most) ?? 0,
        min: valueOf(pointOf(lowest.get(key, most), null)),
        max: valueOf(pointOf(highest.get(key, most), null)),
        last: valueOf(pointOf(atOrBefore.get(key, most), Number.NaN)),
        at: atStep === null ? null : valueOf(pointOf(atOrBefore.get(key, atStep), Number.NaN)),
      }));
    },
  };

  function putRow(run: number, series: Map<string, number>, row: LoggedRow): void {
    const { step, segment, epoch, wallMs, processMs, split } = row;
    for (const [metric, value] of Object.entries(row.values)) {
      const name = `${split} ${metric}`;
      let key = series.get(name);
      if (key === undefined) {
        key = Number(addSeries.get(run, split, metric));
        series.set(name, key);
      }
      // SQLite would make NaN into null by itself; said here, because reading relies on it.
      put.run(key, step, segment, epoch, wallMs, processMs, Number.isNaN(value) ? null : value);
    }
  }
}

/** The last step of a segment that counts: where the first of the later ones began. */
function limitOf(segments: ReadonlyMap<number, number>, segment: number): number {
  let limit = Number.POSITIVE_INFINITY;
  for (const [later, began] of segments) if (later > segment) limit = Math.min(limit, began);
  return limit;
}

function seriesFrom({ split, metric }: SeriesRow, rows: readonly PointRow[]): MetricSeries {
  return {
    split,
    key: metric,
    steps: Float64Array.from(rows, ([step]) => step),
    epochs: Float64Array.from(rows, ([, epoch]) => epoch),
    wallMs: Float64Array.from(rows, ([, , wallMs]) => wallMs),
    processMs: Float64Array.from(rows, ([, , , processMs]) => processMs),
    values: Float64Array.from(rows, ([, , , , value]) => value ?? Number.NaN),
  };
}

function valueOf(point: MetricPoint | null): ComparedMetric['last'] {
  return point && { step: point.step, value: point.value };
}

function pointOf(
  row: { step: number | null; epoch: number; value: number | null } | undefined,
  nan: number | null,
): MetricPoint | null {
  if (!row || row.step === null) return null;
  const value = row.value ?? nan;
  return value === null ? null : { step: row.step, epoch: row.epoch, value };
}
