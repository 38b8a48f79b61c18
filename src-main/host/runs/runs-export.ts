import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { runsExport, runsWeights, WeightsFormat } from '../../../src-preload/contract/commands/runs.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { fileNamePart } from '../../../src-preload/contract/file-names.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { makeFolder } from '../../files/folders.ts';
import { writeNewFileSync } from '../../files/new-file.ts';
import { encodeNpz } from '../../files/npz.ts';
import { asWriteError } from '../../files/system-errors.ts';
import { parseConfig } from '../../models/config.ts';
import { familyById } from '../../models/registry.ts';
import { checkpointFiles } from '../../trainer/checkpoint.ts';
import {
  type CheckpointChoice,
  openCheckpoint,
  type OpenedCheckpoint,
} from '../../trainer/checkpoint-store.ts';
import { readMetrics } from '../../trainer/metrics-log.ts';
import { encodeSafetensors } from '../../trainer/safetensors.ts';
import type { HostHandler } from '../services.ts';
import { metricsCsv } from './runs-commands.ts';
import { filesOf, type Run } from './runs.ts';

/** A window gets them over its line, whose messages are at most 64 MiB. */
const mostSentBytes = 60e6;

/** The commands that copy a model out: all that going on with it takes, or its weights for another program. */

export const handleRunsExport: HostHandler<typeof runsExport> = async (input, { services }) => {
  const run = await services.trainers.resolve(input.run);
  const { id, name } = run.record;
  const out = path.resolve(input.out);
  if (input.format === 'folder') {
    return { run: id, name, folder: out, ...(await exportFolder(run, out, input.checkpoint)) };
  }
  const { step, bytes, notes } = weightsOf(run, input.checkpoint, input.format);
  const folder = path.dirname(out);
  await makeFolder(folder);
  writeNewFileSync(out, bytes);
  return { run: id, name, step, folder, files: [path.basename(out)], notes };
};

export const handleRunsWeights: HostHandler<typeof runsWeights> = async (input, { services }) => {
  const run = await services.trainers.resolve(input.run);
  const { step, bytes, notes } = weightsOf(run, input.checkpoint, input.format);
  if (bytes.length > mostSentBytes) {
    throw new ResynthError('runs/weights-too-large', { sizeMb: Math.round(bytes.length / 1e6) });
  }
  return { fileName: `${fileNamePart(run.record.name)}-${step}.${input.format}`, step, bytes, notes };
};

/** Copies what is needed to go on elsewhere; the checkpoint is checked against its hash first. */
async function exportFolder(run: Run, folder: string, choice: CheckpointChoice) {
  const files = filesOf(run);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new ResynthError('runs/export-exists', { folder });
  const opened = openCheckpoint(files.checkpoints, choice);
  const { step } = opened.record.progress;
  const source = checkpointFiles(files.checkpoints, step);
  const copies: [string, string][] = [
    [source.tensors, 'checkpoint.safetensors'],
    [source.record, 'checkpoint.json'],
    [files.record, 'run.json'],
  ];
  await makeFolder(folder);
  try {
    for (const [from, to] of copies) copyFileSync(from, path.join(folder, to));
  } catch (thrown) {
    throw asWriteError(thrown, folder);
  }
  await writeFileAtomic(path.join(folder, 'metrics.csv'), metricsCsv(readMetrics(files.metrics).rows));
  return { step, files: [...copies.map(([, to]) => to), 'metrics.csv'], notes: notesOf(opened) };
}

/**
 * The arrays of the model and nothing else (no moments of Adam), in the order of its definition, under its own names: for a model
 * of papers/004 those of the published code's state_dict.
 */
function weightsOf(run: Run, choice: CheckpointChoice, format: WeightsFormat) {
  const opened = openCheckpoint(filesOf(run).checkpoints, choice);
  const { record, state } = opened;
  const { step } = record.progress;
  const config = parseConfig(record.config);
  const specs = familyById(config.family).parameters({ config: config.model, features: config.features });
  const weights = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const { name, shape } of specs) {
    const data = state.get(name)?.data;
    if (data instanceof Float32Array) weights.set(name, { shape: [...shape], data });
    else {
      const detail = `it has no array of float32 called ${name}`;
      const { file } = record.tensors;
      throw new ResynthError('runs/checkpoint-mismatch', { file, run: run.record.name, detail });
    }
  }
  // `format: pt` is what Hugging Face's readers ask for.
  const about = { format: 'pt', preset: config.preset, run: run.record.name, step: String(step) };
  const pieces = format === 'npz' ? encodeNpz(weights) : encodeSafetensors(weights, about);
  return { step, bytes: new Uint8Array(Buffer.concat(pieces)), notes: notesOf(opened) };
}

function notesOf({ record, passedOver }: OpenedCheckpoint): string[] {
  return passedOver.map(({ message }) => `${message} The one of step ${record.progress.step} was exported.`);
}
