import type { z } from 'zod';
import type { runsMetrics } from '../../../src-preload/contract/commands/runs-live.ts';
import { greatestRise, riseText } from '../../../src-preload/contract/comparison/validation-rise.ts';
import { oneLine, table } from '../layout.ts';
import { count, significant } from '../numbers.ts';

/** The table itself, to be piped on; where it went into a file, a line about it; else where each curve stands. */
export function renderRunsMetrics(output: unknown, columns: number): string[] {
  const { series, file, text } = output as z.output<typeof runsMetrics.output>;
  if (text !== undefined) return text.trimEnd().split(/\r?\n/);
  if (file !== undefined) return [`The curves are in ${oneLine(file)}`];
  if (series.length === 0) return ['Nothing is measured yet.'];
  const validated = series.find(({ split, key }) => split === 'validation' && key === 'total');
  const rise = validated ? greatestRise(validated.values, validated.epochs) : null;
  const lines = table(
    [
      { title: 'split' },
      { title: 'metric' },
      { title: 'values', align: 'right' },
      { title: 'last step', align: 'right' },
      { title: 'last value', align: 'right' },
    ],
    series.map(({ split, key, steps, values }) => [
      split,
      key,
      count(steps.length),
      count(steps.at(-1) ?? 0),
      significant(values.at(-1) ?? Number.NaN, 5),
    ]),
    columns,
  );
  return rise ? [...lines, '', `The validation loss ${riseText(rise)}.`] : lines;
}
