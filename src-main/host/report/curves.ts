import { metricTitle } from '../../../src-preload/contract/comparison/metric-titles.ts';
import type { HostContext } from '../services.ts';
import type { PageCurve } from '../page/line-chart.ts';
import { decimated } from './decimate.ts';

/** Points of a line: more than a chart is wide in pixels could not be seen. */
const mostPoints = 800;
const mostCharts = 12;
/** In this order, before those of a family's own. */
const first = ['total', 'reconstruction', 'mse', 'kl'];
const units: Readonly<Record<string, string>> = {
  total: 'weighted sum',
  mse: 'of 0 to 1 features',
  kl: 'nats a clip',
};

type Series = Awaited<ReturnType<HostContext['services']['database']['readMetrics']>>[number];

/** Every curve of a run, a line a split. */
export async function runCurves(run: string, { services }: HostContext): Promise<PageCurve[]> {
  const series = await services.database.readMetrics(run, 0, []);
  return chartsOf(series, (own) => own.map((one) => ({ name: one.split, series: one })));
}

/** The curves of several runs over each other: validation where a run has it, else training. */
export async function comparedCurves(
  runs: readonly { name: string; id: string }[],
  { services }: HostContext,
): Promise<PageCurve[]> {
  const all: (Series & { run: string })[] = [];
  for (const { id, name } of runs) {
    for (const one of await services.database.readMetrics(id, 0, [])) all.push({ ...one, run: name });
  }
  return chartsOf(all, (own) =>
    runs.flatMap(({ name }) => {
      const mine = own.filter((one) => 'run' in one && one.run === name);
      const series = mine.find(({ split }) => split === 'validation') ?? mine[0];
      return series ? [{ name, series }] : [];
    }),
  );
}

function chartsOf(
  series: readonly Series[],
  linesOf: (own: readonly Series[]) => { name: string; series: Series }[],
): PageCurve[] {
  const keys = [...new Set(series.map(({ key }) => key))].sort((a, b) => place(a) - place(b));
  return keys.slice(0, mostCharts).map((key) => ({
    title: metricTitle(key),
    unit: units[key] ?? '',
    axis: 'step',
    series: linesOf(series.filter((one) => one.key === key)).map(({ name, series: { steps, values } }) => ({
      name,
      points: decimated(steps, values, mostPoints),
    })),
  }));
}

function place(key: string): number {
  const at = first.indexOf(key);
  return at === -1 ? first.length : at;
}
