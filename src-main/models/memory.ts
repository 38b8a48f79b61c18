import { parameterCount, type ResolvedConfig } from './config.ts';
import { familyById } from './registry.ts';

const bytesPerNumber = 4;

/**
 * Bytes that a training step needs, estimated from shapes alone: the weights with Adam's two moments and the gradient of
 * each; every tensor of the forward pass that the gradients need, for a whole batch; and twice the largest of them, for
 * the gradients on their way back. What the engine itself takes (libraries, graphs, scratch memory of convolutions) comes
 * on top: some hundred megabytes. `train estimate` measures.
 */
export function stepMemoryBytes(
  config: Pick<ResolvedConfig, 'family' | 'model' | 'features' | 'training'>,
): number {
  const { trainable, nonTrainable } = parameterCount(config);
  const activations = familyById(config.family).activations({
    config: config.model,
    features: config.features,
  });
  const kept = activations.reduce((sum, size) => sum + size, 0);
  const largest = Math.max(0, ...activations);
  const numbers = 4 * trainable + nonTrainable + config.training.batchSize * (kept + 2 * largest);
  return bytesPerNumber * numbers;
}
