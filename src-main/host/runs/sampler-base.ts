import { parseVersion, versionText } from '../../../src-preload/contract/comparison/versions.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { differencesOf, parseConfig, presetValues, type ResolvedConfig } from '../../models/config.ts';
import { zeroMoments, stepName } from '../../engine/adam-state.ts';
import type { OutputValue } from '../../engine/program.ts';
import { initialValues } from '../../models/parameters.ts';
import { presetById } from '../../models/presets.ts';
import { mostLabels } from '../../models/families/code-prior.ts';
import { familyById } from '../../models/registry.ts';
import { codeOf, type FrozenModel, frozenName } from '../../models/samplers/base.ts';
import { bestStep, checkpointSteps, openCheckpoint, tryRecord } from '../../trainer/checkpoint-store.ts';
import { initialProgress, writeCheckpoint } from '../../trainer/checkpoint.ts';
import type { RunEnvironment, RunRecord } from '../../trainer/run-record.ts';
import { runFiles } from '../../trainer/run-record.ts';
import { filesOf, type NewRun, type Run } from './runs.ts';
import type { Trainers } from './trainers.ts';

/** The run that a sampler is of, held at a checkpoint. */
export interface SamplerBase {
  run: Run;
  frozen: FrozenModel;
  config: ResolvedConfig;
}

/**
 * The base that the settings of a sampler name, found without reading its tensors; null for other families. Without a step it is
 * the best checkpoint of a finished run.
 *
 * @throws ResynthError models/base-*; runs/not-found, runs/ambiguous; runs/checkpoint-missing.
 */
export async function findBase(
  trainers: Pick<Trainers, 'resolve'>,
  config: Pick<ResolvedConfig, 'family' | 'model'>,
): Promise<SamplerBase | null> {
  const { samples } = familyById(config.family);
  if (!samples) return null;
  const named = (config.model as { base: string }).base.trim();
  if (named === '') throw new ResynthError('models/base-needed', { family: config.family });
  const { run: name, step: wanted } = parseVersion(named);
  const run = await trainers.resolve(name);
  const { record, status } = run;
  if (wanted === null && status.state !== 'finished') {
    throw new ResynthError('models/base-unfinished', { run: record.name, state: status.state });
  }
  const folder = filesOf(run).checkpoints;
  const steps = checkpointSteps(folder);
  const step = wanted ?? bestStep(folder, steps);
  const checkpoint = step === undefined || !steps.includes(step) ? null : tryRecord(folder, step);
  if (!checkpoint || step === undefined) {
    const available = steps.length > 0 ? steps.join(', ') : 'none yet';
    throw new ResynthError('runs/checkpoint-missing', { run: record.name, checkpoint: named, available });
  }
  const base = parseConfig(checkpoint.config);
  refuseUnfit(base, record, samples);
  const frozen: FrozenModel = {
    ...{ run: record.id, name: record.name, step, weights: checkpoint.tensors.sha256 },
    ...{ family: base.family, model: base.model },
  };
  return { run, frozen, config: base };
}

function refuseUnfit(base: ResolvedConfig, { name }: RunRecord, samples: 'codes' | 'indices'): void {
  const family = familyById(base.family);
  if (family.samples) throw new ResynthError('models/base-is-sampler', { run: name, family: family.id });
  const code = codeOf(family, { config: base.model, features: base.features });
  if (!code) throw new ResynthError('models/base-no-code', { run: name, family: family.id });
  if (samples === 'indices' && code.kind !== 'discrete') {
    throw new ResynthError('models/base-no-indices', { run: name, family: family.id });
  }
}

/** The settings of a sampler with its base taken in: clips are what the base was trained on, and nothing else can be said of them. */
export function withBase(config: ResolvedConfig, base: SamplerBase): ResolvedConfig {
  const said = config.differences.find(({ setting }) => setting.startsWith('features.'));
  if (said) {
    const { setting } = said;
    throw new ResynthError('models/base-features', { setting, run: base.frozen.name });
  }
  const { frozen } = base;
  const complete = {
    ...config,
    model: { ...config.model, base: versionText({ run: frozen.run, step: frozen.step }), frozen },
    features: base.config.features,
  };
  const chosen = new Set(config.differences.filter(({ derived }) => !derived).map(({ setting }) => setting));
  const preset = presetValues(presetById(config.preset));
  return { ...complete, differences: differencesOf(complete, preset, (setting) => chosen.has(setting)) };
}

/** `config` with the base that it names, where it is that of a sampler. @throws ResynthError as `findBase`. */
export async function completed(
  trainers: Pick<Trainers, 'resolve'>,
  config: ResolvedConfig,
): Promise<ResolvedConfig> {
  const base = await findBase(trainers, config);
  return base ? withBase(config, base) : config;
}

/** A configuration that is ready to be trained, and what its run begins with where that is more than numbers drawn from the seed. */
export interface Trainable {
  config: ResolvedConfig;
  fill?: NewRun['fill'];
  /** Of a sampler its base. */
  parent: RunRecord['parent'];
}

/**
 * What `config` needs before a run can be made of it: of a sampler its base, whose weights the new run begins with as a checkpoint of
 * its own at step 0. The base may then be deleted. `labels` are those of the recordings that it is to be trained on.
 *
 * @throws ResynthError as `findBase`; models/base-changed, runs/checkpoint-*.
 */
export async function trainable(
  trainers: Pick<Trainers, 'resolve'>,
  config: ResolvedConfig,
  labels: () => Promise<readonly string[]> = () => Promise.resolve([]),
): Promise<Trainable> {
  const base = await findBase(trainers, config);
  if (!base) return { config, parent: null };
  const complete = await withLabels(withBase(config, base), labels);
  const { frozen } = base;
  const opened = openCheckpoint(filesOf(base.run).checkpoints, frozen.step);
  if (opened.record.tensors.sha256 !== frozen.weights || opened.passedOver.length > 0) {
    throw new ResynthError('models/base-changed', { run: frozen.name, step: frozen.step });
  }
  const state = initialState(complete, opened.state, frozen);
  const { run, name, step } = frozen;
  return {
    config: complete,
    parent: { run, name, step },
    fill: (folder, record) => writeFirst(folder, record, state, opened.record.environment),
  };
}

/** With the labels that the prior can be asked for, where it is to be told them and there are some to tell apart. */
async function withLabels(
  config: ResolvedConfig,
  labels: () => Promise<readonly string[]>,
): Promise<ResolvedConfig> {
  if (!familyById(config.family).asksForLabels || !config.model.byLabel) return config;
  const known = await labels();
  if (known.length < 2 || known.length > mostLabels) return config;
  return { ...config, model: { ...config.model, labels: known } };
}

/** As the trainer would begin, with the base's numbers in their places. */
function initialState(
  config: ResolvedConfig,
  base: ReadonlyMap<string, OutputValue>,
  { name: run, step }: FrozenModel,
): Map<string, OutputValue> {
  const { family, model, features, training } = config;
  const specs = familyById(family).parameters({ config: model, features });
  const state = new Map<string, OutputValue>();
  for (const spec of specs) {
    const name = frozenName(spec.name);
    const shape = [...spec.shape];
    const found = name === null ? { data: initialValues(spec, training.seed), shape } : base.get(name);
    if (found?.shape.join() !== shape.join()) throw new ResynthError('models/base-changed', { run, step });
    state.set(spec.name, found);
  }
  for (const [name, moment] of zeroMoments(specs.filter(({ trainable }) => trainable)))
    state.set(name, moment);
  return state.set(stepName, { data: new Int32Array(1), shape: [] });
}

function writeFirst(
  folder: string,
  record: RunRecord,
  state: ReadonlyMap<string, OutputValue>,
  environment: RunEnvironment,
): void {
  const { id: run, config, dataset } = record;
  const seed = (config.training as { seed: number }).seed;
  const content = { run, config, dataset, environment, seed, progress: initialProgress, validation: null };
  writeCheckpoint(runFiles(folder).checkpoints, content, state);
}
