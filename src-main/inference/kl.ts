/** KL of a diagonal Gaussian to the standard normal, in nats: papers/002, section 5.1, summed over dimensions. */
export function klNats(mean: Float32Array, logVar: Float32Array): number {
  let sum = 0;
  for (const [dimension, value] of mean.entries()) {
    const log = logVar[dimension] as number;
    sum += 0.5 * (Math.exp(log) + value ** 2 - 1 - log);
  }
  return sum;
}
