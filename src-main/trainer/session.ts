import { familyById } from '../models/registry.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import type { FeatureReader } from '../analyst/features.ts';
import type { OutputValue, Program } from '../engine/program.ts';
import { parseConfig, type ResolvedConfig } from '../models/config.ts';
import { BatchReader } from './batches.ts';
import { processorNote } from './engine-note.ts';
import { initialProgress, type TrainingProgress } from './checkpoint.ts';
import { CheckpointStore, type OpenedCheckpoint } from './checkpoint-store.ts';
import { ClipRecorder, type ClipRecording } from './clips/recorder.ts';
import type { ControlInbox } from './control.ts';
import { type LoopOutcome, TrainingLoop } from './loop.ts';
import { cutLatentsAfter } from './latents-log.ts';
import { MetricsWriter, processMsAt, readMetrics } from './metrics-log.ts';
import {
  readRunRecord,
  type RunEnvironment,
  runFiles,
  type RunRecord,
  writeRunRecord,
} from './run-record.ts';
import type { PreparedInput } from '../models/family.ts';
import { preparedReader } from './prepared-reader.ts';
import type { SessionReporter } from './reporter.ts';

/** Where a session gets its clips and its program: the analyst's cache and the engine, or a test's own. */
export interface SessionSources {
  openFeatures(
    record: RunRecord,
    config: ResolvedConfig,
    context: PreparationContext,
  ): Promise<SessionFeatures>;
  openProgram(
    record: RunRecord,
    config: ResolvedConfig,
    context: PreparationContext,
  ): Promise<SessionProgram>;
}

export interface PreparationContext {
  /** The data folder. */
  home: string;
  progress(event: ProgressEvent): void;
  /** Aborted when the run is told to stop. */
  signal: AbortSignal;
}

export interface SessionFeatures {
  train: FeatureReader;
  /** Null where the dataset has no recordings for validation. */
  validation: FeatureReader | null;
  /** What is known of a recording of either split; null where nothing is. */
  describe(id: string): ClipRecording | null;
}

export interface SessionProgram {
  program: Program;
  environment: RunEnvironment;
  /** Shape of one clip that the program takes. */
  inputShape: readonly number[];
  /** What the program prepares of a clip, and is then given in its place; left out where it takes clips. */
  prepared?: Pick<PreparedInput, 'shape' | 'labels'>;
  /** Whether the program has the entry `reconstruct`, for as many clips as the training settings name. */
  reconstructs: boolean;
  /** Tensors alive now. */
  tensors(): number;
  /** What the user should know of the engine. */
  notes: string[];
}

export interface SessionArguments {
  folder: string;
  home: string;
  extendEpochs: number | null;
  sources: SessionSources;
  control: ControlInbox;
  reporter: SessionReporter;
  /** Ends the preparation; the loop listens to `control`. */
  signal: AbortSignal;
}

/**
 * One stretch of training of a run, from its last checkpoint (or the beginning) until it ends: opens the clips and the
 * program, puts the checkpoint back, and runs the loop. The caller holds the run's lock.
 */
export async function runSession(args: SessionArguments): Promise<LoopOutcome> {
  const { folder, home, sources, reporter } = args;
  const files = runFiles(folder);
  const record = withMoreEpochs(readRunRecord(folder), args.extendEpochs);
  const config = parseConfig(record.config);
  const context: PreparationContext = {
    home,
    progress: (event) => reporter.preparing(event),
    signal: args.signal,
  };
  const features = await sources.openFeatures(record, config, context);
  const { batchSize, keepEveryEpochs, diskBudgetMb } = config.training;
  checkSize(record, features.train, config);
  const opened = await sources.openProgram(record, config, context);
  const { program, environment } = opened;
  let metrics: MetricsWriter | null = null;
  try {
    checkShape(record, features.train, opened.inputShape);
    // Known since the first start of the run.
    const known = record.environment?.device === environment.device ? [processorNote] : [];
    for (const note of opened.notes) if (!known.includes(note)) reporter.note(note);
    const checkpoints = new CheckpointStore(files.checkpoints, {
      keepEveryEpochs,
      budgetBytes: diskBudgetMb * 1e6,
    });
    const recovered = checkpoints.recover();
    const progress = recovered
      ? await putBack(record, program, recovered, environment, reporter)
      : initialProgress;
    const extended = args.extendEpochs !== null ? { ...progress, validationsWithoutBetter: 0 } : progress;
    if (!features.validation) {
      reporter.note(
        'The dataset has no validation split: the mean training loss of an epoch chooses the best checkpoint.',
      );
    }
    // Written when nothing can keep it from beginning any more: what cannot be extended stays as it was.
    if (args.extendEpochs !== null) writeEpochs(folder, config.training.epochs);
    if (!record.environment) writeRunRecord(folder, { ...readRunRecord(folder), environment });
    const history = readMetrics(files.metrics);
    metrics = new MetricsWriter(files.metrics);
    cutLatentsAfter(files.latents, extended.step);
    const fed = await fedWith(record, features, opened, batchSize, context);
    const training = new BatchReader(fed.train, batchSize);
    const clips = openClips(folder, config, features, opened, extended.step, (text) => reporter.note(text));
    reporter.begin({
      segment: history.nextSegment,
      earlierMs: processMsAt(history.rows, extended.step),
      record,
      config,
      environment,
      metrics,
      checkpoints,
      training,
      clips,
      tensors: opened.tensors,
    });
    const loop = new TrainingLoop({
      program,
      training,
      validation: fed.validation && new BatchReader(fed.validation, batchSize),
      clips,
      config: config.training,
      progress: extended,
      control: args.control,
      host: reporter.loopHost(extended),
    });
    return await loop.run();
  } finally {
    metrics?.close();
    program.dispose();
    features.train.close();
    features.validation?.close();
  }
}

/**
 * What the program is fed with: clips, or what it prepares of each of them once, for which its state has to be there.
 *
 * @throws ResynthError runs/codes-alike where that tells no clip from another.
 */
async function fedWith(
  record: RunRecord,
  features: SessionFeatures,
  { program, prepared }: SessionProgram,
  batchSize: number,
  context: PreparationContext,
): Promise<Pick<SessionFeatures, 'train' | 'validation'>> {
  if (!prepared) return features;
  const labelOf = (id: string): string | null => features.describe(id)?.label ?? null;
  const of = (reader: FeatureReader) =>
    preparedReader(reader, { program, ...prepared, labelOf, batchSize }, context);
  const train = await of(features.train);
  if (train.alike) {
    const { count } = train.reader;
    throw new ResynthError('runs/codes-alike', { run: record.name, dataset: record.dataset.name, count });
  }
  return {
    train: train.reader,
    validation: features.validation && (await of(features.validation)).reader,
  };
}

/** The clips to decode on the way; null where the settings want none or the model cannot. */
function openClips(
  runFolder: string,
  config: ResolvedConfig,
  features: SessionFeatures,
  { program, reconstructs }: SessionProgram,
  step: number,
  warn: (text: string) => void,
): ClipRecorder | null {
  const { training } = config;
  if (!reconstructs || training.clipsEveryEpochs === 0) return null;
  const source = {
    runFolder,
    split: features.validation ? ('validation' as const) : ('train' as const),
    reader: features.validation ?? features.train,
    describe: (id: string) => features.describe(id),
    pipeline: config.features,
    training,
  };
  return ClipRecorder.open(source, program, step, warn);
}

function withMoreEpochs(record: RunRecord, more: number | null): RunRecord {
  if (more === null) return record;
  const epochs = parseConfig(record.config).training.epochs + more;
  return { ...record, config: { ...record.config, training: { ...record.config.training, epochs } } };
}

/** Records that a run is to train for `epochs` epochs in all. */
export function writeEpochs(folder: string, epochs: number): void {
  const record = readRunRecord(folder);
  const fromEpochs = parseConfig(record.config).training.epochs;
  const extended: RunRecord = {
    ...record,
    config: { ...record.config, training: { ...record.config.training, epochs } },
    extensions: [...record.extensions, { atMs: Date.now(), fromEpochs, toEpochs: epochs }],
  };
  writeRunRecord(folder, extended);
}

async function putBack(
  record: RunRecord,
  program: Program,
  recovered: OpenedCheckpoint,
  environment: RunEnvironment,
  reporter: SessionReporter,
): Promise<TrainingProgress> {
  const { step } = recovered.record.progress;
  for (const error of recovered.passedOver) {
    reporter.note(
      `${error.message} The one of step ${step} before it is used; the damaged one was moved aside.`,
    );
  }
  await checkFits(record, program, recovered.state, recovered.record.tensors.file);
  await program.writeState(recovered.state);
  // What a run was made with was computed nowhere.
  if (step === 0) return recovered.record.progress;
  const differences = environmentDifferences(recovered.record.environment, environment);
  if (differences.length > 0) {
    reporter.note(
      `Going on from step ${step} in another environment (${differences.join('; ')}): ` +
        'the result may differ in its last bits from that of a run without a break.',
    );
  } else if (!environment.deterministic) {
    reporter.note(
      `Going on from step ${step}: ${environment.backend} does not promise the same bits each time.`,
    );
  }
  return recovered.record.progress;
}

/** Every variable with its shape, no more and no fewer: a part of a state would train on with fresh moments. */
async function checkFits(
  record: RunRecord,
  program: Program,
  state: ReadonlyMap<string, OutputValue>,
  file: string,
): Promise<void> {
  const own = await program.readState();
  const describe = (value: OutputValue | undefined): string =>
    value ? `[${value.shape.join(', ')}]` : 'missing';
  for (const name of new Set([...own.keys(), ...state.keys()])) {
    const [wanted, found] = [describe(own.get(name)), describe(state.get(name))];
    if (wanted === found) continue;
    const detail = `${name} is ${found} there and ${wanted} in the model`;
    throw new ResynthError('runs/checkpoint-mismatch', { file, run: record.id, detail });
  }
}

/** What is not as it was when the checkpoint was written, in words. */
function environmentDifferences(before: RunEnvironment, now: RunEnvironment): string[] {
  const flat = (environment: RunEnvironment): Record<string, string> => ({
    backend: environment.backend,
    device: `${environment.device} (${environment.deviceName})`,
    threads: environment.threads ? `${environment.threads.intraOp}/${environment.threads.interOp}` : 'none',
    mode: environment.mode,
    ...environment.versions,
  });
  const [old, current] = [flat(before), flat(now)];
  return [...new Set([...Object.keys(old), ...Object.keys(current)])]
    .filter((name) => old[name] !== current[name])
    .map((name) => `${name} was ${old[name] ?? 'absent'}, is ${current[name] ?? 'absent'}`);
}

function checkSize(record: RunRecord, { count }: FeatureReader, config: ResolvedConfig): void {
  const { batchSize } = config.training;
  const components = familyById(config.family).components?.({ config: config.model }) ?? 0;
  if (components > count) {
    throw new ResynthError('runs/components-too-many', {
      dataset: record.dataset.name,
      count,
      components,
    });
  }
  if (count >= batchSize) return;
  throw new ResynthError('runs/dataset-too-small', {
    dataset: record.dataset.name,
    count,
    batchSize,
  });
}

function checkShape(record: RunRecord, reader: FeatureReader, inputShape: readonly number[]): void {
  // One channel may be written or not.
  const axes = Math.max(inputShape.length, reader.shape.length);
  const isSame = (axis: number): boolean => (inputShape[axis] ?? 1) === (reader.shape[axis] ?? 1);
  if (Array.from({ length: axes }, (_, axis) => axis).every(isSame)) return;
  throw new ResynthError('runs/features-mismatch', {
    dataset: record.dataset.name,
    actual: `[${reader.shape.join(', ')}]`,
    expected: `[${inputShape.join(', ')}]`,
  });
}
