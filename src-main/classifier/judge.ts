import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { openBackend } from '../engine/backends/open.ts';
import { compileProgram } from '../engine/compile.ts';
import type { OutputValue, Program } from '../engine/program.ts';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import { PhiloxWords } from '../random/philox.ts';
import { decodeSafetensors, encodeSafetensors } from '../trainer/safetensors.ts';
import { epochOrder } from '../trainer/shuffle.ts';
import { type Classified, figuresOf, nearest, verdicts } from './figures.ts';
import { type HeardFile, melImageOf, melImageSize, readMelImage } from './mel-image.ts';
import { classifierProgram, embeddingSize } from './net.ts';
import type { Judgement, JudgedSet, JudgeTask } from './protocol.ts';

const batchSize = 32;
const learningRate = 1e-3;

type Progress = (event: ProgressEvent) => void;

/**
 * Trains the classifier of a task, or finds it trained, and judges every set with it: and, as controls, recordings that it has not heard and
 * white noise. The same task on the same machine gives the same figures.
 */
export async function judge(task: JudgeTask, progress: Progress): Promise<Judgement> {
  const { classes, seed } = task;
  const train = imagesOf(task.train, 'Reading recordings to train on', progress);
  await openBackend({});
  const program = compileProgram(classifierProgram(classes, batchSize, seed));
  try {
    const cached = await readWeights(program, task.weightsFile);
    if (!cached) {
      await trainClassifier(program, train, task, progress);
      await writeWeights(program, task.weightsFile);
    }
    const trained = await classify(program, train, classes);
    const test = await classify(
      program,
      imagesOf(task.test, 'Reading recordings to test with', progress),
      classes,
    );
    const judged = (set: Classified, labels: readonly number[] | null): JudgedSet => {
      const neighbours = nearest(set, trained);
      return {
        figures: figuresOf(set, { labels, real: test, train: trained }),
        clips: verdicts(set).map((verdict, row) => ({ ...verdict, nearest: neighbours[row]! })),
      };
    };
    const sets: JudgedSet[] = [];
    for (const { files, labels } of task.sets) {
      sets.push(
        judged(await classify(program, imagesOf(files, 'Reading drawn clips', progress), classes), labels),
      );
    }
    const noise = await classify(
      program,
      noiseImages(task.sets[0]?.files.length ?? task.test.length, seed),
      classes,
    );
    const right = verdicts(trained).filter(({ label }, row) => label === task.train[row]!.label).length;
    return {
      ...{ cached, trainAccuracy: right / trained.count },
      ...{
        real: judged(
          test,
          task.test.map(({ label }) => label),
        ),
        noise: judged(noise, null),
        sets,
      },
    };
  } finally {
    program.dispose();
  }
}

function imagesOf(files: readonly HeardFile[], stage: string, progress: Progress): Float32Array {
  const images = new Float32Array(files.length * melImageSize);
  for (const [row, file] of files.entries()) {
    images.set(readMelImage(file), row * melImageSize);
    if (row % 100 === 0) progress({ stage, done: row, total: files.length, unit: 'clips' });
  }
  return images;
}

/** A second of white noise each: what nothing was said in. */
function noiseImages(count: number, seed: number): Float32Array {
  const words = new PhiloxWords(seed);
  const images = new Float32Array(count * melImageSize);
  for (let row = 0; row < count; row++) {
    const noise = Float32Array.from({ length: 8000 }, () => words.next() / 2 ** 31 - 1);
    images.set(melImageOf(noise, 8000), row * melImageSize);
  }
  return images;
}

async function trainClassifier(
  program: Program,
  images: Float32Array,
  { train, classes, seed, epochs }: JudgeTask,
  progress: Progress,
): Promise<void> {
  const batches = Math.floor(train.length / batchSize);
  const x = new Float32Array(batchSize * melImageSize);
  const y = new Float32Array(batchSize * classes);
  const total = epochs * batches;
  const stage = 'Training the classifier';
  for (let step = 0; step < total; step++) {
    const order = epochOrder(train.length, seed, Math.floor(step / batches));
    y.fill(0);
    for (let row = 0; row < batchSize; row++) {
      const clip = order[(step % batches) * batchSize + row]!;
      x.set(images.subarray(clip * melImageSize, (clip + 1) * melImageSize), row * melImageSize);
      y[row * classes + train[clip]!.label] = 1;
    }
    const rate = (learningRate * (1 + Math.cos((Math.PI * step) / total))) / 2;
    await program.call('step', { x, y, learningRate: rate }, { seed, step });
    if (step % 10 === 0) progress({ stage, done: step, total, unit: 'steps' });
  }
}

/** Whole batches, the last one filled up with silence. */
async function classify(program: Program, images: Float32Array, classes: number): Promise<Classified> {
  const count = images.length / melImageSize;
  const result: Classified = {
    ...{ count, classes },
    probabilities: new Float32Array(count * classes),
    embeddings: new Float32Array(count * embeddingSize),
  };
  for (let first = 0; first < count; first += batchSize) {
    const here = Math.min(batchSize, count - first);
    const x = new Float32Array(batchSize * melImageSize);
    x.set(images.subarray(first * melImageSize, (first + here) * melImageSize));
    const { probabilities, embedding } = await program.call('classify', { x });
    result.probabilities.set(floats(probabilities).subarray(0, here * classes), first * classes);
    result.embeddings.set(floats(embedding).subarray(0, here * embeddingSize), first * embeddingSize);
  }
  return result;
}

function floats(output: OutputValue | undefined): Float32Array {
  if (!(output?.data instanceof Float32Array)) throw new Error('the classifier gave no floats');
  return output.data;
}

/** False where it was not trained yet. A file that cannot be read is trained anew. */
async function readWeights(program: Program, file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  try {
    await program.writeState(decodeSafetensors(readFileSync(file), file).tensors);
    return true;
  } catch {
    // It can be made again at any time.
    return false;
  }
}

async function writeWeights(program: Program, file: string): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileAtomicSync(file, encodeSafetensors(await program.readState(), { format: 'resynth' }));
}
