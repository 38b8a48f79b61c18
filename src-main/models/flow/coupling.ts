import * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { convolutionParameters, convolve } from '../parts/convolution.ts';
import type { ConvolutionShape } from '../parts/convolution.ts';
import { dense, denseParameters } from '../parts/dense.ts';
import type { Bijection, ImageShape } from './bijection.ts';
import { checkerboard, halves } from './masks.ts';
import type { MaskKind } from './masks.ts';

/** Size of the net that a coupling asks for scale and shift. */
export interface CouplingNet {
  /** Channels inside. */
  hidden: number;
  /** Residual blocks between the first layer and the last. */
  residualBlocks: number;
}

export interface CouplingSettings extends CouplingNet {
  mask: MaskKind;
  /** The other half is changed. */
  odd: boolean;
}

/** Largest |log scale| of one coupling: no single layer can blow a number up by more than e^2. */
const scaleLimit = 2;

/**
 * An affine coupling (Dinh et al. 2017, equations 7 to 9): one half of the numbers stays and is read by a net, which gives the
 * scale and the shift of the other. The net's last layer begins at zero, so that the coupling begins as the identity.
 */
export function coupling(name: string, shape: ImageShape, settings: CouplingSettings): Bijection {
  return settings.mask === 'channel' ? byChannels(name, shape, settings) : byPlaces(name, shape, settings);
}

/** Every number is given to the net, those that change as zeros: what is next to what stays as it is. */
function byPlaces(name: string, shape: ImageShape, settings: CouplingSettings): Bijection {
  const [, , channels] = shape;
  const net = couplingNet(name, shape, channels, channels, settings);
  const maskOf = (): tf.Tensor => tf.tensor(checkerboard(shape, settings.odd), [1, ...shape], 'float32');
  const affine = (x: tf.Tensor4D, mask: tf.Tensor, weights: Weights): { s: tf.Tensor; t: tf.Tensor } => {
    const { s, t } = net.read(tf.mul(x, mask), weights);
    const changing = tf.sub(1, mask);
    return { s: tf.mul(s, changing), t: tf.mul(t, changing) };
  };
  return {
    parameters: net.parameters,
    outputShape: shape,
    forward(x, { weights }) {
      // What the net is given is the same before and after: the mask leaves it as it is.
      const { s, t } = affine(x, maskOf(), weights);
      return { y: tf.add(tf.mul(x, tf.exp(s)), t), logDet: tf.sum(s, [1, 2, 3]) };
    },
    inverse(y, weights) {
      const { s, t } = affine(y, maskOf(), weights);
      return tf.mul(tf.sub(y, t), tf.exp(tf.neg(s)));
    },
  };
}

/** The channels are cut in two: the net sees one part and gives as many numbers as the other has. */
function byChannels(name: string, shape: ImageShape, settings: CouplingSettings): Bijection {
  const [height, width, channels] = shape;
  const sizes = halves(channels);
  const kept = settings.odd ? 1 : 0;
  const changed = 1 - kept;
  const net = couplingNet(name, [height, width, channels], sizes[kept]!, sizes[changed]!, settings);
  const parts = (x: tf.Tensor4D): tf.Tensor4D[] => tf.split(x, sizes, 3);
  const whole = (keptPart: tf.Tensor4D, changedPart: tf.Tensor4D): tf.Tensor4D =>
    tf.concat4d(settings.odd ? [changedPart, keptPart] : [keptPart, changedPart], 3);
  return {
    parameters: net.parameters,
    outputShape: shape,
    forward(x, { weights }) {
      const split = parts(x);
      const [read, other] = [split[kept]!, split[changed]!];
      const { s, t } = net.read(read, weights);
      return { y: whole(read, tf.add(tf.mul(other, tf.exp(s)), t)), logDet: tf.sum(s, [1, 2, 3]) };
    },
    inverse(y, weights) {
      const split = parts(y);
      const [read, other] = [split[kept]!, split[changed]!];
      const { s, t } = net.read(read, weights);
      return whole(read, tf.mul(tf.sub(other, t), tf.exp(tf.neg(s))));
    },
  };
}

interface ScaleAndShift {
  parameters: ParameterSpec[];
  /** s and t `[batch, height, width, outputs]` of `[batch, height, width, inputs]`. */
  read(x: tf.Tensor4D, weights: Weights): { s: tf.Tensor4D; t: tf.Tensor4D };
}

/** Residual, of 3 x 3 convolutions; of a vector, of dense layers. */
function couplingNet(
  name: string,
  [height, width]: ImageShape,
  inputs: number,
  outputs: number,
  { hidden, residualBlocks }: CouplingNet,
): ScaleAndShift {
  const layer = height * width === 1 ? denseLayer : convolutionLayer(height, width);
  const first = layer(`${name}.in`, inputs, hidden);
  const blocks = Array.from({ length: residualBlocks }, (_, at) =>
    layer(`${name}.block${at}`, hidden, hidden),
  );
  const last = layer(`${name}.out`, hidden, 2 * outputs);
  const zeroed = last.parameters.map((spec): ParameterSpec => ({ ...spec, initialiser: { kind: 'zeros' } }));
  return {
    parameters: [...first.parameters, ...blocks.flatMap(({ parameters }) => parameters), ...zeroed],
    read(x, weights) {
      let image = first.apply(x, weights);
      for (const block of blocks) image = tf.add(image, block.apply(tf.relu(image), weights));
      const [raw, t] = tf.split(last.apply(tf.relu(image), weights), 2, 3) as [tf.Tensor4D, tf.Tensor4D];
      return { s: tf.mul(tf.tanh(tf.div(raw, scaleLimit)), scaleLimit), t };
    },
  };
}

interface Layer {
  parameters: ParameterSpec[];
  apply(x: tf.Tensor4D, weights: Weights): tf.Tensor4D;
}

function convolutionLayer(height: number, width: number) {
  const kernel = [Math.min(3, height), Math.min(3, width)] as const;
  return (name: string, inputChannels: number, outputChannels: number): Layer => {
    const size = [height, width] as const;
    const shape: ConvolutionShape = {
      ...{ name, kernel, stride: [1, 1], inputSize: size, outputSize: size },
      ...{ inputChannels, outputChannels },
    };
    return { parameters: convolutionParameters(shape), apply: (x, weights) => convolve(x, shape, weights) };
  };
}

function denseLayer(name: string, inputs: number, outputs: number): Layer {
  return {
    parameters: denseParameters(name, inputs, outputs),
    apply(x, weights) {
      const flat = tf.reshape(x, [-1, inputs]) as tf.Tensor2D;
      return tf.reshape(dense(flat, name, weights), [-1, 1, 1, outputs]) as tf.Tensor4D;
    },
  };
}
