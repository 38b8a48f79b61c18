import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type {
  RunBitrate,
  RunLatents,
  runsBitrate,
  runsLatents,
} from '../../../src-preload/contract/commands/runs-code.ts';
import { clipSeconds } from '../../dsp/pipeline.ts';
import { type CodeUnit, codeUnitOf } from '../../dsp/representation.ts';
import { errorCode } from '../../files/system-errors.ts';
import { accountBitrate, formatBitrate, pondClaim } from '../../models/bitrate.ts';
import { codeNumbersOf, indexBitsOf, sideNumbersOf } from '../../models/code-size.ts';
import { parseConfig } from '../../models/config.ts';
import { codeBits } from '../../models/parts/code-quantiser.ts';
import { loadPresets } from '../../models/presets.ts';
import { familyById } from '../../models/registry.ts';
import {
  activeAboveNats,
  alarmBelowShare,
  countActive,
  findUnusedCode,
  type UnusedCode,
} from '../../trainer/active-units.ts';
import { findDeadComponents } from '../../trainer/component-usage.ts';
import { readClipIndex } from '../../trainer/clips/files.ts';
import { type LatentsRow, parseLatents } from '../../trainer/latents-log.ts';
import { readMetricsEnd } from '../../trainer/metrics-end.ts';
import type { HostHandler } from '../services.ts';
import { filesOf, type Run } from './runs.ts';

/** The commands that tell of a run's latent code: what its dimensions carry, and what it costs to send. */

/** Rows parsed in one go, a millisecond or two each hundred numbers; other work comes in between. */
const rowsAtOnce = 32;
/** Bits of a sample of plain PCM, for comparison. */
const pcmBits = 16;

export const handleRunsLatents: HostHandler<typeof runsLatents> = async (
  { run: which, sinceStep },
  { services },
) => {
  const run = await services.trainers.resolve(which);
  const all = await readRows(filesOf(run).latents);
  const dimensions = all.at(-1)?.klPerDimension.length ?? null;
  const { family, model: config, features } = parseConfig(run.record.config);
  const components = familyById(family).components?.({ config }) ?? null;
  const rows = all.filter((row) => row.step >= sinceStep);
  const matrix = (of: (row: LatentsRow) => readonly number[] | undefined): Float32Array =>
    Float32Array.from(rows.flatMap((row) => [...(of(row) ?? [])]));
  return {
    run: run.record.id,
    dimensions,
    unit: codeUnitOf(features),
    activeAboveNats,
    alarmBelowShare,
    steps: Float64Array.from(rows, ({ step }) => step),
    epochs: Float64Array.from(rows, ({ epoch }) => epoch),
    activeUnits: Float64Array.from(rows, ({ klPerDimension }) => countActive(klPerDimension)),
    klNats: matrix(({ klPerDimension }) => klPerDimension),
    mean: matrix(({ code }) => code?.mean),
    deviation: matrix(({ code }) => code?.deviation),
    low: matrix(({ code }) => code?.low),
    high: matrix(({ code }) => code?.high),
    missing: dimensions === null ? whyNothing(run) : null,
    collapse: collapseOf(run, all),
    components,
    componentShares: matrix(
      ({ componentShares }) => componentShares ?? new Array<number>(components ?? 0).fill(0),
    ),
    deadComponents: deadComponentsOf(run, all),
  };
};

export const handleRunsBitrate: HostHandler<typeof runsBitrate> = async ({ run: which }, { services }) => {
  const run = await services.trainers.resolve(which);
  const config = parseConfig(run.record.config);
  const codeNumbers = codeNumbersOf(config);
  const { sampleRateHz } = config.features;
  const paddedSec = clipSeconds(config.features);
  const unit = codeUnitOf(config.features);
  const spokenSec = meanSpokenSec(run, paddedSec);
  const pcmBitsPerSecond = pcmBits * sampleRateHz;
  const indexBits = indexBitsOf(config) ?? undefined;
  const widths = indexBits === undefined ? codeBits : [indexBits];
  const paper = loadPresets().find(({ id }) => id === run.record.config.preset)?.paper;
  const { sideNumbers, bitsPerSideNumber } = accountBitrate({
    ...{ codeNumbers: codeNumbers ?? 0, bitsPerCodeNumber: 0, sideNumbers: sideNumbersOf(config) },
    ...{ seconds: paddedSec, secondsMeaning: 'padded' as const },
  });
  const rates = codeNumbers === null ? [] : widths.map((bits) => rateAt(bits, codeNumbers));
  return {
    run: run.record.id,
    codeNumbers,
    unit,
    ...(indexBits === undefined ? {} : { indexBits }),
    sideNumbers,
    bitsPerSideNumber,
    sampleRateHz,
    paddedSec,
    spokenSec,
    pcmBitsPerSecond,
    rates,
    information: await informationOf(run, unit),
    claim: paper?.document === '001' ? claimOf() : null,
    remarks: remarksOf({ codeNumbers, sideNumbers, unit, spokenSec, indexBits }),
  };

  function rateAt(bitsPerNumber: number, numbers: number): RunBitrate['rates'][number] {
    const clip = { codeNumbers: numbers, bitsPerCodeNumber: bitsPerNumber, sideNumbers };
    const padded = accountBitrate({ ...clip, seconds: paddedSec, secondsMeaning: 'padded' });
    return {
      bitsPerNumber,
      bitsPerClip: padded.bitsPerClip,
      bitsPerUnit: padded.bitsPerClip / unit.inClip,
      bitsPerSecond: padded.bitsPerSecond,
      kilobitsPerSecond: padded.kilobitsPerSecond,
      spokenBitsPerSecond:
        spokenSec === null
          ? null
          : accountBitrate({ ...clip, seconds: spokenSec, secondsMeaning: 'spoken' }).bitsPerSecond,
      timesSmaller: pcmBitsPerSecond / padded.bitsPerSecond,
      text: formatBitrate(padded),
    };
  }
};

async function readRows(file: string): Promise<LatentsRow[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
  const lines = text.split('\n');
  const rows = new Map<number, LatentsRow>();
  for (let from = 0; from < lines.length; from += rowsAtOnce) {
    for (const row of parseLatents(lines.slice(from, from + rowsAtOnce).join('\n'))) rows.set(row.step, row);
    await setImmediate();
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}

function whyNothing(run: Run): string {
  const { validation, train } = readMetricsEnd(filesOf(run).metrics);
  const { training } = parseConfig(run.record.config);
  if (!validation) {
    if (run.status.notes.some((note) => note.includes('no validation split')))
      return 'The dataset has no validation split, and only a validation looks at each dimension.';
    const when =
      training.validateEveryEpochs === 1
        ? 'each epoch ends with one'
        : `one comes every ${training.validateEveryEpochs} epochs`;
    return train
      ? `The first validation brings them; ${when}.`
      : `Nothing has been measured yet. Validations bring them; ${when}.`;
  }
  if (validation.values.activeUnits !== undefined)
    return 'The run was trained by a version that kept how many dimensions are active, but not what each carries. Train on for an epoch, and they come.';
  return `Models of the family ${run.record.config.family} do not tell the KL of each latent dimension.`;
}

function collapseOf(run: Run, rows: readonly LatentsRow[]): RunLatents['collapse'] {
  const unused = findUnusedCode(rows);
  const { training } = parseConfig(run.record.config);
  // Without a price on the KL nothing presses a dimension to carry nothing.
  if (!unused || training.beta === 0) return null;
  return {
    severity: unused.activeUnits === 0 ? 'collapsed' : 'mostly-unused',
    ...unused,
    meaning: meaningOf(unused),
    remedies: [
      training.betaWarmupEpochs > 0
        ? `A longer warm-up of beta (now ${training.betaWarmupEpochs} epochs)`
        : 'A warm-up of beta: training.betaWarmupEpochs',
      `A smaller beta (now ${training.beta}), or a larger weight of the reconstruction`,
      training.freeBits > 0
        ? `More free nats for each dimension (now ${training.freeBits})`
        : 'Some nats for each dimension at no cost: training.freeBits, 0.1 for example',
      'Fewer latent dimensions, where the rest is reconstructed well enough',
    ],
  };
}

function deadComponentsOf(run: Run, rows: readonly LatentsRow[]): RunLatents['deadComponents'] {
  const found = findDeadComponents(rows);
  if (!found) return null;
  const { model } = parseConfig(run.record.config);
  const settings = model as Readonly<Record<string, unknown>>;
  const [many, since] = [found.dead.length, `From step ${found.sinceStep} to ${found.step}`];
  return {
    ...found,
    dead: found.dead.map((component) => component + 1),
    meaning: `${since}, ${many} of ${found.components} components of the prior had less than a tenth of an equal share of the clips: what is drawn from ${many === 1 ? 'it' : 'them'} is nothing that was ever decoded.`,
    remedies: [
      settings.learning === 'em'
        ? `Reviving them sooner: a larger model.reviveBelow (now ${String(settings.reviveBelow)}), or a shorter model.memory (now ${String(settings.memory)})`
        : 'Components that follow the codes and are revived: model.learning=em',
      ...(settings.learnWeights === true
        ? ['Equal weights, so that small components do not fade: model.learnWeights=false']
        : []),
      `Fewer components: model.components (now ${found.components})`,
    ],
  };
}

function meaningOf({ activeUnits, dimensions, sinceStep, step }: UnusedCode): string {
  const since = sinceStep === step ? `At step ${step}` : `From step ${sinceStep} to ${step}`;
  if (activeUnits === 0)
    return `${since}, no latent dimension carried more than ${activeAboveNats} nats: the decoder learns nothing from the code, and every clip comes back much the same.`;
  return `${since}, ${activeUnits} of ${dimensions} latent dimensions carried more than ${activeAboveNats} nats: the others are sent, and tell the decoder nothing.`;
}

/** Speech inside the clips that the run decodes, a mean; null where there are none, or all are silent. */
function meanSpokenSec(run: Run, clipSec: number): number | null {
  const clips = readClipIndex(run.folder)?.clips ?? [];
  // What is listened to may be several clips of the model, all of them full.
  const sum = clips.reduce((total, { spokenSec }) => total + Math.min(clipSec, spokenSec), 0);
  return sum > 0 ? sum / clips.length : null;
}

async function informationOf(run: Run, unit: CodeUnit): Promise<RunBitrate['information']> {
  const last = (await readRows(filesOf(run).latents)).at(-1);
  if (!last) return null;
  const { model } = parseConfig(run.record.config);
  const { latentDim = Infinity } = model as { latentDim?: number };
  // What comes after the numbers of a unit is of a whole clip: the one vector that some dynamical models have of a sequence.
  const nats = last.klPerDimension.reduce(
    (sum, one, dimension) => sum + (dimension < latentDim ? unit.inClip : 1) * one,
    0,
  );
  if (!Number.isFinite(nats)) return null;
  const bitsPerClip = nats / Math.LN2;
  const bitsPerUnit = bitsPerClip / unit.inClip;
  return { step: last.step, nats, bitsPerClip, bitsPerUnit, bitsPerSecond: bitsPerUnit / unit.seconds };
}

function claimOf(): RunBitrate['claim'] {
  const { document, statedKilobitsPerSecond, impliedBitsPerNumber, explanation } = pondClaim();
  return { document, statedKilobitsPerSecond, impliedBitsPerNumber, explanation };
}

function remarksOf(code: {
  codeNumbers: number | null;
  sideNumbers: number;
  unit: CodeUnit;
  spokenSec: number | null;
  indexBits: number | undefined;
}): string[] {
  const { codeNumbers, sideNumbers, unit, spokenSec, indexBits } = code;
  if (codeNumbers === null)
    return ['The family of this run has no code of a fixed size, so that none can be priced.'];
  const { name, inClip, seconds } = unit;
  const seen = `${Number((seconds * inClip).toFixed(3))} s of the clip`;
  const spoken =
    spokenSec === null
      ? ''
      : `; over the ${spokenSec.toFixed(2)} s of speech in it (a mean over the validation clips) the same bits are more a second`;
  return [
    ...(sideNumbers === 0
      ? [
          `Counted are the ${codeNumbers / inClip} numbers of each ${name} of ${Number((1000 * seconds).toFixed(3))} ms. The lowest and highest level are sent once a recording, as two 32-bit floats, and are not counted. The decoder itself is taken to be there.`,
        ]
      : [
          `Counted is what a receiver needs for one clip: its code of ${codeNumbers} numbers, and the lowest and highest level of the clip as two 32-bit floats. The decoder itself is taken to be there.`,
          `Divided by the ${seen}, padding and all${spoken}.`,
        ]),
    ...(inClip > 1 && sideNumbers > 0
      ? [`A clip is ${inClip} ${name}s: bits a ${name} are their part of it.`]
      : []),
    ...(indexBits === undefined
      ? [
          'At 32 bits nothing is lost. Below, each number is rounded to one of 2^bits even steps of the range that it spanned in the validation of the checkpoint: what that costs in quality is measured by `reconstruct --bits`, not reckoned.',
          'No entropy coder is counted: an arithmetic coder would make the smaller widths cheaper still.',
        ]
      : [
          'Counted are the bits that name one code of a codebook. `runs code` codes the indices of a split, and counts the bytes.',
        ]),
  ];
}
