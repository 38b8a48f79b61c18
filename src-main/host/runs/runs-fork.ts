import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Dataset } from '../../corpora/recording.ts';
import {
  differencesOf,
  parseConfig,
  presetValues,
  type ResolvedConfig,
  sections,
} from '../../models/config.ts';
import { resolveConfig } from '../../models/overrides.ts';
import { presetById } from '../../models/presets.ts';
import { familyById } from '../../models/registry.ts';
import { type TrainingProgress, writeCheckpoint } from '../../trainer/checkpoint.ts';
import {
  type CheckpointChoice,
  openCheckpoint,
  type OpenedCheckpoint,
} from '../../trainer/checkpoint-store.ts';
import { runFiles, type RunRecord } from '../../trainer/run-record.ts';
import { filesOf, type NewRun, type Run } from './runs.ts';

export interface ForkRequest {
  checkpoint: CheckpointChoice;
  /** Settings as typed, over those of the parent. */
  overrides: Readonly<Record<string, string>>;
  /** To train after the checkpoint; undefined leaves the parent's number in all. */
  epochs: number | undefined;
  seed: number | undefined;
  name: string | undefined;
  engine: RunRecord['engine'];
}

/**
 * A new run whose first checkpoint is one of `parent`'s, on the dataset as it is now. Settings may change where every
 * shape stays; with another seed, batch size or dataset the epoch under way begins again. The best so far starts anew,
 * since its checkpoint is not the new run's.
 *
 * @throws ResynthError runs/checkpoint-missing; runs/checkpoint-mismatch; runs/finished; models/setting-*.
 */
export async function forkRun(
  trainers: { create(request: NewRun): Promise<Run> },
  parent: Run,
  dataset: Dataset,
  request: ForkRequest,
): Promise<{ run: Run; notes: string[] }> {
  const opened = openCheckpoint(filesOf(parent).checkpoints, request.checkpoint);
  const before = parseConfig(opened.record.config);
  refuseAnotherBase(parent, before, request.overrides);
  const progress = opened.record.progress;
  const overrides = { ...request.overrides };
  if (request.seed !== undefined) overrides['training.seed'] = String(request.seed);
  if (request.epochs !== undefined) overrides['training.epochs'] = String(progress.epoch + request.epochs);
  const config = overridden(before, overrides);
  checkShapes(parent, config, opened);
  if (config.training.epochs <= progress.epoch) {
    throw new ResynthError('runs/fork-done', {
      run: parent.record.name,
      step: progress.step,
      epoch: progress.epoch,
      epochs: config.training.epochs,
    });
  }
  const sameOrder =
    config.training.seed === before.training.seed &&
    config.training.batchSize === before.training.batchSize &&
    dataset.splitHash === opened.record.dataset.splitHash;
  const first: TrainingProgress = {
    ...progress,
    ...(sameOrder ? {} : { stepInEpoch: 0, epochSums: {} }),
    best: null,
    validationsWithoutBetter: 0,
  };
  const run = await trainers.create({
    config,
    dataset,
    name: request.name,
    nameFrom: `${parent.record.name}-fork`,
    engine: request.engine,
    parent: { run: parent.record.id, name: parent.record.name, step: progress.step },
    fill: (folder, record) => {
      const content = {
        run: record.id,
        config: record.config,
        dataset: record.dataset,
        environment: opened.record.environment,
        seed: config.training.seed,
        progress: first,
        validation: null,
      };
      writeCheckpoint(runFiles(folder).checkpoints, content, opened.state);
    },
  });
  return {
    run,
    notes: opened.passedOver.map(({ message }) => `${message} Forked from step ${progress.step}.`),
  };
}

/** The base of a sampler is among its weights, and its clips are those of the base: neither can become another. */
function refuseAnotherBase(
  { record }: Run,
  { family }: ResolvedConfig,
  overrides: Readonly<Record<string, string>>,
): void {
  if (!familyById(family).samples) return;
  const features = Object.keys(resolveConfig({ preset: record.config.preset }).features);
  for (const key of Object.keys(overrides)) {
    const name = key.replace(/^(model|features)\./, '');
    if (name === 'base' || key.startsWith('features.') || features.includes(name))
      throw new ResynthError('models/base-fixed', { setting: key, run: record.name });
  }
}

/** `base` with settings as typed: each is read and checked as for its preset, and all others stay what they were. */
function overridden(base: ResolvedConfig, overrides: Readonly<Record<string, string>>): ResolvedConfig {
  const read = resolveConfig({ preset: base.preset, overrides });
  const merged: ResolvedConfig = {
    ...base,
    model: { ...base.model },
    training: { ...base.training },
    features: { ...base.features },
  };
  for (const key of Object.keys(overrides)) {
    const section =
      sections.find((name) => key.startsWith(`${name}.`)) ?? sections.find((name) => key in read[name]);
    if (!section) continue;
    const name = key.replace(`${section}.`, '');
    (merged[section] as Record<string, unknown>)[name] = (read[section] as Record<string, unknown>)[name];
  }
  const preset = presetValues(presetById(merged.preset));
  const derived = new Set(base.differences.flatMap((one) => (one.derived ? [one.setting] : [])));
  return parseConfig({
    ...merged,
    differences: differencesOf(merged, preset, (setting) => !derived.has(setting)),
  });
}

/** The weights of the checkpoint must be those of the model, by name and shape: told before anything is made. */
function checkShapes(parent: Run, config: ResolvedConfig, { record, state }: OpenedCheckpoint): void {
  const specs = familyById(config.family).parameters({ config: config.model, features: config.features });
  for (const { name, shape } of specs) {
    const found = state.get(name)?.shape.join(', ');
    if (found === shape.join(', ')) continue;
    const detail = `${name} is ${found === undefined ? 'missing' : `[${found}]`} there and [${shape.join(', ')}] in the model`;
    throw new ResynthError('runs/checkpoint-mismatch', {
      file: record.tensors.file,
      run: parent.record.name,
      detail,
    });
  }
}
