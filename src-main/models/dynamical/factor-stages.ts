/** The stages that dynamical models are made of, by the factor that they compute. */
import * as tf from '@tensorflow/tfjs-core';
import { scan, scanHalves } from '../../engine/scan.ts';
import type { Layers } from './factors.ts';
import { gaussian, gaussianHead } from './gaussian.ts';
import { linear, outputsOf, runMlp } from './layers.ts';
import type { LayerContext, Mlp, Pass } from './layers.ts';
import { type FrameStage, named, type RecurrentStage, type StaticStage } from './stage.ts';

/** Values side by side, and a perceptron over them. */
interface Through {
  /** What it reads, in the order in which the numbers lie side by side. */
  of: readonly string[];
  /** Which of them are values of the whole sequence. */
  statics?: readonly string[];
  /** None: the values themselves. */
  mlp?: Mlp;
}

/** A frame stage: the perceptron over each frame, then `finish`. */
function throughMlp(
  name: string,
  through: Through,
  outputs: Readonly<Record<string, number>>,
  layers: Layers,
  finish: (
    features: tf.Tensor2D,
    values: Readonly<Record<string, tf.Tensor2D>>,
  ) => Record<string, tf.Tensor2D>,
  more: readonly string[] = [],
): FrameStage {
  const { of, statics = [] } = through;
  return {
    kind: 'frames',
    name,
    inputs: [...of.filter((one) => !statics.includes(one)), ...more],
    statics,
    outputs,
    run: (values, pass) => finish(featuresOf(values, through, { ...layers, pass }), values),
  };
}

function featuresOf(
  values: Readonly<Record<string, tf.Tensor2D>>,
  { of, mlp }: Through,
  context: LayerContext,
): tf.Tensor2D {
  const all = of.map((name) => values[name] as tf.Tensor2D);
  const joined = all.length === 1 ? (all[0] as tf.Tensor2D) : tf.concat(all, 1);
  return mlp ? runMlp(joined, mlp, context) : joined;
}

/** Features of each frame, under `output`. */
export function mlpStage(
  through: Through & { name: string; mlp: Mlp; output: string },
  layers: Layers,
): FrameStage {
  const { name, output, mlp } = through;
  return throughMlp(name, through, { [output]: outputsOf(mlp) }, layers, (features) => ({
    [output]: features,
  }));
}

/** p(x_t | ...): the log-variance of each bin, from the linear layer `gen_logvar` on top of a perceptron. */
export function generationOfX(through: Through, bins: number, layers: Layers): FrameStage {
  return throughMlp('generationOfX', through, { xLogVar: bins }, layers, (features) => ({
    xLogVar: linear(features, 'gen_logvar', layers.weights),
  }));
}

/** p(z_t | ...): the prior from the head `prior` on top of a perceptron. */
export function generationOfZ(through: Through, zDim: number, layers: Layers): FrameStage {
  const outputs = { priorMean: zDim, priorLogVar: zDim };
  return throughMlp('generationOfZ', through, outputs, layers, (features) => {
    const { mean, logVar } = gaussian(features, 'prior', layers.weights);
    return { priorMean: mean, priorLogVar: logVar };
  });
}

/** q(z_t | ...) where it is not given the z before: the posterior from `head`, and a draw from it. */
export function inferenceOfZ(through: Through & { head: string }, zDim: number, layers: Layers): FrameStage {
  const infer = (features: tf.Tensor2D, values: Readonly<Record<string, tf.Tensor2D>>) => {
    const eps = values.eps as tf.Tensor2D;
    const { mean, logVar, draw } = gaussianHead(features, eps, through.head, layers.weights);
    return { zMean: mean, zLogVar: logVar, z: draw };
  };
  return throughMlp('inference', through, zOutputs(zDim), layers, infer, ['eps']);
}

/** q(v | ...) from the head `inf_v`: the posterior of what is one for the whole sequence, and a draw from it. */
export function inferenceOfV(through: Through, vDim: number, layers: Layers): StaticStage {
  return {
    kind: 'static',
    name: 'inferenceOfV',
    inputs: [...through.of, 'vEps'],
    outputs: { vMean: vDim, vLogVar: vDim, v: vDim },
    run(values, pass) {
      const features = featuresOf(values, through, { ...layers, pass });
      const eps = values.vEps as tf.Tensor2D;
      const { mean, logVar, draw } = gaussianHead(features, eps, 'inf_v', layers.weights);
      return { vMean: mean, vLogVar: logVar, v: draw };
    },
  };
}

function zOutputs(zDim: number): { zMean: number; zLogVar: number; z: number } {
  return { zMean: zDim, zLogVar: zDim, z: zDim };
}

/** What a recurrence carries, by name, each `[batch, dim]`. */
export type Carried = Readonly<Record<string, tf.Tensor2D>>;

/** One frame of an inference that passes through the draws of z. */
export interface InferenceStep {
  /** What was carried from the frame before. */
  carried: Carried;
  /** This frame of what was prepared for all frames. */
  prepared: readonly tf.Tensor2D[];
  /** z_t: a draw from the posterior by the head `inf` on top of `features`. */
  draw(features: tf.Tensor2D): tf.Tensor2D;
  /** Keeps the dropout of this frame apart. */
  site: string;
}

/**
 * q(z_t | z_1:t-1, ...) by the head `inf`, frame by frame: what is known of all frames (`of`) is prepared at once, the rest waits for the
 * draw of the frame before.
 */
export function inferenceThroughZ(
  stage: {
    of: string;
    zDim: number;
    carry: Readonly<Record<string, number>>;
    /** What a step gives beside z. */
    outputs?: Readonly<Record<string, number>>;
    open(
      known: tf.Tensor3D,
      pass: Pass,
    ): {
      prepared: readonly tf.Tensor3D[];
      step(frame: InferenceStep): { carry: Carried; outputs?: Carried };
    };
  },
  { weights }: Layers,
): RecurrentStage {
  const names = Object.keys(stage.carry);
  const outputs = { ...zOutputs(stage.zDim), ...stage.outputs };
  return {
    kind: 'recurrent',
    name: 'inference',
    direction: 'forward',
    inputs: [stage.of, 'eps'],
    outputs,
    carry: stage.carry,
    run(inputs, carry, pass) {
      const { prepared, step } = stage.open(inputs[stage.of] as tf.Tensor3D, pass);
      // A recurrent layer inside the step: so many operations that twice as many take too long to compile (150 frames: half as long again).
      const large = names.length > 1;
      const { carry: end, ys } = (large ? scan : scanHalves)(
        (state, [noise, ...frames], time, half) => {
          let posterior: Carried = {};
          const draw = (features: tf.Tensor2D): tf.Tensor2D => {
            const found = gaussianHead(features, noise as tf.Tensor2D, 'inf', weights);
            posterior = { zMean: found.mean, zLogVar: found.logVar, z: found.draw };
            return found.draw;
          };
          const carried = named(names, state as tf.Tensor2D[]);
          const given = step({
            carried,
            prepared: frames as tf.Tensor2D[],
            draw,
            site: half ? `@${time}/2` : `@${time}`,
          });
          const all = { ...posterior, ...given.outputs };
          return { carry: inOrder(names, given.carry), y: inOrder(Object.keys(outputs), all) };
        },
        inOrder(names, carry),
        [inputs.eps as tf.Tensor3D, ...prepared],
      );
      return {
        outputs: named(Object.keys(outputs), ys as tf.Tensor3D[]),
        carry: named(names, end as tf.Tensor2D[]),
      };
    },
  };
}

function inOrder(names: readonly string[], values: Carried): tf.Tensor2D[] {
  return names.map((name) => {
    const value = values[name];
    if (!value) throw new Error(`the inference gives no ${name}`);
    return value;
  });
}
