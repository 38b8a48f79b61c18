import type { z } from 'zod';
import type { modelsCommand } from '../../../src-preload/contract/commands/models.ts';
import { modelKindWords } from '../../../src-preload/contract/model-kinds.ts';
import { pairs, table, wrap } from '../layout.ts';
import { count, significant } from '../numbers.ts';

type Listing = z.output<typeof modelsCommand.output>['models'][number];

/** A line a preset; a single one in full. */
export function renderModels(output: unknown, columns: number): string[] {
  const { models } = output as z.output<typeof modelsCommand.output>;
  const [only] = models;
  if (only && models.length === 1) return renderOne(only, columns);
  const rows = models.map((model) => [
    model.preset,
    modelKindWords[model.kind].title.toLowerCase(),
    count(model.parameters.total),
    `${model.features.sampleRateHz ?? '-'}`,
    `${model.inputShape.slice(0, 2).join(' x ')}`,
    model.bitrate?.kilobitsPerSecond.toFixed(2) ?? '-',
    model.paper ? `papers/${model.paper.document}` : 'ours',
  ]);
  return [
    ...table(
      [
        { title: 'preset' },
        { title: 'kind', optional: true },
        { title: 'numbers', align: 'right' },
        { title: 'Hz', align: 'right' },
        { title: 'bins x frames', align: 'right' },
        { title: 'kb/s, padded', align: 'right' },
        { title: 'after' },
      ],
      rows,
    ),
    '',
    ...models.flatMap((model) => [
      model.preset,
      ...wrap(model.summary, Math.min(100, columns) - 2).map((line) => `  ${line}`),
    ]),
    '',
    '`models --preset ID` shows one in full, with every setting that `train --set` takes.',
  ];
}

function renderOne(model: Listing, whole: number): string[] {
  const columns = Math.min(110, whole);
  const { parameters, bitrate, paper } = model;
  const indent = (lines: string[]): string[] => lines.map((line) => `  ${line}`);
  return [
    `${model.title} (${model.preset}, family ${model.family})`,
    ...wrap(model.summary, columns),
    ...(paper
      ? wrap(
          `After papers/${paper.document}: ${paper.authors} ${paper.year}, "${paper.title}", ${paper.section ?? ''}`,
          columns,
        )
      : []),
    '',
    ...pairs([
      ['input', `${model.inputShape.join(' x ')} (bins, frames, channels)`],
      [
        'numbers',
        `${count(parameters.total)}: ${count(parameters.trainable)} trained, ${count(parameters.nonTrainable)} running averages`,
      ],
      [
        'bitrate',
        bitrate
          ? `${significant(bitrate.kilobitsPerSecond, 3)} kb/s over ${bitrate.seconds} s ${bitrate.secondsMeaning}: ` +
            `${bitrate.codeNumbers} x ${bitrate.bitsPerCodeNumber} + ${bitrate.sideNumbers} x ${bitrate.bitsPerSideNumber} bits`
          : 'none: it generates each frame from the true frames before it, which a code would have to hold',
      ],
    ]),
    ...(model.dynamical ? ['', ...dynamicalLines(model.dynamical)] : []),
    ...(model.bitrateClaim ? ['', ...wrap(model.bitrateClaim.explanation, columns)] : []),
    '',
    'Layers',
    ...indent(
      table(
        [{ title: 'layer' }, { title: 'numbers', align: 'right' }],
        parameters.layers.map((layer) => [layer.layer, count(layer.total)]),
      ),
    ),
    '',
    'Where it leaves the paper',
    ...model.deviations.flatMap((each) => [
      `  ${each.setting}`,
      ...wrap(`paper: ${each.paper}`, columns - 4).map((line) => `    ${line}`),
      ...wrap(`here:  ${each.ours}`, columns - 4).map((line) => `    ${line}`),
      ...wrap(`why:   ${each.why}`, columns - 4).map((line) => `    ${line}`),
    ]),
    '',
    'Settings, as `train --set` takes them',
    ...indent(
      table(
        [
          { title: 'setting' },
          { title: 'value' },
          { title: 'takes', optional: true },
          { title: 'meaning', optional: true },
        ],
        model.settings.map((each) => [
          each.setting,
          each.value,
          `${each.allowed} ${each.unit ?? ''}`.trim(),
          each.title,
        ]),
        whole - 2,
      ),
    ),
  ];
}

/** The columns of the table of papers/004. */
function dynamicalLines(model: NonNullable<Listing['dynamical']>): string[] {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  return [
    `${model.name} among the dynamical VAEs`,
    ...pairs([
      ['autoregressive', yes(model.autoregressive)],
      ['posterior with the true dependencies', yes(model.truePosterior)],
      ['dynamical model on z', yes(model.dynamicalLatent)],
      ['generation of z', model.generationOfZ],
      ['generation of x', model.generationOfX],
    ]).map((line) => `  ${line}`),
  ];
}
