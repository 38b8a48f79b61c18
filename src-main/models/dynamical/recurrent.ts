import * as tf from '@tensorflow/tfjs-core';
import { lstmLayer } from '../../engine/ops/lstm-layer.ts';
import { lstmStep } from '../../engine/ops/lstm.ts';
import { inHalves, scan, type ScanCell, type ScanResult } from '../../engine/scan.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { lastFrame, previousFrames } from './frames.ts';
import { type FrameStage, named, type RecurrentStage, type Stage } from './stage.ts';

export type CellKind = 'lstm' | 'rnn';

/** A recurrent layer or a stack of them, as PyTorch's nn.LSTM and nn.RNN (tanh). */
export interface Recurrent {
  name: string;
  kind: CellKind;
  inputs: number;
  units: number;
  layers: number;
  bidirectional: boolean;
}

/** An LSTM that runs in one direction, unless said otherwise. */
export function lstm(
  name: string,
  size: { inputs: number; units: number; layers: number; bidirectional?: boolean },
): Recurrent {
  return { bidirectional: false, ...size, name, kind: 'lstm' };
}

/** Numbers a frame that come out of it. */
export function recurrentOutputs({ units, bidirectional }: Recurrent): number {
  return bidirectional ? 2 * units : units;
}

/** Weights `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0` (gates in the order i, f, g, o), then `_reverse`, then `_l1`, ... */
export function recurrentParameters(recurrent: Recurrent): ParameterSpec[] {
  const { name, kind, units } = recurrent;
  const rows = kind === 'lstm' ? 4 * units : units;
  const initialiser = { kind: 'uniform', limit: 1 / Math.sqrt(units) } as const;
  return suffixes(recurrent).flatMap(({ suffix, inputs }) =>
    (
      [
        ['weight_ih', [rows, inputs]],
        ['weight_hh', [rows, units]],
        ['bias_ih', [rows]],
        ['bias_hh', [rows]],
      ] as const
    ).map(([part, shape]) => ({ name: `${name}.${part}${suffix}`, shape, trainable: true, initialiser })),
  );
}

function suffixes({ inputs, units, layers, bidirectional }: Recurrent): { suffix: string; inputs: number }[] {
  return Array.from({ length: layers }, (_, layer) => {
    const here = layer === 0 ? inputs : bidirectional ? 2 * units : units;
    const forward = { suffix: `_l${layer}`, inputs: here };
    return bidirectional ? [forward, { suffix: `_l${layer}_reverse`, inputs: here }] : [forward];
  }).flat();
}

/** One layer's weights, transposed for products from the left; an LSTM's gates in our order (see LstmWeights). */
interface CellWeights {
  /** `[inputs, gates]` */
  kernel: tf.Tensor2D;
  /** `[units, gates]` */
  recurrentKernel: tf.Tensor2D;
  /** `[gates]`: the reference's two biases added, each of which gets the whole gradient. */
  bias: tf.Tensor1D;
}

/** The weights of `name` with `suffix` (`_l0`). */
function cellWeights(name: string, kind: CellKind, suffix: string, weights: Weights): CellWeights {
  const read = (part: string): tf.Tensor => {
    const value = weights(`${name}.${part}${suffix}`) as tf.Tensor;
    if (kind === 'rnn') return value;
    const [input, forget, candidate, output] = tf.split(value, 4, 0) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    return tf.concat([input, candidate, forget, output], 0);
  };
  return {
    kernel: tf.transpose(read('weight_ih') as tf.Tensor2D),
    recurrentKernel: tf.transpose(read('weight_hh') as tf.Tensor2D),
    bias: tf.add(read('bias_ih'), read('bias_hh')) as tf.Tensor1D,
  };
}

/** `xs` `[time, batch, inputs]` times the input weights, with the bias: `[time, batch, gates]`, in one product. */
function projectInputs(xs: tf.Tensor3D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor3D {
  const [time, batch, inputs] = xs.shape;
  const product = tf.matMul(tf.reshape(xs, [time * batch, inputs]) as tf.Tensor2D, kernel);
  return tf.reshape(tf.add(product, bias), [time, batch, kernel.shape[1]]);
}

/** The next state of a cell whose inputs are projected already. An LSTM's state is `[h, c]`, a plain RNN's `[h]`. */
function cellStep(
  kind: CellKind,
  state: readonly tf.Tensor2D[],
  projected: tf.Tensor2D,
  recurrentKernel: tf.Tensor2D,
): tf.Tensor2D[] {
  const [h, c] = state as [tf.Tensor2D, tf.Tensor2D];
  const gates = tf.add(projected, tf.matMul(h, recurrentKernel)) as tf.Tensor2D;
  return kind === 'lstm' ? lstmStep(gates, c) : [tf.tanh(gates)];
}

/** Names of a cell's state. */
function stateNames(kind: CellKind): readonly string[] {
  return kind === 'lstm' ? ['h', 'c'] : ['h'];
}

/** A recurrent layer, or a stack, inside a recurrence of which it is only a part: stepped frame by frame. */
export interface CellStack {
  /** Its state: what is carried from frame to frame. */
  carry: Record<string, number>;
  /** What the last layer gave last. */
  output(carried: State): tf.Tensor2D;
  /** The cells with their weights; `known` is how many of the inputs, the first ones, are known of all frames. */
  read(weights: Weights, known: number): StackCells;
}

/** A state by name, each `[batch, units]`. */
export type State = Readonly<Record<string, tf.Tensor2D>>;

export interface StackCells {
  /** The products of the known inputs of all frames, `[time, batch, known]`. */
  prepare(xs: tf.Tensor3D): tf.Tensor3D;
  /** The next state; `late` are the inputs that were not known, null where all were. */
  step(carried: State, prepared: tf.Tensor2D | null, late: tf.Tensor2D | null): Record<string, tf.Tensor2D>;
}

/** The cells of a recurrent layer (or a stack) that runs in one direction. */
export function cellStack({ name, kind, inputs, units, layers }: Recurrent): CellStack {
  const namesOf = (layer: number): string[] => stateNames(kind).map((part) => `${name}.${part}${layer}`);
  const numbered = Array.from({ length: layers }, (_, layer) => layer);
  const ofLayer = (state: State, layer: number): tf.Tensor2D[] =>
    namesOf(layer).map((one) => state[one] as tf.Tensor2D);
  const output = (state: State): tf.Tensor2D => ofLayer(state, layers - 1)[0] as tf.Tensor2D;
  return {
    carry: Object.fromEntries(numbered.flatMap(namesOf).map((one) => [one, units])),
    output,
    read(weights, known) {
      const cells = numbered.map((layer) => cellWeights(name, kind, `_l${layer}`, weights));
      const { kernel, bias } = cells[0] as CellWeights;
      const [ofKnown, ofLate] =
        known === 0 || known === inputs
          ? [kernel, kernel]
          : (tf.split(kernel, [known, inputs - known], 0) as [tf.Tensor2D, tf.Tensor2D]);
      return {
        prepare: (xs) => projectInputs(xs, ofKnown, bias),
        step(carried, prepared, late) {
          const next: Record<string, tf.Tensor2D> = {};
          let below = late;
          for (const [layer, cell] of cells.entries()) {
            const products = below && tf.matMul(below, layer === 0 ? ofLate : cell.kernel);
            const known = layer === 0 ? prepared : null;
            const projected =
              known && products
                ? tf.add(known, products)
                : (known ?? tf.add(products as tf.Tensor2D, cell.bias));
            const own = cellStep(
              kind,
              ofLayer(carried, layer),
              projected as tf.Tensor2D,
              cell.recurrentKernel,
            );
            Object.assign(next, named(namesOf(layer), own));
            [below = null] = own;
          }
          return next;
        },
      };
    },
  };
}

/** The frame before each frame of `input`, zeros before the first. */
export function previousStage(input: string, output: string, dim: number): RecurrentStage {
  return {
    kind: 'recurrent',
    name: output,
    direction: 'forward',
    inputs: [input],
    outputs: { [output]: dim },
    carry: { last: dim },
    run(inputs, { last }) {
      const xs = inputs[input] as tf.Tensor3D;
      return {
        outputs: { [output]: previousFrames(xs, last as tf.Tensor2D) },
        carry: { last: lastFrame(xs) },
      };
    },
  };
}

/**
 * The stages of a recurrent layer over sequences that are known: `inputs` side by side in, `output` out, `[..., units]` or both directions side by side.
 * `flipped` runs it over the reversed sequence, as the reference does with flip, run, flip: its forward weights then go backward in
 * time. `finals` names the outputs at the last frame that each direction took. `ofThePast`: the inputs are
 * of the frame before each frame, and before the first there is none, so its state stays 0.
 */
export function recurrentStages(
  recurrent: Recurrent,
  weights: Weights,
  ends: {
    inputs: readonly string[];
    output: string;
    flipped?: boolean;
    finals?: readonly string[];
    ofThePast?: boolean;
  },
): Stage[] {
  const { name, kind, units, layers, bidirectional } = recurrent;
  const stages: Stage[] = [];
  let { inputs } = ends;
  for (let layer = 0; layer < layers; layer++) {
    const last = layer === layers - 1;
    const output = last ? ends.output : `${name}.l${layer}`;
    const directions = bidirectional ? [false, true] : [false];
    const names = bidirectional ? [`${output}.first`, `${output}.second`] : [output];
    for (const [index, reverse] of directions.entries()) {
      const final = last ? ends.finals?.[index] : undefined;
      const given = names[index] as string;
      stages.push(
        layerStage({
          name: `${name}_l${layer}${reverse ? '_reverse' : ''}`,
          kind,
          units,
          cell: () => cellWeights(name, kind, `_l${layer}${reverse ? '_reverse' : ''}`, weights),
          direction: reverse !== (ends.flipped ?? false) ? 'backward' : 'forward',
          alone: !bidirectional,
          inputs,
          output: given,
          ofThePast: ends.ofThePast ?? false,
          finals: final === undefined ? {} : { [final]: given },
        }),
      );
    }
    if (bidirectional) stages.push(sideBySide(names, output, 2 * units));
    inputs = [output];
  }
  return stages;
}

function layerStage(layer: {
  name: string;
  kind: CellKind;
  units: number;
  cell: () => CellWeights;
  direction: RecurrentStage['direction'];
  /** It is the only direction of its layer. */
  alone: boolean;
  inputs: readonly string[];
  output: string;
  ofThePast: boolean;
  finals: Record<string, string>;
}): RecurrentStage {
  const states = stateNames(layer.kind);
  // One from the second frame on.
  const begun = layer.ofThePast ? ['begun'] : [];
  return {
    kind: 'recurrent',
    name: layer.name,
    direction: layer.direction,
    inputs: layer.inputs,
    outputs: { [layer.output]: layer.units },
    carry: Object.fromEntries([
      ...states.map((state) => [state, layer.units] as const),
      ...begun.map((one) => [one, 1] as const),
    ]),
    finals: layer.finals,
    run(inputs, carry) {
      const { kernel, recurrentKernel, bias } = layer.cell();
      const known = layer.inputs.map((input) => inputs[input] as tf.Tensor3D);
      const names = [...states, ...begun];
      const cell: ScanCell = (state, [x]) => {
        const own = state.slice(0, states.length) as tf.Tensor2D[];
        const next = cellStep(layer.kind, own, x as tf.Tensor2D, recurrentKernel);
        const started = state[states.length];
        const kept = started ? next.map((value) => tf.mul(value, started) as tf.Tensor2D) : next;
        return {
          carry: started ? [...kept, tf.onesLike(started)] : kept,
          y: [kept[0] as tf.Tensor2D],
        };
      };
      cell.prepare = ([xs]) => [projectInputs(xs as tf.Tensor3D, kernel, bias)];
      const run = (init: tf.Tensor[], [xs]: tf.Tensor[]): ScanResult =>
        layer.kind === 'lstm' && !layer.ofThePast
          ? lstmLayer({ kernel, recurrentKernel, bias }, init, xs as tf.Tensor)
          : scan(cell, init, [xs as tf.Tensor]);
      const init = names.map((name) => carry[name] as tf.Tensor2D);
      const xs = [known.length === 1 ? known[0]! : tf.concat(known, 2)];
      const { carry: end, ys } = layer.alone ? inHalves(run, init, xs) : run(init, xs);
      return { outputs: { [layer.output]: ys[0] as tf.Tensor3D }, carry: named(names, end as tf.Tensor2D[]) };
    },
  };
}

function sideBySide(names: readonly string[], output: string, dim: number): FrameStage {
  return {
    kind: 'frames',
    name: output,
    inputs: names,
    outputs: { [output]: dim },
    run: (values) => ({
      [output]: tf.concat(
        names.map((name) => values[name] as tf.Tensor2D),
        1,
      ),
    }),
  };
}
