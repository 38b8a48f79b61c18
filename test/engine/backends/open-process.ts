import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { asResynthError } from '../../../src-preload/contract/errors/error.ts';
import { openBackend, type BackendRequest } from '../../../src-main/engine/backends/open.ts';

// A process with a backend of its own. Trains a small conv net for a few steps and prints what a test wants to know.
const threadsBefore = process.platform === 'linux' ? readdirSync('/proc/self/task').length : null;
const opened = await openBackend(JSON.parse(process.argv[2] ?? '{}') as BackendRequest).catch(
  (error: unknown) => {
    console.log(`refused:${JSON.stringify(asResynthError(error).toJSON())}`);
    process.exit(1);
  },
);

const images = tf.randomNormal([8, 16, 16, 4], 0, 1, 'float32', 1) as tf.Tensor4D;
const wanted = tf.randomNormal([8, 3], 0, 1, 'float32', 2);
const filters = tf.variable(tf.randomNormal([3, 3, 4, 8], 0, 0.2, 'float32', 3)) as tf.Variable<tf.Rank.R4>;
const weights = tf.variable(tf.randomNormal([2048, 3], 0, 0.02, 'float32', 4)) as tf.Variable<tf.Rank.R2>;
const losses: number[] = [];
for (let step = 0; step < 8; step++) {
  const { value, grads } = tf.variableGrads(() => {
    const hidden = tf.relu(tf.conv2d(images, filters, 1, 'same'));
    const output = tf.matMul(tf.reshape(hidden, [8, 2048]) as tf.Tensor2D, weights);
    return tf.mean(tf.square(tf.sub(output, wanted))) as tf.Scalar;
  });
  losses.push((await value.data())[0] ?? NaN);
  for (const variable of [filters, weights] as tf.Variable[]) {
    const gradient = grads[variable.name];
    if (gradient) variable.assign(tf.sub(variable, tf.mul(gradient, 0.002)));
  }
}
const hash = createHash('sha256');
for (const variable of [filters, weights]) hash.update(new Uint8Array((await variable.data()).buffer));
const { tensorflow, ...shown } = opened;
console.log(
  `answer:${JSON.stringify({
    ...shown,
    hasBinding: tensorflow !== null,
    losses,
    weights: hash.digest('hex'),
    threadsAdded: threadsBefore === null ? null : readdirSync('/proc/self/task').length - threadsBefore,
  })}`,
);
process.exit(0);
