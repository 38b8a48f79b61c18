import type { CodesIdentity } from '../../../src-preload/contract/commands/latent.ts';
import type { ModelUsed } from '../../../src-preload/contract/commands/reconstruct.ts';
import type { CommandContext } from '../../../src-preload/contract/command.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import {
  codesFile,
  type CodesHead,
  limitCodes,
  readCodesHead,
  touchCodes,
} from '../../analyst/codes-file.ts';
import { type Split, splits } from '../../corpora/recording.ts';
import {
  bestStep,
  type CheckpointChoice,
  checkpointSteps,
  tryRecord,
} from '../../trainer/checkpoint-store.ts';
import { referenceTo } from '../reconstruct.ts';
import { filesOf, type Run } from '../runs/runs.ts';
import type { Services } from '../services.ts';
import { codedDataset } from './known-recordings.ts';

/** Codes kept at most, over all runs: those used longest ago go first, and are made again when they are wanted. */
const mostBytes = 2 ** 30;

export interface CodesRequest {
  run: string;
  checkpoint: CheckpointChoice;
  split: Split | 'all';
  errors?: boolean;
}

/** The codes of one or three splits of a run, in files. */
export interface RunCodes {
  run: Run;
  model: ModelUsed;
  identity: CodesIdentity;
  /** As it was asked for, in words: 'validation', 'all'. */
  split: string;
  /** Nothing was computed for it. */
  cached: boolean;
  parts: { file: string; head: CodesHead }[];
  /** Recordings in order of row, over all parts. */
  ids: string[];
}

/**
 * The codes that are asked for, computed by the inference process where they are not kept yet.
 *
 * @throws ResynthError runs/not-found, runs/checkpoint-missing; dataset/split-empty; what encoding throws.
 */
export async function codesOf(
  services: Services,
  request: CodesRequest,
  context: Pick<CommandContext, 'progress' | 'signal'>,
): Promise<RunCodes> {
  const run = await services.trainers.resolve(request.run);
  const wanted: readonly Split[] = request.split === 'all' ? splits : [request.split];
  const parts: RunCodes['parts'] = [];
  let cached = true;
  let empty: ResynthError | null = null;
  for (const split of wanted) {
    try {
      const { computed, ...part } = await codesOfSplit(services, run, split, request, context);
      parts.push(part);
      if (computed) cached = false;
    } catch (thrown) {
      // Of all splits together one may be empty.
      if (!(thrown instanceof ResynthError && thrown.code === 'dataset/split-empty')) throw thrown;
      empty = thrown;
    }
  }
  const [first] = parts;
  if (!first) throw empty ?? new Error('no split was asked for');
  await limitCodes(
    services.home.latents,
    mostBytes,
    parts.map(({ file }) => file),
  );
  const { model, identity } = first.head;
  const ids = parts.flatMap(({ head }) => head.ids);
  return { run, model, identity, split: request.split, cached, parts, ids };
}

async function codesOfSplit(
  services: Services,
  run: Run,
  split: Split,
  { checkpoint, errors = false }: CodesRequest,
  context: Pick<CommandContext, 'progress' | 'signal'>,
): Promise<{ file: string; head: CodesHead; computed: boolean }> {
  const { home, inference } = services;
  const identity = identityOf(run, checkpoint);
  if (identity) {
    const file = codesFile(home.latents, identity, split);
    const head = await readCodesHead(file);
    if (head && (!errors || head.columns.includes('mse'))) {
      await touchCodes(file);
      return { file, head, computed: false };
    }
  }
  const made = await inference.request(
    'encodeSplit',
    {
      model: referenceTo(run, checkpoint),
      ...(await codedDataset(services, run)),
      split,
      errors,
    },
    context,
  );
  const head = await readCodesHead(made.file);
  if (!head)
    throw new Error(
      `the codes of ${run.record.dataset.id} that were just written to ${made.file} cannot be read`,
    );
  return { file: made.file, head, computed: made.computed };
}

/** What a checkpoint stands for, from its record alone; null where that cannot be read, which loading it explains. */
export function identityOf(run: Run, checkpoint: CheckpointChoice): CodesIdentity | null {
  const folder = filesOf(run).checkpoints;
  const steps = checkpointSteps(folder);
  const step =
    checkpoint === 'best' ? bestStep(folder, steps) : checkpoint === 'last' ? steps.at(-1) : checkpoint;
  const record = step === undefined ? null : tryRecord(folder, step);
  if (!record) return null;
  return {
    run: run.record.id,
    step: record.progress.step,
    weights: record.tensors.sha256,
    splitHash: run.record.dataset.splitHash,
  };
}
