import type { DatasetAnalysis } from '../../../src-preload/contract/commands/datasets-analysis.ts';
import { oneLine, table } from '../layout.ts';
import { significant } from '../numbers.ts';

type Measure = DatasetAnalysis['measures'][number];
type Box = NonNullable<Measure['all']>;

/** Quartiles of every measure, over all and by group, and the recordings that stand out with the reason of each. */
export function renderAnalysis(output: unknown, columns: number): string[] {
  const { recordings, rule, measures, outliers } = output as DatasetAnalysis;
  const lines = [`${recordings} recordings in the splits that hold sound`];
  for (const measure of measures) {
    const groups: [string, Box][] = [
      ...(measure.all ? [['all', measure.all] as [string, Box]] : []),
      ...measure.labels.map((box): [string, Box] => [`label ${oneLine(box.value ?? '-')}`, box]),
      ...measure.speakers.map((box): [string, Box] => [`speaker ${oneLine(box.value ?? '-')}`, box]),
    ];
    lines.push('', `${measure.title}, ${measure.unit}`, ...boxTable(groups, columns));
  }
  lines.push('', rule);
  if (outliers.total === 0) return [...lines, 'None stands out.'];
  const listed = outliers.rows.map(({ id, because }) => [
    oneLine(id),
    because
      .map(({ measure, side }) => `${measures.find(({ key }) => key === measure)?.title ?? measure}: ${side}`)
      .join(', '),
  ]);
  lines.push(
    '',
    ...table([{ title: `${outliers.total} stand out` }, { title: 'because of' }], listed, columns),
  );
  if (outliers.total > listed.length) lines.push(`and ${outliers.total - listed.length} more (--limit)`);
  return lines;
}

function boxTable(groups: readonly [string, Box][], columns: number): string[] {
  const numbers = ['min', 'lowQuartile', 'median', 'highQuartile', 'max'] as const;
  const titles = ['least', 'quartile', 'median', 'quartile', 'most'];
  return table(
    [
      { title: '' },
      { title: 'recordings', align: 'right' },
      ...titles.map((title) => ({ title, align: 'right' as const })),
    ],
    groups.map(([name, box]) => [
      name,
      String(box.count),
      ...numbers.map((number) => significant(box[number], 4)),
    ]),
    columns,
  );
}
