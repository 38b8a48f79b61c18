/**
 * Residual vector quantisation (Zeghidour et al. 2021, "SoundStream", section III.C, algorithm 1) with codebooks that are
 * exponential moving averages of the vectors given to them (van den Oord et al. 2017, appendix A.1): the first stage codes a
 * vector, each later one what the stages before it left over.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../../engine/noise.ts';
import { gatherRows } from '../../engine/ops/gather-rows.ts';
import { offTape } from '../../engine/ops/off-tape.ts';
import type { Initialiser, ParameterSpec, Weights } from '../parameters.ts';

export interface QuantiserShape {
  stages: number;
  codebookSize: number;
  /** Numbers in a vector. */
  channels: number;
}

export interface QuantiserSettings extends QuantiserShape {
  /** Share of the old average kept at each step. */
  gamma: number;
  initialisation: 'uniform' | 'glorot-normal' | 'k-means';
  /** A code chosen less often than this, against all being chosen alike, is dead, and moved to a vector of the batch; 0 moves none. */
  reviveBelow: number;
  /** Share of training clips that only the first so many stages code, a number drawn for each. */
  dropout: number;
}

/** Vectors of a batch through the quantiser. */
export interface Quantised {
  /** What the decoder is given, `[rows, channels]`: the chosen codes summed; gradients pass to the vectors as they are. */
  vectors: tf.Tensor2D;
  /** Mean squared distance, a number, of what a stage was given from the code it chose: `[stages]`. Gradients go to the vectors alone. */
  commitment: tf.Tensor1D;
  /** How often each code was chosen, `[stages, codebookSize]`. */
  counts: tf.Tensor2D;
}

/** A code is called dead below this share of even use, whether codes are revived or not. */
export const deadBelow = 0.03;

/** Averages below this are as good as none: a code so seldom chosen stays where it is. */
const leastUse = 1e-12;

/** Keras's `random_uniform_initializer`, which the paper's source uses. */
const uniformLimit = 0.05;

const codebookOf = (stage: number): string => `quantiser.stage${stage + 1}.codebook`;
const useOf = (stage: number): string => `quantiser.stage${stage + 1}.use`;
const batchesName = 'quantiser.kmeans.batches';

/**
 * Per stage the codebook `[codebookSize, channels]` and the average share of vectors for which each code was chosen,
 * `[codebookSize]`; for k-means how many batches there have been.
 */
export function quantiserParameters({
  stages,
  codebookSize,
  channels,
  initialisation,
}: QuantiserSettings): ParameterSpec[] {
  const initialisers: Record<QuantiserSettings['initialisation'], Initialiser> = {
    uniform: { kind: 'uniform', limit: uniformLimit },
    'glorot-normal': { kind: 'glorot-normal', fanIn: channels, fanOut: codebookSize },
    'k-means': { kind: 'zeros' },
  };
  const ofStages = Array.from({ length: stages }, (_, stage): ParameterSpec[] => [
    {
      name: codebookOf(stage),
      shape: [codebookSize, channels],
      trainable: false,
      initialiser: initialisers[initialisation],
    },
    {
      name: useOf(stage),
      shape: [codebookSize],
      trainable: false,
      initialiser: { kind: 'constant', value: 1 / codebookSize },
    },
  ]).flat();
  const batches: ParameterSpec = {
    name: batchesName,
    shape: [],
    trainable: false,
    initialiser: { kind: 'zeros' },
  };
  return initialisation === 'k-means' ? [...ofStages, batches] : ofStages;
}

/**
 * Codes `vectors` `[rows, channels]`; `weights` `[rows]` is 1 for a row that counts and 0 for padding. Nothing is learned.
 */
export function quantise(
  vectors: tf.Tensor2D,
  weights: tf.Tensor1D,
  settings: QuantiserSettings,
  variables: Weights,
): Quantised {
  const active = Array.from({ length: settings.stages }, () => weights);
  return finish(vectors, active, run(vectors, active, settings, variables, null));
}

/**
 * `quantise` of a training step of `clips` clips of as many rows each: some clips are coded by the first stages alone, and
 * codebooks follow what was given to them. Initialisation from the first batches and revival of dead codes are masks over
 * what is computed at every step, so that the step stays one graph.
 */
export function quantiseTraining(
  vectors: tf.Tensor2D,
  clips: number,
  settings: QuantiserSettings,
  variables: Weights,
  noise: NoiseSource | null,
): Quantised {
  const active = offTape(() => activeRows(vectors.shape[0], clips, settings, noise));
  const found = run(vectors, active, settings, variables, {
    noise,
    batches: settings.initialisation === 'k-means' ? variables(batchesName) : null,
  });
  return finish(vectors, active, found);
}

/** Codes of `vectors` `[rows, channels]`: int32 `[rows, stages]`. */
export function codeIndices(
  vectors: tf.Tensor2D,
  { stages }: Pick<QuantiserShape, 'stages'>,
  variables: Weights,
): tf.Tensor2D {
  return offTape(() => {
    let residual = vectors;
    const indices: tf.Tensor1D[] = [];
    for (let stage = 0; stage < stages; stage++) {
      const codebook = variables(codebookOf(stage)) as tf.Variable as tf.Tensor2D;
      const chosen = nearest(residual, codebook);
      indices.push(chosen);
      residual = tf.sub(residual, gatherRows(codebook, chosen));
    }
    return tf.stack(indices, 1) as tf.Tensor2D;
  });
}

/** The vectors that `indices` int32 `[rows, stages or fewer]` stand for, `[rows, channels]`: the first stages alone where there are fewer. */
export function vectorsOf(indices: tf.Tensor2D, variables: Weights): tf.Tensor2D {
  const columns = tf.unstack(indices, 1) as tf.Tensor1D[];
  const parts = columns.map((chosen, stage) => gatherRows(variables(codebookOf(stage)), chosen));
  return (parts.length === 1 ? parts[0] : tf.addN(parts)) as tf.Tensor2D;
}

/** How many codes of each stage are dead by their average use, `[stages]`. */
export function deadCodes({ stages, codebookSize }: QuantiserShape, variables: Weights): tf.Tensor1D {
  const counted = Array.from({ length: stages }, (_, stage) =>
    tf.sum(tf.cast(tf.less(variables(useOf(stage)), deadBelow / codebookSize), 'float32')),
  );
  return tf.stack(counted) as tf.Tensor1D;
}

/**
 * Perplexity of each stage, `[stages]`, from `counts` `[stages, codebookSize]`: how many codes chosen equally often would be
 * as hard to guess; 1 where one code has all, or none was chosen.
 */
export function perplexity(counts: tf.Tensor2D): tf.Tensor1D {
  const shares = tf.div(counts, tf.maximum(tf.sum(counts, 1, true), 1e-12));
  // 0 log 0 is 0: the floor inside the logarithm is multiplied by that 0.
  const entropy = tf.neg(tf.sum(tf.mul(shares, tf.log(tf.maximum(shares, 1e-30))), 1));
  return tf.exp(entropy) as tf.Tensor1D;
}

interface Stages {
  /** Sum of the codes chosen by the stages up to this one, `[rows, channels]`. */
  sums: tf.Tensor2D[];
  counts: tf.Tensor1D[];
}

/** The stages one after another, as constants; codebooks are moved where `training` is given. */
function run(
  vectors: tf.Tensor2D,
  active: readonly tf.Tensor1D[],
  settings: QuantiserSettings,
  variables: Weights,
  training: { noise: NoiseSource | null; batches: tf.Variable | null } | null,
): Stages {
  return offTape(() => {
    const sums: tf.Tensor2D[] = [];
    const counts: tf.Tensor1D[] = [];
    let sum: tf.Tensor2D | null = null;
    for (const [stage, weights] of active.entries()) {
      const residual: tf.Tensor2D = sum ? tf.sub(vectors, sum) : vectors;
      const codebook = variables(codebookOf(stage));
      const candidates = training && candidatesOf(residual, stage, settings, training.noise);
      const from =
        candidates && training.batches
          ? whereFirst(training.batches, candidates, codebook as tf.Variable as tf.Tensor2D)
          : (codebook as tf.Variable as tf.Tensor2D);
      const chosen = nearest(residual, from);
      const count = tf.unsortedSegmentSum(weights, chosen, settings.codebookSize) as tf.Tensor1D;
      const weight = tf.reshape(weights, [-1, 1]);
      const codes = tf.mul(gatherRows(from, chosen), weight) as tf.Tensor2D;
      sum = sum ? tf.add(sum, codes) : codes;
      sums.push(sum);
      counts.push(count);
      if (training) {
        const given = tf.unsortedSegmentSum(tf.mul(residual, weight), chosen, settings.codebookSize);
        const { batches } = training;
        follow({ stage, from, given: given as tf.Tensor2D, count, candidates, batches }, settings, variables);
      }
    }
    if (training?.batches) training.batches.assign(tf.add(training.batches, 1));
    return { sums, counts };
  });
}

/** What leaves the quantiser, back on the tape: codes for the values, the vectors themselves for the gradients. */
function finish(vectors: tf.Tensor2D, active: readonly tf.Tensor1D[], { sums, counts }: Stages): Quantised {
  const last = sums.at(-1);
  if (!last) throw new Error('A quantiser has at least one stage.');
  const channels = vectors.shape[1];
  const commitment = sums.map((sum, stage) => {
    const weights = active[stage] as tf.Tensor1D;
    const distance = tf.sum(tf.square(tf.sub(vectors, sum)), 1);
    // In training no clip may have got as far as the last stages.
    const rows = tf.maximum(tf.mul(tf.sum(weights), channels), 1e-12);
    return tf.div(tf.sum(tf.mul(distance, weights)), rows);
  });
  return {
    vectors: tf.add(
      vectors,
      offTape(() => tf.sub(last, vectors)),
    ),
    commitment: tf.stack(commitment) as tf.Tensor1D,
    counts: tf.stack(counts) as tf.Tensor2D,
  };
}

/**
 * Row of the codebook nearest to each vector, int32 `[rows]`; of equals the first. |r - e|^2 less |r|^2, which is the same for all e,
 * halved and turned round, so that what is added to the products is a bias, which TensorFlow adds as it multiplies.
 */
function nearest(vectors: tf.Tensor2D, codebook: tf.Tensor2D): tf.Tensor1D {
  const bias = tf.mul(tf.sum(tf.square(codebook), 1), -0.5);
  return tf.argMax(tf.add(tf.matMul(vectors, codebook, false, true), bias), 1) as tf.Tensor1D;
}

/** Rows of the batch, one a code, drawn evenly, `[codebookSize, channels]`; null where no code is ever moved to one. */
function candidatesOf(
  residual: tf.Tensor2D,
  stage: number,
  { codebookSize, reviveBelow, initialisation }: QuantiserSettings,
  noise: NoiseSource | null,
): tf.Tensor2D | null {
  if (reviveBelow === 0 && initialisation !== 'k-means') return null;
  const rows = residual.shape[0];
  // Without noise, rows at equal distances.
  const drawn =
    noise?.uniform(`quantiser stage ${stage + 1}`, [codebookSize]) ??
    tf.div(tf.range(0, codebookSize), codebookSize);
  const chosen = tf.minimum(tf.floor(tf.mul(drawn, rows)), rows - 1);
  return gatherRows(residual, tf.cast(chosen, 'int32') as tf.Tensor1D) as tf.Tensor2D;
}

/** `first` where there has been no batch yet, else `otherwise`. */
function whereFirst(batches: tf.Variable, first: tf.Tensor2D, otherwise: tf.Tensor2D): tf.Tensor2D {
  const isFirst = tf.cast(tf.equal(batches, 0), 'float32');
  return tf.add(tf.mul(first, isFirst), tf.mul(otherwise, tf.sub(1, isFirst)));
}

/**
 * Moves one codebook: e <- (gamma N e + (1 - gamma) s) / N', N' = gamma N + (1 - gamma) n, with n the share of vectors for which a
 * code was chosen and s their sum over all vectors. For k-means the first batches all weigh the same (Sculley 2010), until
 * that reaches gamma.
 */
function follow(
  args: {
    stage: number;
    from: tf.Tensor2D;
    given: tf.Tensor2D;
    count: tf.Tensor1D;
    candidates: tf.Tensor2D | null;
    batches: tf.Variable | null;
  },
  { gamma, codebookSize, reviveBelow }: QuantiserSettings,
  variables: Weights,
): void {
  const { stage, from, given, count, candidates, batches } = args;
  const use = variables(useOf(stage));
  const kept = batches ? tf.minimum(gamma, tf.div(batches, tf.add(batches, 1))) : tf.scalar(gamma);
  const taken = tf.sub(1, kept);
  const rows = tf.maximum(tf.sum(count), 1e-12);
  // No clip may have got as far as this stage: then nothing of it moves.
  const any = tf.cast(tf.greater(tf.sum(count), 0), 'float32');
  const nextUse = tf.add(tf.mul(use, tf.sub(1, tf.mul(taken, any))), tf.mul(tf.div(count, rows), taken));
  const before = tf.reshape(tf.mul(use, kept), [-1, 1]);
  const moved = tf.div(
    tf.add(tf.mul(from, before), tf.mul(given, tf.div(taken, rows))),
    tf.maximum(tf.reshape(nextUse, [-1, 1]), leastUse),
  );
  const isUsed = tf.cast(tf.greater(nextUse, leastUse), 'float32');
  const moves = tf.reshape(tf.mul(isUsed, any), [-1, 1]);
  let codebook = tf.add(tf.mul(moved, moves), tf.mul(from, tf.sub(1, moves)));
  let shares: tf.Tensor = nextUse;
  if (candidates && reviveBelow > 0) {
    const dead = tf.mul(tf.cast(tf.less(nextUse, reviveBelow / codebookSize), 'float32'), any);
    const column = tf.reshape(dead, [-1, 1]);
    codebook = tf.add(tf.mul(codebook, tf.sub(1, column)), tf.mul(candidates, column));
    // As if it had been used evenly: it is given time before it counts as dead again.
    shares = tf.add(tf.mul(shares, tf.sub(1, dead)), tf.mul(dead, 1 / codebookSize));
  }
  variables(codebookOf(stage)).assign(codebook);
  use.assign(shares);
}

/** Which rows each stage codes, `[rows]` of 0 and 1 for each stage: all, but for the clips that dropout takes. */
function activeRows(
  rows: number,
  clips: number,
  { stages, dropout }: QuantiserSettings,
  noise: NoiseSource | null,
): tf.Tensor1D[] {
  const all = tf.ones([rows]) as tf.Tensor1D;
  if (dropout === 0 || !noise || stages === 1) return Array.from({ length: stages }, () => all);
  const isCut = tf.less(noise.uniform('quantiser dropout', [clips]), dropout);
  const drawn = tf.add(1, tf.floor(tf.mul(noise.uniform('quantiser stages', [clips]), stages)));
  const reached = tf.where(isCut, drawn, tf.fill([clips], stages));
  return Array.from({ length: stages }, (_, stage) => {
    if (stage === 0) return all;
    const ofClips = tf.reshape(tf.cast(tf.greater(reached, stage), 'float32'), [clips, 1]);
    return tf.reshape(tf.tile(ofClips, [1, rows / clips]), [rows]) as tf.Tensor1D;
  });
}
