import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { boundDraws, type BoundKey } from '../../../src-preload/contract/commands/metrics.ts';
import type { evaluate, EvaluatedSystem, Speed } from '../../../src-preload/contract/commands/evaluate.ts';
import { ResynthError, type SerialisedError } from '../../../src-preload/contract/errors/error.ts';
import { namedBaseline, readyBaseline } from '../../baselines/registry.ts';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import { codeChoicesOf } from '../../models/code-choices.ts';
import { parseConfig } from '../../models/config.ts';
import type { SoundsResult } from '../../inference/reconstruct-sounds.ts';
import { bestStep, checkpointSteps, tryRecord } from '../../trainer/checkpoint-store.ts';
import { runFiles } from '../../trainer/run-record.ts';
import { referenceTo } from '../reconstruct.ts';
import type { Services } from '../services.ts';
import { findSystem, systemMatches } from './external.ts';
import { timed } from './speed.ts';
import { type EvaluationItem, stretchIn } from './stored.ts';

/** A sound that was made of a recording. */
export type MadeSound =
  | {
      file: string;
      /** Where in the recording it begins; 0 if left out. */
      fromSec?: number;
      /** Of the recording that it covers; null for all. */
      seconds: number | null;
      codedBits: number | null;
      codeNumbers: number | null;
      code: number[] | null;
      /** Where they were asked for, and the system can tell. */
      bounds?: Record<BoundKey, number>;
      warnings: string[];
    }
  | { refused: SerialisedError };

/** One recording, and where its sound is to lie. */
export interface ToMake {
  item: EvaluationItem;
  out: string;
}

/** What is judged, with the way to its sounds. */
export interface ReadySystem {
  about: EvaluatedSystem;
  /** Id of the run that is judged, where one is. */
  run: string | null;
  /** Dataset that it is judged on where none is named. */
  dataset: string | null;
  /** How many recordings `make` is best given at once. */
  batch: number;
  /** Sounds of recordings in their order, with bounds of their likelihood where these are wanted. Throws only what concerns all of them. */
  make(batch: readonly ToMake[], signal: AbortSignal, wanted?: { bounds: boolean }): Promise<MadeSound[]>;
  /** Times it on some recordings, where it is a model; null where it could make none of them. Throws as `make` does. */
  time?(batch: readonly ToMake[], signal: AbortSignal): Promise<Speed | null>;
}

type Input = z.output<typeof evaluate.input>;

/**
 * The system that an input means.
 *
 * @throws ResynthError evaluations/one-system, evaluations/checkpoint-damaged; runs/not-found, runs/checkpoint-missing;
 *   systems/not-found; baselines/unknown, baselines/bad-setting, baselines/codec-missing.
 */
export function readySystem(input: Input, services: Services): Promise<ReadySystem> {
  const given = [
    input.run === undefined ? null : '--run',
    input.baseline === undefined ? null : '--baseline',
    input.system === undefined ? null : '--system',
  ].filter((one) => one !== null);
  if (given.length !== 1) {
    const words = given.length === 0 ? 'none was given' : `${given.join(' and ')} were given`;
    throw new ResynthError('evaluations/one-system', { given: words });
  }
  if (input.baseline !== undefined) return baselineSystem(input.baseline, input.seconds ?? null, services);
  if (input.system !== undefined) return externalSystem(input.system, services);
  return runSystem(input.run ?? '', input, services);
}

/** The system of an evaluation that is kept, to make a sound of it anew. */
export function systemAgain(
  about: EvaluatedSystem,
  mostSec: number | null,
  services: Services,
): Promise<ReadySystem> {
  switch (about.kind) {
    case 'run': {
      const { run, step, bitsPerCodeNumber: bits, latent = 'mean', feedback = 'recording' } = about;
      const { iterations, seed } = about;
      const made = { checkpoint: step, bits, latent, feedback, iterations, seed };
      return runSystem(run, made, services);
    }
    case 'external':
      return externalSystem(about.system, services);
    case 'baseline':
      return baselineSystem(about.baseline, mostSec, services);
  }
}

/** What of an input is of a run. */
type RunInput = Pick<Input, 'checkpoint' | 'bits' | 'latent' | 'feedback' | 'iterations' | 'seed'>;

async function runSystem(
  which: string,
  { checkpoint, latent, iterations, seed, ...asked }: RunInput,
  services: Services,
): Promise<ReadySystem> {
  const run = await services.trainers.resolve(which);
  const { name, id, dataset } = run.record;
  // What is the same either way is judged once.
  const choices = codeChoicesOf(parseConfig(run.record.config));
  const bits = choices.includes('bits') ? asked.bits : 32;
  const feedback = choices.includes('feedback') ? asked.feedback : 'recording';
  const folder = runFiles(run.folder).checkpoints;
  const steps = checkpointSteps(folder);
  const step =
    checkpoint === 'last' ? steps.at(-1) : checkpoint === 'best' ? bestStep(folder, steps) : checkpoint;
  if (step === undefined || !steps.includes(step)) {
    const available = steps.length > 0 ? `best, last, ${steps.join(', ')}` : 'none yet';
    throw new ResynthError('runs/checkpoint-missing', {
      run: name,
      checkpoint: String(checkpoint),
      available,
    });
  }
  const record = tryRecord(folder, step);
  if (!record) throw new ResynthError('evaluations/checkpoint-damaged', { run: name, step });
  const model = referenceTo(run, step);
  const reconstruct = async (
    batch: readonly ToMake[],
    signal: AbortSignal,
    wanted = { bounds: false },
  ): Promise<SoundsResult> => {
    const files = batch.map(({ item, out }) => ({ path: item.path, stretch: stretchIn(item), out }));
    const folder = path.dirname(files[0]?.out ?? '');
    const made = await services.inference.request(
      'reconstructSounds',
      {
        ...{ model, folder, files, bits, latent, feedback, iterations, seed },
        ...(wanted.bounds ? { boundDraws } : {}),
      },
      { signal },
    );
    // A damaged one falls back to one before it, which would be judged under a wrong name.
    if (made.step !== step) throw new ResynthError('evaluations/checkpoint-damaged', { run: name, step });
    return made;
  };
  return {
    about: {
      kind: 'run',
      run: id,
      name,
      step,
      epoch: record.progress.epoch,
      checkpointSha256: record.tensors.sha256,
      bitsPerCodeNumber: bits,
      iterations,
      seed,
      // Only what is said: what was judged before these could be chosen is the same system still.
      ...(latent === 'mean' ? {} : { latent }),
      ...(feedback === 'recording' ? {} : { feedback }),
    },
    run: id,
    dataset: dataset.id === '' ? null : dataset.id,
    batch: 8,
    time: (batch, signal) => timed(batch, reconstruct, signal),
    async make(batch, signal, wanted) {
      if (batch.length === 0) return [];
      const made = await reconstruct(batch, signal, wanted);
      return made.sounds.map((sound, at) => {
        if ('refused' in sound) return sound;
        const { fromSec, seconds, codedBits, code, bounds, warnings } = sound;
        return {
          file: batch[at]?.out ?? '',
          fromSec,
          seconds,
          codedBits,
          codeNumbers: codedBits === null ? null : made.latentDim,
          code: code && [...code],
          ...(bounds && { bounds: { elbo_nats: bounds.elboNats, iwae_nats: bounds.iwaeNats } }),
          warnings,
        };
      });
    },
  };
}

/** A baseline, with its settings behind a colon. @throws ResynthError baselines/*, runs/not-found of a ceiling. */
export async function baselineSystem(
  spec: string,
  mostSec: number | null,
  { analysts, trainers }: Services,
): Promise<ReadySystem> {
  const { baseline, words } = namedBaseline(spec);
  let pipeline: FeaturePipelineConfig | null = null;
  let run: string | null = null;
  let dataset: string | null = null;
  if (baseline.name === 'ceiling' && words[0]) {
    const { record } = await trainers.resolve(words[0]);
    pipeline = record.config.features as FeaturePipelineConfig;
    run = record.id;
    dataset = record.dataset.id === '' ? null : record.dataset.id;
  }
  // By id, for another run may have the name tomorrow.
  const lasting = run === null ? spec : `ceiling:${[run, ...words.slice(1)].join(',')}`;
  const { settings } = readyBaseline(spec, { pipeline });
  return {
    about: { kind: 'baseline', baseline: lasting, name: spec, settings },
    run,
    dataset,
    batch: 4,
    async make(batch, signal) {
      const [first] = batch;
      if (first) await mkdir(path.dirname(first.out), { recursive: true });
      return Promise.all(
        batch.map(async ({ item, out }): Promise<MadeSound> => {
          signal.throwIfAborted();
          try {
            const made = await analysts.run({
              kind: 'degrade',
              source: item.path,
              stretch: stretchIn(item),
              contentHash: item.contentHash,
              baseline: lasting,
              pipeline,
              mostSec,
              out,
            });
            const { fromSec, seconds, codedBits, warnings } = made;
            return { file: out, fromSec, seconds, codedBits, codeNumbers: null, code: null, warnings };
          } catch (thrown) {
            return refusedAlone(thrown);
          }
        }),
      );
    },
  };
}

/** A folder of somebody's own. @throws ResynthError systems/not-found, systems/ambiguous, systems/not-a-folder. */
export async function externalSystem(which: string, services: Services): Promise<ReadySystem> {
  const system = await findSystem(which, services);
  const { files, filesHash } = await systemMatches(system, services);
  return {
    about: { kind: 'external', system: system.id, name: system.name, folder: system.folder, filesHash },
    run: null,
    dataset: system.dataset,
    batch: 16,
    make: (batch) =>
      Promise.all(
        batch.map(async ({ item }): Promise<MadeSound> => {
          const file = files.get(item.recording);
          if (file === undefined) {
            const about = { system: system.name, recording: item.recording };
            return { refused: new ResynthError('evaluations/not-matched', about).toJSON() };
          }
          const full = path.join(system.folder, file);
          return (await isThere(full))
            ? { file: full, seconds: null, codedBits: null, codeNumbers: null, code: null, warnings: [] }
            : { refused: new ResynthError('dataset/file-vanished', { file: full }).toJSON() };
        }),
      ),
  };
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Errors that are not about one recording: going on with the next would only repeat them. */
const fatalCodes: ReadonlySet<string> = new Set([
  'internal/cancelled',
  'analyst/start-failed',
  'inference/child-died',
  'files/disk-full',
  'files/not-writable',
  'baselines/codec-missing',
]);

/** What went wrong with one recording, as its result. @throws what concerns them all. */
export function refusedAlone(thrown: unknown): { refused: SerialisedError } {
  if (thrown instanceof ResynthError && !fatalCodes.has(thrown.code)) return { refused: thrown.toJSON() };
  throw thrown;
}
