import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type {
  importCheckpoint,
  importUpload,
  ImportedCheckpoint,
} from '../../../src-preload/contract/commands/import-checkpoint.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { DamagedIni, parseIni } from '../../checkpoints/ini.ts';
import { type CheckpointTensor, readPyTorch } from '../../checkpoints/pytorch.ts';
import type { Dataset } from '../../corpora/recording.ts';
import { featureShape } from '../../dsp/pipeline.ts';
import { stepName, zeroMoments } from '../../engine/adam-state.ts';
import type { OutputValue } from '../../engine/program.ts';
import { systemDetail } from '../../files/system-errors.ts';
import type { ResolvedConfig } from '../../models/config.ts';
import {
  readReferenceConfig,
  type ReferenceConfig,
  ReferenceConfigError,
} from '../../models/dynamical/reference-config.ts';
import { resolveConfig } from '../../models/overrides.ts';
import { type ParameterSpec, sizeOf } from '../../models/parameters.ts';
import { familyById } from '../../models/registry.ts';
import { checkpointFiles, initialProgress, writeCheckpoint } from '../../trainer/checkpoint.ts';
import { type RunEnvironment, runFiles, type RunRecord } from '../../trainer/run-record.ts';
import { initialStatus, writeRunStatus } from '../../trainer/run-status.ts';
import type { HostHandler, Services } from '../services.ts';
import { uploadsOf } from '../uploads/uploads.ts';

/** Of weights that were not trained here. */
const elsewhere: RunEnvironment = {
  backend: 'pytorch',
  device: 'unknown',
  deviceName: 'not recorded in the file',
  threads: null,
  mode: 'eager',
  deterministic: false,
  versions: {},
};

const freshMoments =
  "The file has weights alone: trained further on, Adam's moments begin at zero, as at the start of a training.";

export const handleImportCheckpoint: HostHandler<typeof importCheckpoint> = (
  { file, ...input },
  { services },
) => imported({ ...input, file, fileName: path.basename(file) }, services);

/** The same of files that a page gave: what is refused is told by the names that they have there. */
export const handleImportUpload: HostHandler<typeof importUpload> = async (input, { services }) => {
  const uploads = uploadsOf(services);
  const file = uploads.whole(input.file);
  const config = uploads.whole(input.config);
  try {
    return await imported({ ...input, file: file.file, fileName: file.name, config: config.file }, services);
  } catch (thrown) {
    throw inWords(thrown, new Map([file, config].map((upload) => [upload.file, upload.name])));
  }
};

interface ImportRequest {
  file: string;
  /** As the user knows it: it may say the epoch. */
  fileName: string;
  config: string;
  name?: string | undefined;
  dataset?: string | undefined;
}

/**
 * A PyTorch checkpoint as a run: its configuration as settings of a preset, its tensors checked against the model's by name and
 * shape, and a checkpoint like any other's. Nothing is made before all of it is checked.
 */
async function imported(input: ImportRequest, services: Services): Promise<ImportedCheckpoint> {
  const described = await readDescription(input.config);
  const epoch = epochIn(input.fileName);
  const config = configOf(described, input.config, epoch);
  const tensors = await readPyTorch(input.file);
  const family = familyById(config.family);
  const specs = family.parameters({ config: config.model, features: config.features });
  const state = stateOf(specs, tensors, input);
  const dataset = input.dataset === undefined ? null : await services.database.readDataset(input.dataset);
  const notes = [...described.notes, freshMoments];
  const run = await services.trainers.create({
    config,
    dataset: dataset ?? unknownDataset(described),
    name: input.name,
    nameFrom: config.preset,
    engine: { backend: null, device: null, threads: null },
    parent: null,
    fill(folder, record) {
      const progress = { ...initialProgress, epoch };
      const content = {
        run: record.id,
        config: record.config,
        dataset: record.dataset,
        environment: elsewhere,
        seed: config.training.seed,
        progress,
        validation: null,
      };
      writeCheckpoint(runFiles(folder).checkpoints, content, state);
      const reason = `imported from ${input.fileName}`;
      writeRunStatus(folder, {
        ...initialStatus,
        state: 'finished',
        reason,
        notes,
        epoch,
        epochs: epoch,
        lastCheckpoint: progress.step,
      });
    },
  });
  return {
    run: run.record.id,
    name: run.record.name,
    folder: run.folder,
    preset: config.preset,
    family: config.family,
    parameters: specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    tensors: specs.length,
    checkpoint: checkpointFiles(runFiles(run.folder).checkpoints, initialProgress.step).tensors,
    notes,
  };
}

/** An error about files under the names that `names` has for their paths. */
function inWords(thrown: unknown, names: ReadonlyMap<string, string>): unknown {
  if (!(thrown instanceof ResynthError)) return thrown;
  const params = Object.entries(thrown.params).map(([key, value]) => [
    key,
    names.get(String(value)) ?? value,
  ]);
  return new ResynthError(thrown.code, Object.fromEntries(params) as typeof thrown.params, { cause: thrown });
}

async function readDescription(file: string): Promise<ReferenceConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    const detail = systemDetail(thrown);
    throw new ResynthError('checkpoints/config-unreadable', { file, detail }, { cause: thrown });
  }
  try {
    return readReferenceConfig(parseIni(text));
  } catch (thrown) {
    if (thrown instanceof DamagedIni || thrown instanceof ReferenceConfigError)
      throw new ResynthError(
        'checkpoints/config-invalid',
        { file, detail: thrown.message },
        { cause: thrown },
      );
    throw thrown;
  }
}

/** `epochs` are as many as are behind it: to go on is to extend it. */
function configOf(
  { preset, overrides, bins }: ReferenceConfig,
  file: string,
  epochs: number,
): ResolvedConfig {
  const config = resolveConfig({ preset, overrides: { ...overrides, 'training.epochs': String(epochs) } });
  const found = featureShape(config.features).bins;
  if (found === bins) return config;
  const detail = `[Network] x_dim is ${bins}, but its window gives ${found} bins`;
  throw new ResynthError('checkpoints/config-invalid', { file, detail });
}

/** The weights with what Adam starts from; refused by the name of the first tensor that does not fit. */
function stateOf(
  specs: readonly ParameterSpec[],
  tensors: ReadonlyMap<string, CheckpointTensor>,
  { file, config }: { file: string; config: string },
): Map<string, OutputValue> {
  const refuse = (detail: string): never => {
    throw new ResynthError('checkpoints/mismatch', { file, config, detail });
  };
  const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
  const state = new Map<string, OutputValue>();
  for (const { name, shape } of specs) {
    const found = tensors.get(name);
    if (!found) return refuse(`it has no ${name} ${shown(shape)}`);
    if (shown(found.shape) !== shown(shape))
      refuse(`${name} is ${shown(found.shape)} there and ${shown(shape)} in the model`);
    if (!found.data.every(Number.isFinite)) throw new ResynthError('checkpoints/not-finite', { name, file });
    state.set(name, { data: found.data, shape: [...shape] });
  }
  const wanted = new Set(specs.map(({ name }) => name));
  for (const [name, { shape }] of tensors) {
    if (!wanted.has(name)) refuse(`it has ${name} ${shown(shape)}, which the model does not`);
  }
  for (const [name, moment] of zeroMoments(specs)) state.set(name, moment);
  state.set(stepName, { data: new Int32Array(1), shape: [] });
  return state;
}

/** How long it was trained, where its name says so (RVAE_final_epoch127.pt). */
function epochIn(fileName: string): number {
  const digits = /epoch[-_]?(\d{1,6})/i.exec(fileName)?.[1];
  return Math.max(1, Number(digits ?? 1));
}

/** What it was trained on is known by its name alone. */
function unknownDataset({
  dataset,
}: ReferenceConfig): Pick<Dataset, 'id' | 'name' | 'folder' | 'splitHash'> & RunRecord['dataset'] {
  return { id: '', name: dataset ?? 'unknown', folder: '', splitHash: '' };
}
