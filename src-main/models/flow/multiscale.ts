import * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { sizeOf } from '../parameters.ts';
import { actNorm } from './actnorm.ts';
import type { Bijection, FlowPass, ImageShape } from './bijection.ts';
import { coupling } from './coupling.ts';
import type { CouplingNet } from './coupling.ts';
import { halves, maskFits } from './masks.ts';
import type { MaskKind } from './masks.ts';
import { canSqueeze, squeeze } from './squeeze.ts';

export interface MultiscaleSettings extends CouplingNet {
  /** Times that couplings, a squeeze and couplings follow each other. */
  blocks: number;
  /** Couplings before and after each squeeze; which half they change alternates. */
  couplings: number;
  /** Whether half of the channels leaves for good after each block but the last. */
  factorOut: boolean;
}

/** A flow from images to vectors of as many numbers. */
export interface MultiscaleFlow {
  parameters: ParameterSpec[];
  /** z `[batch, numbers]` and the log determinant of each clip `[batch]`. */
  forward(x: tf.Tensor4D, pass: FlowPass): { z: tf.Tensor2D; logDet: tf.Tensor };
  inverse(z: tf.Tensor2D, weights: Weights): tf.Tensor4D;
}

/** Bijections one after the other, and how many of the channels then leave. */
interface Scale {
  layers: Bijection[];
  /** Shape after the layers. */
  shape: ImageShape;
  /** Channels that go on; all of them after the last scale. */
  stay: number;
}

/**
 * The multi-scale architecture of RealNVP (Dinh et al. 2017, section 3.6): in each block checkerboard couplings, a squeeze, channel-wise
 * couplings, and then half of the channels are factored out. Each coupling comes after an actnorm. An image that has become
 * too small for a squeeze, and a vector, go on without; nothing is factored out then.
 */
export function multiscaleFlow(input: ImageShape, settings: MultiscaleSettings): MultiscaleFlow {
  const scales = planScales(input, settings);
  return {
    parameters: scales.flatMap(({ layers }) => layers.flatMap(({ parameters }) => parameters)),
    forward(x, pass) {
      const leaving: tf.Tensor2D[] = [];
      let image = x;
      let logDet: tf.Tensor = tf.zeros([x.shape[0]]);
      for (const { layers, shape, stay } of scales) {
        for (const layer of layers) {
          const step = layer.forward(image, pass);
          image = step.y;
          logDet = tf.add(logDet, step.logDet);
        }
        if (stay === shape[2]) continue;
        const [going, left] = tf.split(image, [stay, shape[2] - stay], 3) as [tf.Tensor4D, tf.Tensor4D];
        leaving.push(flat(left));
        image = going;
      }
      return { z: tf.concat2d([...leaving, flat(image)], 1), logDet };
    },
    inverse(z, weights) {
      const sizes = scales.map(({ shape: [height, width, channels], stay }) =>
        stay < channels ? height * width * (channels - stay) : height * width * channels,
      );
      const parts = tf.split(z, sizes, 1);
      let image: tf.Tensor4D | null = null;
      for (const [at, { layers, shape, stay }] of [...scales.entries()].reverse()) {
        const [height, width, channels] = shape;
        const part = tf.reshape(parts[at]!, [
          -1,
          height,
          width,
          image ? channels - stay : channels,
        ]) as tf.Tensor4D;
        image = image ? tf.concat4d([image, part], 3) : part;
        for (const layer of layers.toReversed()) image = layer.inverse(image, weights);
      }
      if (!image) throw new Error('a flow has at least one scale');
      return image;
    },
  };
}

function planScales(input: ImageShape, settings: MultiscaleSettings): Scale[] {
  const { blocks, couplings, factorOut } = settings;
  const scales: Scale[] = [];
  let shape = input;
  for (let block = 0; block < blocks; block++) {
    const layers: Bijection[] = [];
    const couple = (mask: MaskKind): void => {
      if (!maskFits(shape, mask)) return;
      for (let at = 0; at < couplings; at++) {
        const name = `flow.block${block}.${mask}${at}`;
        layers.push(actNorm(`${name}.actnorm`, shape));
        layers.push(coupling(name, shape, { ...settings, mask, odd: at % 2 === 1 }));
      }
    };
    couple('checkerboard');
    const squeezed = canSqueeze(shape);
    if (squeezed) {
      const layer = squeeze(shape);
      layers.push(layer);
      shape = layer.outputShape;
    }
    couple('channel');
    const leaves = factorOut && squeezed && block < blocks - 1;
    const stay = leaves ? halves(shape[2])[0] : shape[2];
    scales.push({ layers, shape, stay });
    shape = [shape[0], shape[1], stay];
  }
  return merged(scales);
}

/** Scales after which nothing leaves belong to the next one. */
function merged(scales: readonly Scale[]): Scale[] {
  const result: Scale[] = [];
  let before: Bijection[] = [];
  for (const [at, scale] of scales.entries()) {
    const layers = [...before, ...scale.layers];
    const leaves = scale.stay < scale.shape[2];
    if (leaves || at === scales.length - 1) {
      result.push({ ...scale, layers });
      before = [];
    } else before = layers;
  }
  return result;
}

function flat(image: tf.Tensor4D): tf.Tensor2D {
  return tf.reshape(image, [image.shape[0], sizeOf(image.shape.slice(1))]) as tf.Tensor2D;
}
