import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { ensureFeatures, type FeatureRequest } from '../analyst/feature-cache.ts';
import type { FeatureReader } from '../analyst/features.ts';
import { openBackend, type OpenedBackend } from '../engine/backends/open.ts';
import { compileProgram } from '../engine/compile.ts';
import type { Program } from '../engine/program.ts';
import type { ResolvedConfig } from '../models/config.ts';
import { openHome } from '../store/home.ts';
import { readManifest } from '../store/manifest.ts';
import { engineNotes } from './engine-note.ts';
import { buildModelProgram } from './model-program.ts';
import type { ClipRecording } from './clips/recorder.ts';
import type { RunEnvironment, RunRecord } from './run-record.ts';
import type { PreparationContext, SessionFeatures, SessionProgram, SessionSources } from './session.ts';

/** The analyst's features and the engine's programs. */
const nothingToValidate: ReadonlySet<string> = new Set(['dataset/split-empty', 'dataset/split-too-short']);

export const engineSources: SessionSources = { openFeatures, openProgram };

async function openFeatures(
  record: RunRecord,
  config: ResolvedConfig,
  context: PreparationContext,
): Promise<SessionFeatures> {
  const home = openHome(context.home);
  const { dataset } = record;
  const recordings = await readManifest(home, dataset.splitHash);
  const byId = new Map(recordings.map((recording) => [recording.id, recording]));
  const describe = (id: string): ClipRecording | null => byId.get(id) ?? null;
  const open = (split: FeatureRequest['split']): Promise<FeatureReader> =>
    ensureFeatures(
      { dataset, recordings, split, config: config.features, home },
      context.progress,
      context.signal,
    );
  const train = await open('train');
  try {
    return { train, validation: await open('validation'), describe };
  } catch (thrown) {
    // Recordings of the split may be too few, too short or all silent; training does without.
    if (thrown instanceof ResynthError && nothingToValidate.has(thrown.code))
      return { train, validation: null, describe };
    train.close();
    throw thrown;
  }
}

function openProgram(
  record: RunRecord,
  config: ResolvedConfig,
  context: PreparationContext,
): Promise<SessionProgram> {
  return openTrainingProgram(record.engine, config, context.progress);
}

/** The program that trains a configuration, on the engine asked for; null lets the engine choose. Throws engine/*. */
export async function openTrainingProgram(
  { backend, device, threads }: RunRecord['engine'],
  config: ResolvedConfig,
  progress: PreparationContext['progress'],
): Promise<SessionProgram> {
  progress({ stage: 'Opening the engine' });
  const opened = await openBackend({
    backend: backend ?? undefined,
    device: device ?? undefined,
    threads: threads ?? undefined,
  });
  const { definition, model } = buildModelProgram(config, {
    batchSize: config.training.batchSize,
    entries: ['step', 'prepare', 'evaluate', 'reconstruct'],
    clips: config.training.clips,
  });
  const program = compileProgram(definition, {
    onProgress: ({ entry, done, total }) =>
      progress({ stage: 'Compiling the model', done, total, detail: entry }),
  });
  return {
    program,
    environment: environmentOf(opened, program),
    inputShape: model.inputShape,
    ...(model.prepared && { prepared: model.prepared }),
    reconstructs: 'reconstruct' in definition.entries,
    tensors: () => tf.memory().numTensors,
    notes: engineNotes(opened),
  };
}

/** What a resumed run has to have in common with this process to end in the same bits. */
function environmentOf(opened: OpenedBackend, program: Program): RunEnvironment {
  const { kind, device, deviceName, threads, deterministic, versions } = opened;
  const known = Object.entries(versions).filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    backend: kind,
    device,
    deviceName,
    threads: threads ? { intraOp: threads.intraOp, interOp: threads.interOp } : null,
    mode: program.mode,
    deterministic,
    versions: { resynth: resynthVersion(), ...Object.fromEntries(known) },
  };
}

function resynthVersion(): string {
  const file = path.resolve(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
