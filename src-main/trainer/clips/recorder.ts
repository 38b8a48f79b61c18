import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { FeatureReader } from '../../analyst/features.ts';
import {
  clipSeconds,
  type FeaturePipelineConfig,
  featureShape,
  inputChannels,
  withClipSamples,
} from '../../dsp/pipeline.ts';
import { representationOf, shownPipeline } from '../../dsp/representation.ts';
import { fromWindows } from '../../dsp/windows-of-frames.ts';
import type { Program } from '../../engine/program.ts';
import { sizeOf } from '../../models/parameters.ts';
import type { TrainingConfig } from '../../models/training.ts';
import { chooseClips } from './choose.ts';
import {
  type ClipIndex,
  clipSteps,
  readClipIndex,
  removeClipStepsAfter,
  type RunClip,
  writeClipIndex,
  writeClipLevels,
} from './files.ts';

/** What a clip's recording is called and by whom it is spoken. */
export type ClipRecording = Pick<RunClip, 'speaker' | 'label' | 'durationSec' | 'contentHash'>;

export interface ClipSource {
  runFolder: string;
  split: ClipIndex['split'];
  reader: FeatureReader;
  /** What is known of a recording of `reader`; null where nothing is. */
  describe(id: string): ClipRecording | null;
  pipeline: FeaturePipelineConfig;
  training: Pick<TrainingConfig, 'clips' | 'clipsEveryEpochs'>;
}

/**
 * Decodes the run's fixed clips with the weights as they are (z = posterior mean, running statistics, no noise) and keeps
 * what comes out. It changes nothing that training depends on. A folder that cannot be written to is told once and
 * training goes on without these clips.
 */
export class ClipRecorder {
  readonly index: ClipIndex;
  readonly #source: ClipSource;
  readonly #program: Program;
  /** `[clips of the program, windows of a clip, ...shape of the reader]`, as beyond a recording after the last clip. */
  readonly #x: Float32Array;
  /** Clips of the program in one that is listened to. */
  readonly #windows: number;
  readonly #warn: (text: string) => void;
  /** Codes of what was told already: a full disk fails every step. */
  readonly #told = new Set<string>();
  #spentMs = 0;
  #firstMs = 0;
  #decoded = 0;

  private constructor(source: ClipSource, program: Program, index: ClipIndex, warn: (text: string) => void) {
    this.#source = source;
    this.#program = program;
    this.index = index;
    this.#warn = warn;
    const { reader, training } = source;
    const clipSize = sizeOf(reader.shape);
    this.#windows = index.shape[1] / reader.shape[1];
    const { beyond = 0 } = representationOf(index.features);
    this.#x = new Float32Array(training.clips * this.#windows * clipSize).fill(beyond);
    for (const [at, { recording }] of index.clips.entries()) {
      const rows = rowsOf(reader, recording).slice(0, this.#windows);
      const from = at * this.#windows * clipSize;
      reader.read(rows, this.#x.subarray(from, from + rows.length * clipSize));
    }
  }

  /**
   * Opens a run's clips where it has an index that still fits, or chooses them and writes one. What was decoded after
   * `step`, where training goes on, is deleted: it will be decoded again.
   */
  static open(
    source: ClipSource,
    program: Program,
    step: number,
    warn: (text: string) => void,
  ): ClipRecorder {
    const found = readIndex(source.runFolder);
    const kept = found && fits(found, source) ? found : null;
    const index = kept ?? chooseIndex(source);
    const recorder = new ClipRecorder(source, program, index, warn);
    recorder.#attempt(() => {
      // Steps that belong to other clips say nothing about these.
      removeClipStepsAfter(source.runFolder, found && !kept ? -1 : step);
      if (!kept) writeClipIndex(source.runFolder, index);
    });
    return recorder;
  }

  /** Milliseconds spent on clips, the engine's first call of their entry point left out. */
  get spentMs(): number {
    return this.#spentMs - this.#firstMs;
  }

  /** Whether the clips are to be decoded after `epoch` epochs, the last of which is `epochs`. */
  isDue(epoch: number, epochs: number): boolean {
    const { clipsEveryEpochs } = this.#source.training;
    return clipsEveryEpochs > 0 && (epoch % clipsEveryEpochs === 0 || epoch === epochs);
  }

  /** Whether there is a file of `step`. */
  has(step: number): boolean {
    return clipSteps(this.#source.runFolder).includes(step);
  }

  /** Decodes the clips and keeps the result as that of `step`. Throws what the program throws. */
  async decode(step: number, epoch: number): Promise<void> {
    const started = performance.now();
    const made = await this.#reconstructed();
    const count = this.index.clips.length;
    const [bins, frames] = this.index.shape;
    const original = this.#levelsOf(this.#x);
    const reconstruction = this.#levelsOf(made);
    const mse = errorsOf(original, reconstruction, count);
    if (mse.every(Number.isFinite)) {
      this.#attempt(() =>
        writeClipLevels(
          this.#source.runFolder,
          { step, epoch, mse },
          { data: reconstruction, shape: [count, bins, frames] },
        ),
      );
    } else {
      const text = `What the model made of the clips at step ${step} is not finite and was not kept.`;
      this.#tell('not-finite', text);
    }
    const spentMs = performance.now() - started;
    if (this.#decoded++ === 0) this.#firstMs = spentMs;
    this.#spentMs += spentMs;
  }

  /** What the model makes of `#x`, as many windows at a time as its program takes. */
  async #reconstructed(): Promise<Float32Array> {
    const made = new Float32Array(this.#x.length);
    const size = this.#x.length / this.#windows;
    for (let from = 0; from < made.length; from += size) {
      const { x } = await this.#program.call('reconstruct', { x: this.#x.subarray(from, from + size) });
      if (!(x?.data instanceof Float32Array)) throw new Error('the program gave no reconstruction');
      made.set(x.data, from);
    }
    return made;
  }

  /** What the model takes or gives of every clip, as levels in 0..1 on the extremes of its recording. */
  #levelsOf(values: Float32Array): Float32Array {
    const { clips, shape, features } = this.index;
    const size = shape[0] * shape[1];
    const given = size * inputChannels(features);
    const { toFeatures } = representationOf(features);
    const levels = new Float32Array(clips.length * size);
    for (const [at, clip] of clips.entries()) {
      const windows = values.subarray(at * given, (at + 1) * given);
      const whole = { bins: shape[0], frames: shape[1] };
      const joined = this.#windows === 1 ? windows : fromWindows(windows, whole, shape[1] / this.#windows);
      levels.set(toFeatures(joined, clip, features), at * size);
    }
    return levels;
  }

  /** Does what writes files; a failure of the disk is told once and costs these clips, never the run. */
  #attempt(write: () => void): void {
    try {
      write();
    } catch (thrown) {
      const error = asResynthError(thrown);
      if (error.code === 'internal/unexpected') throw thrown;
      this.#tell(error.code, `${error.message} Training goes on; clips to listen to are missing.`);
    }
  }

  #tell(code: string, text: string): void {
    if (this.#told.has(code)) return;
    this.#told.add(code);
    this.#warn(text);
  }
}

/** A damaged index is as none: made again, it names the same clips. */
function readIndex(runFolder: string): ClipIndex | null {
  try {
    return readClipIndex(runFolder);
  } catch (thrown) {
    if (thrown instanceof ResynthError) return null;
    throw thrown;
  }
}

/** Whether the clips of an index are those that the program takes and the features hold. */
function fits({ shape, split, clips }: ClipIndex, source: ClipSource): boolean {
  const { reader, training } = source;
  const windows = shape[1] / reader.shape[1];
  const ids = new Set(reader.ids);
  return (
    split === source.split &&
    clips.length === Math.min(training.clips, ids.size) &&
    shape[0] === reader.shape[0] &&
    (windows === 1 || (Number.isInteger(windows) && representationOf(source.pipeline).consecutive)) &&
    clips.every(({ recording }) => ids.has(recording))
  );
}

/** The same for every run of a split, whatever its own seed: runs that differ in nothing else are compared by ear too. */
const clipsSeed = 0;

function chooseIndex({ reader, describe, training, split, pipeline }: ClipSource): ClipIndex {
  const unknown = { speaker: null, label: null, durationSec: 0, contentHash: null };
  // Of a recording of several sequences the first one.
  const rows = [...reader.ids.keys()].filter((row) => row === 0 || reader.ids[row] !== reader.ids[row - 1]);
  const known = rows.map((row) => describe(reader.ids[row] ?? '') ?? unknown);
  const chosen = chooseClips(known, training.clips, clipsSeed);
  const rowsOfClip = (place: number): number[] => rowsOf(reader, reader.ids[rows[place] ?? 0] ?? '');
  const windows = windowsHeard(
    pipeline,
    chosen.map((place) => rowsOfClip(place).length),
  );
  const clips = chosen.map((place): RunClip => {
    const row = rows[place] ?? 0;
    const spokenSec = rowsOfClip(place)
      .slice(0, windows)
      .reduce((sum, one) => sum + (reader.spokenSec[one] ?? 0), 0);
    const { speaker, label, durationSec, contentHash } = known[place] ?? unknown;
    return {
      recording: reader.ids[row] ?? '',
      contentHash,
      speaker,
      label,
      durationSec: durationSec > 0 ? durationSec : spokenSec,
      spokenSec,
      minDb: reader.extremesDb[2 * row] ?? 0,
      maxDb: reader.extremesDb[2 * row + 1] ?? 0,
    };
  });
  const features =
    windows === 1 ? pipeline : withClipSamples(pipeline, windows * featureShape(pipeline).samples);
  return { schema: 1, split, features, shape: [reader.shape[0], windows * reader.shape[1]], clips };
}

/** Rows of a recording's clips, in order. */
function rowsOf({ ids }: FeatureReader, recording: string): number[] {
  const first = ids.indexOf(recording);
  const rows: number[] = [];
  for (let row = first; row >= 0 && ids[row] === recording; row++) rows.push(row);
  return rows;
}

/** How many clips of the program are listened to as one: enough for the longest of the chosen recordings. */
function windowsHeard(pipeline: FeaturePipelineConfig, counts: readonly number[]): number {
  const most = Math.floor(clipSeconds(shownPipeline(pipeline, Infinity)) / clipSeconds(pipeline) + 1e-9);
  return Math.max(1, Math.min(most, Math.max(...counts)));
}

/** Mean squared error of each of `count` clips, summed in double precision. */
function errorsOf(original: Float32Array, reconstruction: Float32Array, count: number): number[] {
  const size = reconstruction.length / count;
  return Array.from({ length: count }, (_, clip) => {
    let sum = 0;
    for (let at = clip * size; at < (clip + 1) * size; at++)
      sum += ((reconstruction[at] as number) - (original[at] as number)) ** 2;
    return sum / size;
  });
}
