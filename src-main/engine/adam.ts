import * as tf from '@tensorflow/tfjs-core';
import { momentName, stepName } from './adam-state.ts';
import { currentResourceUpdates } from './capture/resource-updates.ts';
import { currentTensorFlow } from './backends/current.ts';
import type { StateEntry, StateRegistry } from './state.ts';

export interface AdamOptions {
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

/** What a step reports: the loss parts as given, and the global norm of the gradients before clipping. */
export type StepResult<Parts> = Parts & { gradientNorm: tf.Scalar };

/**
 * Adam (Kingma and Ba, 2015, the form at the end of its section 2: the learning rate carries the bias correction, as
 * Keras and TensorFlow do). Its moments and step counter are registered state, so they are saved and resumed with the weights.
 */
export class Adam {
  readonly #parameters: { parameter: StateEntry; m: StateEntry; v: StateEntry }[];
  readonly #step: StateEntry;
  readonly #options: Required<AdamOptions>;

  /** Registers moments for every trainable variable in `state`; build the model before. */
  constructor(state: StateRegistry, options: AdamOptions = {}) {
    this.#options = {
      beta1: options.beta1 ?? 0.9,
      beta2: options.beta2 ?? 0.999,
      epsilon: options.epsilon ?? 1e-7,
    };
    const moment = (kind: 'm' | 'v', { name, variable }: StateEntry): StateEntry =>
      registerZeros(state, momentName(kind, name), variable.shape, 'float32');
    this.#parameters = state
      .trainable()
      .map((parameter) => ({ parameter, m: moment('m', parameter), v: moment('v', parameter) }));
    this.#step = registerZeros(state, stepName, [], 'int32');
  }

  /**
   * One step down `loss().total`. Call inside tf.tidy. `clipNorm` limits the global norm of the gradients (a scalar;
   * null for none).
   */
  minimise<Parts extends { total: tf.Scalar }>(
    loss: () => Parts,
    args: { learningRate: tf.Scalar; clipNorm: tf.Scalar | null },
  ): StepResult<Parts> {
    const { parts, gradients } = this.#gradients(loss);
    const gradientNorm = globalNorm(gradients.map(({ gradient }) => gradient));
    const scale = args.clipNorm
      ? (tf.minimum(1, tf.div(args.clipNorm, tf.maximum(gradientNorm, 1e-12))) as tf.Scalar)
      : null;
    const step = tf.add(this.#step.variable, tf.scalar(1, 'int32'));
    this.#step.variable.assign(step as tf.Tensor);
    this.#update(gradients, scale, tf.cast(step, 'float32') as tf.Scalar, args.learningRate);
    return { ...parts, gradientNorm };
  }

  #gradients<Parts extends { total: tf.Scalar }>(
    loss: () => Parts,
  ): { parts: Parts; gradients: { index: number; gradient: tf.Tensor }[] } {
    let parts: Parts | undefined;
    const { grads } = tf.variableGrads(
      () => {
        parts = loss();
        // The forward scope disposes of everything but the total; the other parts are to outlive it.
        for (const part of Object.values(parts)) tf.keep(part as tf.Tensor);
        return parts.total;
      },
      this.#parameters.map(({ parameter }) => parameter.variable),
    );
    if (!parts) throw new Error('the loss was not evaluated');
    for (const part of Object.values(parts) as tf.Tensor[]) {
      // Back under the caller's tidy. tfjs has no public way to undo `keep`; its engine does it with these two.
      (part as { kept: boolean }).kept = false;
      (tf.engine() as unknown as { track(tensor: tf.Tensor): void }).track(part);
    }
    const gradients = this.#parameters.flatMap(({ parameter }, index) => {
      const gradient = grads[parameter.variable.name];
      return gradient ? [{ index, gradient }] : [];
    });
    return { parts, gradients };
  }

  #update(
    gradients: { index: number; gradient: tf.Tensor }[],
    scale: tf.Scalar | null,
    step: tf.Scalar,
    learningRate: tf.Scalar,
  ): void {
    const { beta1, beta2, epsilon } = this.#options;
    const beta1Power = tf.pow(beta1, step);
    const beta2Power = tf.pow(beta2, step);
    const fused = currentResourceUpdates();
    const constants = fused
      ? { beta1: tf.scalar(beta1), beta2: tf.scalar(beta2), epsilon: tf.scalar(epsilon) }
      : null;
    const stepSize = tf.div(tf.mul(learningRate, tf.sqrt(tf.sub(1, beta2Power))), tf.sub(1, beta1Power));
    for (const { index, gradient: raw } of gradients) {
      const target = this.#parameters[index];
      if (!target) continue;
      const { parameter, m, v } = target;
      const gradient = scale ? tf.mul(raw, scale) : raw;
      if (fused && constants) {
        fused.applyAdam({
          parameter: parameter.name,
          firstMoment: m.name,
          secondMoment: v.name,
          gradient,
          beta1Power,
          beta2Power,
          learningRate,
          ...constants,
        });
        continue;
      }
      const nextM = tf.add(m.variable, tf.mul(tf.sub(gradient, m.variable), 1 - beta1));
      const nextV = tf.add(v.variable, tf.mul(tf.sub(tf.square(gradient), v.variable), 1 - beta2));
      m.variable.assign(nextM);
      v.variable.assign(nextV);
      const change = tf.div(tf.mul(nextM, stepSize), tf.add(tf.sqrt(nextV), epsilon));
      parameter.variable.assign(tf.sub(parameter.variable, change));
    }
  }
}

function registerZeros(
  state: StateRegistry,
  name: string,
  shape: number[],
  dtype: 'float32' | 'int32',
): StateEntry {
  tf.tidy(() => state.register(name, tf.zeros(shape, dtype), { trainable: false }));
  const entry = state.get(name);
  if (!entry) throw new Error(`${name} was not registered`);
  return entry;
}

/** sqrt of the sum of squares over all gradients: scalar. */
function globalNorm(gradients: tf.Tensor[]): tf.Scalar {
  return tf.sqrt(tf.addN(gradients.map(sumOfSquares))) as tf.Scalar;
}

function sumOfSquares(x: tf.Tensor): tf.Tensor {
  const backend = currentTensorFlow();
  if (!backend) return tf.sum(tf.square(x));
  const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE as number, value: backend.binding.TF_FLOAT };
  return tf.mul(backend.executeSingleOutput('L2Loss', [type], [x]), 2);
}
