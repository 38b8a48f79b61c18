import { runsShow, train } from '../../../src-preload/contract/commands/runs.ts';
import { commandLine } from '../../../src-preload/contract/command-line.ts';
import { pickValue } from '../../../src-preload/contract/comparison/metric-choice.ts';
import { trainInputOf } from '../../../src-preload/contract/comparison/train-input.ts';
import { clipSeconds } from '../../dsp/pipeline.ts';
import { accountBitrate, formatBitrate } from '../../models/bitrate.ts';
import { codeNumbersOf, indexBitsOf, sideNumbersOf } from '../../models/code-size.ts';
import {
  parameterCount,
  parseConfig,
  type ResolvedConfig,
  sections,
  sectionSchemas,
  shapeOf,
} from '../../models/config.ts';
import { formatSetting } from '../../models/overrides.ts';
import { loadPresets } from '../../models/presets.ts';
import { familyById } from '../../models/registry.ts';
import { defaultRoot } from '../../store/home.ts';
import { readClipIndex } from '../../trainer/clips/files.ts';
import { handleRunsShow } from '../runs/runs-commands.ts';
import type { HostContext } from '../services.ts';
import { runCurves } from './curves.ts';
import type { MetricRow, NamedValue, ReportRun } from './data.ts';

const sectionTitles = { model: 'Model', training: 'Training', features: 'Features' };
/** Bits a number of the code that the table of bitrates goes through. */
const codeWidths = [32, 16, 8, 6, 4];

/** Everything that a report tells of a run in words and numbers. @throws ResynthError runs/not-found, runs/ambiguous. */
export async function reportRunOf(which: string, context: HostContext): Promise<ReportRun> {
  const shown = runsShow.output.parse(await handleRunsShow({ run: which }, context));
  const { services } = context;
  const preset = loadPresets().find(({ id }) => id === shown.preset);
  const config = parsedConfig({ ...shown.config, differences: shown.differences });
  const { record } = await services.trainers.resolve(shown.run);
  await services.trainers.takeIn(shown.run);
  const { environment } = record;
  return {
    id: shown.run,
    name: shown.name,
    state: shown.state,
    createdMs: shown.createdMs,
    step: shown.step,
    epoch: shown.epoch,
    epochs: shown.epochs,
    preset: shown.preset,
    presetTitle: preset?.title ?? shown.preset,
    family: config ? familyById(config.family).title : shown.config.family,
    summary: preset?.summary ?? 'This version of Resynth does not have the preset that it was made from.',
    paper: preset?.paper,
    deviations: shown.deviations,
    differences: shown.differences.map(({ setting, preset: before, chosen, derived }) => {
      return { setting, preset: formatSetting(before), chosen: formatSetting(chosen), derived };
    }),
    settings: settingsOf(shown.config, config),
    settingTitles: settingTitlesOf(config),
    parameters: config ? parameterCount(config) : null,
    bitrates: config ? bitratesOf(config, shown.folder) : [],
    metrics: await metricRows(shown.run, context),
    curves: await runCurves(shown.run, context),
    data: [
      { name: 'Dataset', value: shown.source.name },
      { name: 'Folder', value: shown.source.folder },
      { name: 'Hash of data and split', value: shown.source.splitHash },
      { name: 'Seed', value: String(shown.config.training.seed ?? 'not recorded') },
      { name: 'Run', value: shown.run },
      ...(shown.parent
        ? [
            {
              name: 'Forked from',
              value: `${shown.parent.name} (${shown.parent.run}) at step ${shown.parent.step}`,
            },
          ]
        : []),
    ],
    device: environment
      ? [
          { name: 'Engine', value: `${environment.backend}, ${environment.mode}` },
          { name: 'Device', value: `${environment.deviceName} (${environment.device})` },
          {
            name: 'Threads',
            value: environment.threads
              ? `${environment.threads.intraOp} inside an operation, ${environment.threads.interOp} operations at a time`
              : 'as the backend has them',
          },
          {
            name: 'Repeatable',
            value: environment.deterministic ? 'yes, to the last bit' : 'not to the last bit',
          },
        ]
      : [],
    versions: Object.entries(environment?.versions ?? {}).map(([name, value]) => ({ name, value })),
    remarks: [...shown.remarks, ...(shown.reason === null ? [] : [shown.reason])],
    notes: shown.notes,
    tags: shown.tags,
    commands: [
      {
        what: 'Train the same once more',
        command: commandLine(train, trainInputOf(shown), homeOption(context)),
      },
    ],
  };
}

/** The data folder, where a command line does not find it by itself. */
export function homeOption({ services }: HostContext): { home?: string } {
  const { root } = services.home;
  return root === defaultRoot() ? {} : { home: root };
}

/** The configuration as this version reads it; null where it no longer can: then it is shown as it was written. */
function parsedConfig(raw: unknown): ResolvedConfig | null {
  try {
    return parseConfig(raw);
  } catch {
    return null;
  }
}

function settingsOf(
  raw: Record<'model' | 'training' | 'features', Record<string, unknown>>,
  config: ResolvedConfig | null,
): ReportRun['settings'] {
  const schemas = config && sectionSchemas(config.family, config.features);
  return sections.map((section) => {
    const shape = schemas ? shapeOf(schemas[section]) : {};
    const values = Object.entries(raw[section]).map(([key, value]): NamedValue => {
      const meta = shape[key]?.meta();
      return {
        name: typeof meta?.title === 'string' ? meta.title : key,
        value: formatSetting(value),
        ...(typeof meta?.unit === 'string' ? { unit: meta.unit } : {}),
      };
    });
    return { section: sectionTitles[section], values };
  });
}

function settingTitlesOf(config: ResolvedConfig | null): Map<string, string> {
  const schemas = config && sectionSchemas(config.family, config.features);
  if (!schemas) return new Map();
  return new Map(
    sections.flatMap((section) =>
      Object.entries(shapeOf(schemas[section])).flatMap(([key, schema]): [string, string][] => {
        const title = schema.meta()?.title;
        return typeof title === 'string' ? [[`${section}.${key}`, title]] : [];
      }),
    ),
  );
}

/** Numbers times bits by seconds, over the padded clip and over what is spoken of it on average. */
function bitratesOf(config: ResolvedConfig, runFolder: string): NamedValue[] {
  const codeNumbers = codeNumbersOf(config);
  if (codeNumbers === null) return [];
  const clips = clipsOf(runFolder);
  const spokenSec = clips.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, clips.length);
  const indexBits = indexBitsOf(config);
  return (indexBits === null ? codeWidths : [indexBits]).map((bitsPerCodeNumber) => {
    const clip = { codeNumbers, bitsPerCodeNumber, sideNumbers: sideNumbersOf(config) };
    const padded = { ...clip, seconds: clipSeconds(config.features), secondsMeaning: 'padded' as const };
    const spoken =
      spokenSec > 0
        ? `; ${accountBitrate({ ...clip, seconds: spokenSec, secondsMeaning: 'spoken' }).kilobitsPerSecond.toFixed(2)} kb/s over the ${spokenSec.toFixed(2)} s that are spoken on average`
        : '';
    return {
      name: `${bitsPerCodeNumber} bits a number`,
      value: `${formatBitrate(accountBitrate(padded))}${spoken}`,
    };
  });
}

function clipsOf(runFolder: string): number[] {
  try {
    return (readClipIndex(runFolder)?.clips ?? []).map(({ spokenSec }) => spokenSec);
  } catch {
    // A damaged index is told where the clips themselves are missed.
    return [];
  }
}

async function metricRows(run: string, { services }: HostContext): Promise<MetricRow[]> {
  const metrics = await services.database.compareMetrics(run, { atStep: null, untilStep: null });
  return metrics.map(({ split, key, min, max, last }) => {
    const curve = { split, key, min, max, last, at: null };
    return { split, key, min, max, last, best: pickValue(curve, 'best') };
  });
}
