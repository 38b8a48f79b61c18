import type { RunCodebooks, runsCode } from '../../../src-preload/contract/commands/runs-codebooks.ts';
import type { MeasuredCodes } from '../../inference/codes/measure-codes.ts';
import { clipSeconds } from '../../dsp/pipeline.ts';
import { parseConfig } from '../../models/config.ts';
import { stageUse } from '../../trainer/code-usage.ts';
import { codedDataset } from '../latent/known-recordings.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import { aboutSchema } from '../evaluation/stored.ts';
import { shownEvaluation } from '../evaluation/summary.ts';
import type { HostHandler, Services } from '../services.ts';
import type { Run } from './runs.ts';

/** Stages of which a smaller share of the codes is chosen raise the alarm. */
const alarmBelowShare = 0.25;

/** What a run's discrete code costs, and which of its codes are used. */
export const handleRunsCode: HostHandler<typeof runsCode> = async (input, context) => {
  const { services } = context;
  const run = await services.trainers.resolve(input.run);
  const measured = await services.inference.request(
    'measureCodes',
    {
      model: referenceTo(run, input.checkpoint),
      ...(await codedDataset(services, run)),
      split: input.split,
    },
    optionsOf(context),
  );
  const secondsPerClip = clipSeconds(parseConfig(run.record.config).features);
  const stages = stagesOf(measured, secondsPerClip);
  const last = stages.at(-1)?.upTo;
  const nominal = (last?.nominalBitsPerSecond ?? 0) * secondsPerClip;
  const coded = (last?.codedBitsPerSecond ?? 0) * secondsPerClip;
  const codecs = await codecsOf(services, run);
  const { used: model, clips, grid, codebookSize, spokenSecPerClip, errorsOf, example } = measured;
  return {
    run: run.record.id,
    ...{ model, split: input.split, clips, grid, codebookSize, secondsPerClip, spokenSecPerClip },
    ...{ nominalBitsPerClip: nominal, codedBitsPerClip: coded, errorsOf, example, stages },
    codecs,
    alarm: alarmOf(run, stages, codebookSize),
    remarks: [
      `${grid.join(' x ')} positions x ${stages.length} stages x log2(${codebookSize}) bits = ${Math.round(nominal)} bits a clip of ${secondsPerClip.toFixed(2)} s; coded ${Math.round(coded)}.`,
      `There are ${spokenSecPerClip.toFixed(2)} s of recording in a clip on average: by them the same bits are ${(secondsPerClip / spokenSecPerClip).toFixed(1)} times as many a second. The levels of a clip, which a receiver needs as well, are not counted.`,
      ...codecRemarks(codecs, { nominal, coded, spokenSecPerClip, dataset: run.record.dataset.name }),
    ],
  };
};

/** The bits of a clip beside those that codecs take for as much recording; how to have one beside it where there is none. */
export function codecRemarks(
  codecs: RunCodebooks['codecs'],
  clip: { nominal: number; coded: number; spokenSecPerClip: number; dataset: string },
): string[] {
  const { nominal, coded, spokenSecPerClip, dataset } = clip;
  if (codecs.length === 0) {
    const command = `evaluate --baseline opus:12 --dataset ${dataset}`;
    return [`No codec has been judged on its dataset yet: \`${command}\` puts one beside it.`];
  }
  return codecs.map(({ name, bitsPerSecond }) => {
    const bits = bitsPerSecond * spokenSecPerClip;
    const times = (ours: number): string => `${(ours / bits).toFixed(ours < bits ? 2 : 1)} times`;
    return `${name} takes ${Math.round(bits)} bits for as much recording as is in a clip: the code takes ${times(nominal)} as many nominally, ${times(coded)} entropy-coded.`;
  });
}

function stagesOf(measured: MeasuredCodes, secondsPerClip: number): RunCodebooks['stages'] {
  const { clips, grid, codebookSize } = measured;
  const seconds = clips * secondsPerClip;
  const positions = grid.reduce((product, extent) => product * extent, 1);
  const nominal = (clips * positions * Math.log2(codebookSize)) / seconds;
  let codedSoFar = 0;
  return measured.stages.map(({ counts, codedBytes, mse }, at) => {
    const coded = (8 * codedBytes) / seconds;
    codedSoFar += coded;
    return {
      stage: at + 1,
      ...stageUse(counts),
      counts: counts.toSorted((a, b) => b - a),
      nominalBitsPerSecond: nominal,
      codedBitsPerSecond: coded,
      upTo: { nominalBitsPerSecond: (at + 1) * nominal, codedBitsPerSecond: codedSoFar, mse },
    };
  });
}

function alarmOf(run: Run, stages: RunCodebooks['stages'], size: number): RunCodebooks['alarm'] {
  const poor = stages.filter(({ used }) => used < alarmBelowShare * size);
  if (poor.length === 0) return null;
  const settings = parseConfig(run.record.config).model as Readonly<Record<string, unknown>>;
  const many = poor.map(({ stage, used }) => `stage ${stage} chose ${used} of ${size} codes`).join(', ');
  return {
    meaning: `${many[0]?.toUpperCase()}${many.slice(1)}: the rest of the codebook is paid for at the nominal rate, and says nothing.`,
    remedies: [
      ...(settings.reviveBelow === 0 ? ['Reviving dead codes: model.reviveBelow=0.03'] : []),
      ...(settings.initialisation === 'k-means'
        ? []
        : ['Codebooks that begin among the vectors they code: model.initialisation=k-means']),
      `A smaller codebook: model.codebookSize (now ${size})`,
      'More steps, where the run was short',
    ],
  };
}

/** Codecs and other baselines evaluated on the run's dataset that send bits, by their mean rate. */
async function codecsOf(services: Services, run: Run): Promise<RunCodebooks['codecs']> {
  const codecs = new Map<string, number>();
  for (const stored of await services.database.listEvaluations()) {
    const { system, selection } = aboutSchema.parse(stored.about);
    if (system.kind !== 'baseline' || selection.dataset?.id !== run.record.dataset.id) continue;
    const { bitsPerSecond } = await shownEvaluation(stored, services);
    if (typeof bitsPerSecond?.mean === 'number')
      codecs.set(`${system.name}, ${system.settings}`, bitsPerSecond.mean);
  }
  return [...codecs].map(([name, bitsPerSecond]) => ({ name, bitsPerSecond }));
}
