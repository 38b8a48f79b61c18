import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { OpenedBackend } from './backends/open.ts';

/** One measured operation. */
export interface MeasuredSpeed {
  work: string;
  gigaflops: number;
}

/** Sizes that keep a backend busy for milliseconds: plain JavaScript is a thousand times slower than the others. */
const sizes = {
  large: { matrix: 1024, batch: 16, rows: 64, channels: 64 },
  small: { matrix: 128, batch: 1, rows: 16, channels: 16 },
};

/**
 * 32-bit matmul and conv2d on the open backend, best of several short runs: the operations that training spends its time
 * in. A multiply-add counts as two operations.
 */
export async function measureSpeed(
  opened: OpenedBackend,
  budgetMs = 400,
): Promise<{ matmul: MeasuredSpeed; conv2d: MeasuredSpeed }> {
  const tf = await import('@tensorflow/tfjs-core');
  const slow = opened.kind === 'javascript' || opened.device === 'software';
  const { matrix, batch, rows, channels } = slow ? sizes.small : sizes.large;

  const a: Tensor = tf.randomUniform([matrix, matrix], -1, 1, 'float32', 1);
  const image = tf.randomUniform([batch, rows, rows, channels], -1, 1, 'float32', 2) as Tensor4D;
  const filters = tf.randomUniform([3, 3, channels, channels], -1, 1, 'float32', 3) as Tensor4D;
  try {
    const matmul = await bestGigaflops(2 * matrix ** 3, budgetMs, () => tf.matMul(a, a));
    const convFlops = 2 * batch * rows ** 2 * 9 * channels ** 2;
    const conv2d = await bestGigaflops(convFlops, budgetMs, () => tf.conv2d(image, filters, 1, 'same'));
    return {
      matmul: { work: `matmul ${matrix} x ${matrix}`, gigaflops: matmul },
      conv2d: { work: `conv2d ${batch} x ${rows} x ${rows} x ${channels}, 3 x 3`, gigaflops: conv2d },
    };
  } finally {
    tf.dispose([a, image, filters]);
  }
}

async function bestGigaflops(flops: number, budgetMs: number, operation: () => Tensor): Promise<number> {
  const tf = await import('@tensorflow/tfjs-core');
  const once = async (): Promise<number> => {
    const started = performance.now();
    const output = operation();
    // A GPU only queues the work until something is read; one number, so that copying does not count.
    const corner = tf.tidy(() => tf.slice(tf.reshape(output, [-1]), [0], [1]));
    await corner.data();
    tf.dispose([output, corner]);
    return performance.now() - started;
  };
  await once();
  let best = Infinity;
  const deadline = performance.now() + budgetMs;
  do best = Math.min(best, await once());
  while (performance.now() < deadline);
  return flops / best / 1e6;
}
