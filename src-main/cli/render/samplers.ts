import type { SamplerComparison } from '../../../src-preload/contract/commands/samplers.ts';
import { oneLine, table } from '../layout.ts';
import { significant } from '../numbers.ts';

/** A line a source of sounds. */
export function renderSamplers(output: unknown, columns: number): string[] {
  const { classifier, dataset, sources, file } = output as SamplerComparison;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `The classifier of ${classifier.labels.length} labels was trained on ${classifier.trainedOn} recordings of ${oneLine(dataset.name)}` +
      ` and names ${percent(classifier.testAccuracy)} of ${classifier.testedOn} others rightly.`,
    '',
    ...table(
      [
        { title: 'source' },
        { title: 'clips', align: 'right' },
        { title: 'named rightly', align: 'right' },
        { title: 'confidence', align: 'right' },
        { title: 'of real', align: 'right' },
        { title: 'label entropy', align: 'right' },
        { title: 'labels', align: 'right' },
        { title: 'diversity', align: 'right' },
        { title: 'nearest', align: 'right' },
      ],
      sources.map(({ name, preset, figures }) => [
        oneLine(preset === null ? name : `${name} (${preset})`),
        String(figures.count),
        figures.accuracy === null ? '-' : percent(figures.accuracy),
        percent(figures.confidence),
        percent(figures.confidenceOfReal),
        `${figures.labelEntropyBits.toFixed(2)} bits`,
        String(figures.labels),
        significant(figures.diversity, 3),
        significant(figures.nearestDistance, 3),
      ]),
      columns,
    ),
    '',
    'Named rightly: as what a recording is, or as what a sampler was asked for.',
    'Diversity and nearest (the median distance to the nearest training recording) are distances in the layer before the last.',
    ...(file === null ? [] : ['', `The figures are in ${oneLine(file)}`]),
  ];
}
