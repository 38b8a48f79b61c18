import * as tf from '@tensorflow/tfjs-core';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { TensorFlowBackend } from '../backends/tensorflow.ts';
import { dataType, type GraphNode, type NodeOutput } from './graph.ts';
import type { Recorder } from './recorder.ts';

/** What one fused Adam update works on: names of registered variables, and scalars of the step. */
export interface FusedAdamUpdate {
  parameter: string;
  firstMoment: string;
  secondMoment: string;
  gradient: tf.Tensor;
  beta1Power: tf.Tensor;
  beta2Power: tf.Tensor;
  learningRate: tf.Tensor;
  beta1: tf.Tensor;
  beta2: tf.Tensor;
  epsilon: tf.Tensor;
}

/**
 * Updates that TensorFlow applies to variables in place (ResourceApplyAdam: one pass instead of ten). They exist only in
 * a graph; the eager path computes the same with ordinary ops.
 */
export class ResourceUpdates {
  readonly #recorder: Recorder;
  readonly #handles: ReadonlyMap<string, GraphNode>;
  readonly #updates: { name: string; inputs: NodeOutput[] }[] = [];

  constructor(recorder: Recorder, handles: ReadonlyMap<string, GraphNode>) {
    this.#recorder = recorder;
    this.#handles = handles;
  }

  applyAdam(update: FusedAdamUpdate): void {
    const { parameter, firstMoment, secondMoment } = update;
    this.#updates.push({
      name: parameter,
      inputs: [
        ...[parameter, firstMoment, secondMoment].map((name) => this.#handle(name)),
        ...[update.beta1Power, update.beta2Power, update.learningRate].map((tensor) => this.#source(tensor)),
        ...[update.beta1, update.beta2, update.epsilon, update.gradient].map((tensor) =>
          this.#source(tensor),
        ),
      ],
    });
  }

  /** Adds the update nodes, each after every read. */
  nodes(reads: GraphNode[]): GraphNode[] {
    return this.#updates.map(({ name, inputs }) =>
      this.#recorder.addNode(
        'ResourceApplyAdam',
        `adam/${name}`,
        inputs,
        {
          T: { kind: 'type', value: dataType.float32 },
          use_locking: { kind: 'bool', value: false },
          use_nesterov: { kind: 'bool', value: false },
        },
        reads,
      ),
    );
  }

  #handle(name: string): NodeOutput {
    const node = this.#handles.get(name);
    if (!node)
      throw new ResynthError('engine/state-mismatch', { name, expected: 'registered', given: 'unknown' });
    return { node, index: 0 };
  }

  #source(tensor: tf.Tensor): NodeOutput {
    const backend = tf.backend() as TensorFlowBackend;
    const [id] = backend.getInputTensorIds([tensor]);
    return this.#recorder.sourceOf(id ?? -1);
  }
}

let active: ResourceUpdates | null = null;

/** Makes `updates` the ones that an optimiser finds while `use` runs. */
export function withResourceUpdates<Result>(updates: ResourceUpdates, use: () => Result): Result {
  active = updates;
  try {
    return use();
  } finally {
    active = null;
  }
}

/** The updates of the capture under way, or null when nothing is being captured. */
export function currentResourceUpdates(): ResourceUpdates | null {
  return active;
}
