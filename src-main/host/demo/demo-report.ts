import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import type { demo } from '../../../src-preload/contract/commands/demo.ts';
import type {
  ReconstructedClip,
  ReconstructOutput,
} from '../../../src-preload/contract/commands/reconstruct.ts';
import type { SampleOutput } from '../../../src-preload/contract/commands/sample.ts';
import type { Dataset } from '../../corpora/recording.ts';
import { clipSeconds, featureShape } from '../../dsp/pipeline.ts';
import { representationOf } from '../../dsp/representation.ts';
import { readNpy } from '../../inference/media.ts';
import { pondClaim } from '../../models/bitrate.ts';
import {
  parameterCount,
  parseConfig,
  sectionSchemas,
  shapeOf,
  type ResolvedConfig,
} from '../../models/config.ts';
import { formatSetting } from '../../models/overrides.ts';
import { presetById } from '../../models/presets.ts';
import { familyById } from '../../models/registry.ts';
import { readMetrics, type MetricsRow } from '../../trainer/metrics-log.ts';
import type { ChosenClips } from './demo.ts';
import type { DemoTrainingResult } from './demo-training.ts';
import type { PageCurve } from '../page/line-chart.ts';
import type { DemoPageData, PageClip, PageCodeWidth, PageSound } from './page/data.ts';
import { filesOf, type Run } from '../runs/runs.ts';

export interface DemoMaterial {
  dataset: Dataset;
  chosen: ChosenClips;
  training: DemoTrainingResult;
  reconstructed: ReconstructOutput;
  drawn: SampleOutput;
  input: z.output<typeof demo.input>;
  next: { command: string; what: string }[];
}

/** Everything that the page shows, from what the demo has written. */
export async function collectPage(material: DemoMaterial): Promise<DemoPageData> {
  const { dataset, chosen, training, reconstructed, drawn, input } = material;
  const { run } = training;
  const config = parseConfig(run.record.config);
  const preset = presetById(config.preset);
  const shape = featureShape(config.features);
  const { sampleRateHz, nFft, hopLength } = config.features;
  const { rangeDb, window } = representationOf(config.features);
  const { rows } = readMetrics(filesOf(run).metrics);
  const clips = await Promise.all(
    reconstructed.clips.map(async (clip, index) => {
      const recording = chosen.clips.find((one) => path.join(dataset.folder, one.id) === clip.source);
      const title = [recording?.label, recording?.speaker].filter(
        (part) => part !== null && part !== undefined,
      );
      return pageClip(
        clip,
        title.length > 0 ? title.join(', ') : `Clip ${index + 1}`,
        shape.bins * shape.frames,
      );
    }),
  );
  const claim = pondClaim();
  const notes = [
    ...training.notes,
    ...reconstructed.failed.map(
      (one) => `${path.basename(one.source)} could not be reconstructed: ${one.message}`,
    ),
  ];
  if (chosen.split !== 'test') {
    notes.push(`The dataset has no test split: the clips below are of the ${chosen.split} split.`);
  }
  const summary = summarise(rows, run, config);
  if (summary.validationKlNats < 0.5 && Number.isFinite(summary.validationKlNats)) {
    notes.push(
      'The posterior has collapsed: the code carries almost nothing, and every reconstruction is much the same.',
    );
  }
  return {
    madeAt: new Date(),
    commandLine: commandLine(input),
    dataset: {
      name: dataset.name,
      folder: dataset.folder,
      synthetic: input.data === undefined,
      recordings: dataset.recordings,
      durationSec: dataset.durationSec,
      speakers: dataset.speakers,
      splits: dataset.splits,
    },
    model: {
      preset: preset.id,
      title: preset.title,
      summary: preset.summary,
      family: familyById(config.family).title,
      paper: preset.paper,
      parameters: parameterCount(config),
      layers: parameterCount(config).layers.map(({ layer, total }) => ({ layer, total })),
      latentDim: Number(config.model.latentDim),
      inputShape: familyById(config.family).inputShape(config.features),
      settings: settingsOf(config),
      differences: config.differences.map((each) => ({
        setting: each.setting,
        preset: formatSetting(each.preset),
        chosen: formatSetting(each.chosen),
      })),
      deviations: preset.deviations,
    },
    pipeline: {
      ...shape,
      ...{ sampleRateHz, nFft, hopLength, window, rangeDb: rangeDb(config.features) },
      durationSec: clipSeconds(config.features),
    },
    training: summary,
    curves: curvesOf(rows),
    clips,
    clipSplit: chosen.split,
    samples: await pageSamples(drawn, shape.bins * shape.frames),
    codeWidths: codeWidthsOf(reconstructed.clips, Number(config.model.latentDim)),
    bitrateText: `${reconstructed.clips[0]?.codeWidths[0]?.padded.text ?? ''}. The two side numbers are the levels that 0 and 1 of the spectrogram stand for. Quantiser: ${reconstructed.codeRange}.`,
    pondClaim: {
      stated: claim.statedKilobitsPerSecond,
      computed: claim.account.kilobitsPerSecond,
      explanation: claim.explanation,
    },
    inversion: `Phase by Griffin-Lim, 32 iterations, seed ${input.seed}.`,
    machine: machineOf(run, reconstructed),
    versions: Object.entries(run.record.environment?.versions ?? {}).map(([name, value]) => ({
      name,
      value,
    })),
    notes,
    engineNotes: run.status.notes,
    next: material.next,
  };
}

async function pageClip(clip: ReconstructedClip, title: string, size: number): Promise<PageClip> {
  const levels = await readNpy(clip.levels);
  const [ceiling] = clip.ceiling;
  const [reconstruction] = clip.reconstruction;
  if (!ceiling || !reconstruction) throw new Error(`no audio of ${clip.source}`);
  const sound = async (index: number, name: string, file: string, note: string): Promise<PageSound> => ({
    title: name,
    note,
    wav: await readFile(file),
    levelsDb: levels.data.slice(index * size, (index + 1) * size).map((level) => level - clip.maxDb),
  });
  return {
    title,
    source: path.basename(clip.source),
    spokenSec: clip.spokenSec,
    error: clip.error,
    ceilingAudioLsdDb: ceiling.error.lsdSpokenFramesDb,
    reconstructionAudioLsdDb: reconstruction.error.lsdSpokenFramesDb,
    klNats: clip.klNats,
    spokenKilobitsPerSecond: clip.codeWidths[0]?.spoken?.kilobitsPerSecond ?? null,
    sounds: [
      await sound(0, 'Original', clip.original, 'As the model is given it: mono, resampled, cut or padded'),
      await sound(
        1,
        'Ceiling',
        ceiling.file,
        `No model: the spectrogram of the original made audible again. ${ceiling.label}`,
      ),
      await sound(
        2,
        'Reconstruction',
        reconstruction.file,
        `Encoded, and decoded from the mean of the code. ${reconstruction.label}`,
      ),
    ],
  };
}

async function pageSamples(drawn: SampleOutput, size: number): Promise<PageSound[]> {
  const levels = await readNpy(drawn.levels);
  return Promise.all(
    drawn.samples.map(async (one, index) => ({
      title: `Sample ${one.index}`,
      note: one.label,
      wav: await readFile(one.audio),
      levelsDb: levels.data.slice(index * size, (index + 1) * size).map((level) => level - drawn.maxDb),
    })),
  );
}

function summarise(rows: readonly MetricsRow[], run: Run, config: ResolvedConfig): DemoPageData['training'] {
  const { status, record } = run;
  const training = rows.filter((row) => row.split === 'train');
  const evaluated = rows.filter((row) => row.split === 'validation');
  const best = (evaluated.length > 0 ? evaluated : training).find((row) => row.step === status.best?.step);
  const { batchSize, seed } = config.training;
  // Segments of an interrupted run each have a clock of their own: only steps of one segment are subtracted.
  const seconds = [...Map.groupBy(rows, (row) => row.segment).values()].reduce((sum, own) => {
    return sum + Math.max(0, (own.at(-1)?.processMs ?? 0) - (own[0]?.processMs ?? 0)) / 1000;
  }, 0);
  return {
    run: record.id,
    runName: record.name,
    epochs: status.epoch,
    steps: status.step,
    batchSize,
    seconds,
    stepsPerSec: seconds > 0 ? status.step / seconds : 0,
    bestEpoch: status.best?.epoch ?? status.epoch,
    validationMse: best?.values.mse ?? NaN,
    validationKlNats: best?.values.kl ?? NaN,
    seed,
  };
}

const CURVES: readonly { key: string; title: string; unit: string }[] = [
  { key: 'total', title: 'Loss', unit: 'weighted reconstruction + KL' },
  { key: 'mse', title: 'MSE', unit: 'of 0 to 1 features' },
  { key: 'kl', title: 'KL', unit: 'nats a clip' },
];

/** Training as the mean of each epoch's steps, validation as measured. */
function curvesOf(rows: readonly MetricsRow[]): PageCurve[] {
  const byEpoch = Map.groupBy(
    rows.filter((row) => row.split === 'train'),
    (row) => row.epoch,
  );
  return CURVES.map(({ key, title, unit }) => ({
    title,
    unit,
    axis: 'epoch',
    series: [
      {
        name: 'training',
        points: [...byEpoch].map(([epoch, own]) => ({
          x: epoch,
          value: own.reduce((sum, row) => sum + (row.values[key] ?? NaN), 0) / own.length,
        })),
      },
      {
        name: 'validation',
        points: rows
          .filter((row) => row.split === 'validation')
          .map((row) => ({ x: row.epoch, value: row.values[key] ?? NaN })),
      },
    ].filter((series) => series.points.length > 0),
  }));
}

function codeWidthsOf(clips: readonly ReconstructedClip[], latentDim: number): PageCodeWidth[] {
  const first = clips[0];
  if (!first) return [];
  return first.codeWidths.map(({ bitsPerCodeNumber }, index) => {
    const widths = clips.flatMap((clip) => clip.codeWidths[index] ?? []);
    const mean = (value: (width: (typeof widths)[number]) => number): number =>
      widths.reduce((sum, width) => sum + value(width), 0) / widths.length;
    const spoken = widths.flatMap((width) => width.spoken ?? []);
    const spokenSec = spoken.reduce((sum, rate) => sum + rate.seconds, 0);
    const spokenBits = spoken.reduce((sum, rate) => sum + rate.bitsPerClip, 0);
    return {
      bits: bitsPerCodeNumber,
      paddedKilobitsPerSecond: mean((width) => width.padded.kilobitsPerSecond),
      spokenKilobitsPerSecond: spokenSec > 0 ? spokenBits / spokenSec / 1000 : null,
      mse: mean((width) => width.error.mse),
      lsdSpokenFramesDb: mean((width) => width.error.lsdSpokenFramesDb),
      clippedShare: mean((width) => width.clippedNumbers) / latentDim,
    };
  });
}

function settingsOf(config: ResolvedConfig): DemoPageData['model']['settings'] {
  const schemas = sectionSchemas(config.family, config.features);
  return (['model', 'training'] as const).flatMap((section) =>
    Object.entries(shapeOf(schemas[section])).map(([key, schema]) => {
      const meta = schema.meta();
      const value = (config[section] as Record<string, unknown>)[key];
      return {
        name: typeof meta?.title === 'string' ? meta.title : key,
        value: formatSetting(value),
        unit: typeof meta?.unit === 'string' ? meta.unit : undefined,
      };
    }),
  );
}

function machineOf(run: Run, reconstructed: ReconstructOutput): DemoPageData['machine'] {
  const { environment } = run.record;
  const gigabytes = (os.totalmem() / 1e9).toFixed(1);
  return [
    {
      name: 'Engine',
      value: `${environment?.backend ?? reconstructed.model.backend}, ${environment?.mode ?? reconstructed.model.mode}`,
    },
    {
      name: 'Device',
      value: environment ? `${environment.deviceName} (${environment.device})` : reconstructed.model.device,
    },
    ...(environment?.threads
      ? [
          {
            name: 'Threads',
            value: `${environment.threads.intraOp} inside an operation; operations at a time: ${environment.threads.interOp}`,
          },
        ]
      : []),
    {
      name: 'Repeatable',
      value: environment?.deterministic ? 'yes, to the last bit' : 'not to the last bit',
    },
    { name: 'Processor', value: `${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${os.cpus().length} threads` },
    { name: 'Memory', value: `${gigabytes} GB` },
    { name: 'System', value: `${os.type()} ${os.release()} ${os.arch()}` },
  ];
}

function commandLine(input: DemoMaterial['input']): string {
  const words = ['npm run demo --'];
  if (input.data !== undefined) words.push(`--data ${input.data}`);
  words.push(`--minutes ${input.minutes}`, `--preset ${input.preset}`, `--seed ${input.seed}`);
  for (const [key, value] of Object.entries(input.set)) words.push(`--set ${key}=${value}`);
  return words.join(' ');
}
