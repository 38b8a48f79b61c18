import type { LatentComponents } from '../../../src-preload/contract/commands/components.ts';
import { oneLine, pairs, table } from '../layout.ts';
import { significant } from '../numbers.ts';

/** A line a component: its use, and the classes that most of its clips are of. */
export function renderComponents(output: unknown, columns: number): string[] {
  const {
    model,
    split,
    clips,
    components,
    perplexity,
    mutualInformation,
    purity,
    classes,
    responsibilities,
    by,
    file,
  } = output as LatentComponents;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const mostOf = (component: number): string =>
    classes
      .map(({ name, clips: count }, at) => ({
        name,
        weight: count * (responsibilities[at * components.length + component] ?? 0),
      }))
      .filter(({ weight }) => weight >= 0.5)
      .sort((one, other) => other.weight - one.weight)
      .slice(0, 3)
      .map(({ name, weight }) => `${name} (${Math.round(weight)})`)
      .join(', ');
  return [
    ...pairs([
      ['run', `${oneLine(model.name)}, step ${model.step}`],
      ['clips', `${clips} of the split ${split}`],
      ['components', `${significant(perplexity, 3)} of ${components.length} used (perplexity)`],
      [
        'mutual information',
        mutualInformation === null
          ? 'no classes'
          : `${significant(mutualInformation, 3)} with the ${by}, normalised`,
      ],
      [
        'purity',
        purity === null ? 'no classes' : `${percent(purity)} are of the commonest ${by} of their component`,
      ],
    ]),
    '',
    ...table(
      [
        { title: 'component', align: 'right' },
        { title: 'weight', align: 'right' },
        { title: 'share', align: 'right' },
        { title: 'clips', align: 'right' },
        { title: 'deviation', align: 'right' },
        { title: `most of ${by}` },
      ],
      components.map(({ component, weight, share, clips: own, deviation, dead }, at) => [
        String(component),
        percent(weight),
        percent(share),
        String(own),
        significant(deviation, 3),
        dead ? 'dead' : oneLine(mostOf(at)),
      ]),
      columns,
    ),
    ...(file === null ? [] : ['', `The clips are in ${oneLine(file)}`]),
  ];
}
