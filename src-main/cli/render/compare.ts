import type { z } from 'zod';
import type { runsCompare } from '../../../src-preload/contract/commands/runs-compare.ts';
import { differencesOf } from '../../../src-preload/contract/comparison/differences.ts';
import {
  type MetricPick,
  directionOf,
  pickValue,
} from '../../../src-preload/contract/comparison/metric-choice.ts';
import { versionText } from '../../../src-preload/contract/comparison/versions.ts';
import { oneLine, table, wrap } from '../layout.ts';
import { count, significant } from '../numbers.ts';

/** What differs between runs, a column a run; below it the best and last values of their curves with the steps. */
export function renderRunsCompare(output: unknown, columns: number): string[] {
  const { runs, cautions, missing } = output as z.output<typeof runsCompare.output>;
  const heads = runs.map(({ name, step }) => ({ title: oneLine(versionText({ run: name, step })) }));
  const differences = differencesOf(runs.map(({ facts }) => facts)).map(({ key, values }) => [
    key,
    ...values.map(valueText),
  ]);
  const ids = [...new Set(runs.flatMap(({ metrics }) => metrics.map(({ split, key }) => `${split} ${key}`)))];
  const atStep = runs.some(({ metrics }) => metrics.some(({ at }) => at !== null));
  const picks: MetricPick[] = atStep ? ['best', 'last', 'at'] : ['best', 'last'];
  const metrics = ids.sort().flatMap((id) =>
    // Where neither low nor high is better, there is no best.
    picks
      .filter((pick) => pick !== 'best' || directionOf(id.slice(id.indexOf(' ') + 1)) !== null)
      .map((pick) => [
        `${pick === 'at' ? 'at the step' : pick} ${id}`,
        ...runs.map((run) => {
          const point = pickValue(
            run.metrics.find(({ split, key }) => `${split} ${key}` === id),
            pick,
          );
          return point ? `${significant(point.value)} (step ${count(point.step)})` : '-';
        }),
      ]),
  );
  return [
    ...(differences.length > 0
      ? table([{ title: 'what differs' }, ...heads], differences, columns)
      : ['No setting differs.']),
    ...(metrics.length > 0 ? ['', ...table([{ title: 'metric' }, ...heads], metrics, columns)] : []),
    ...cautions.flatMap(({ text }) => ['', ...wrap(`Caution: ${text}`, columns)]),
    ...(missing.length > 0 ? ['', `Not here: ${missing.map(oneLine).join(', ')}`] : []),
  ];
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return oneLine(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
