import type { TrainingConfig } from '../models/training.ts';

/** Learning rate of the step after `step` finished ones. */
export function learningRateAt(config: TrainingConfig, step: number, stepsPerEpoch: number): number {
  const warmup = config.warmupSteps > 0 ? Math.min(1, (step + 1) / config.warmupSteps) : 1;
  return config.learningRate * warmup * scheduleFactor(config, step, stepsPerEpoch);
}

function scheduleFactor(config: TrainingConfig, step: number, stepsPerEpoch: number): number {
  switch (config.schedule) {
    case 'constant':
      return 1;
    case 'cosine':
      return 0.5 * (1 + Math.cos((Math.PI * step) / Math.max(1, config.epochs * stepsPerEpoch)));
    case 'step':
      return config.stepDecay ** Math.floor(step / (config.stepEveryEpochs * stepsPerEpoch));
  }
}

/** Weight of the KL term in the step after `step` finished ones: linear from 0 over the warm-up, then the full weight. */
export function betaAt(config: TrainingConfig, step: number, stepsPerEpoch: number): number {
  const warmupSteps = config.betaWarmupEpochs * stepsPerEpoch;
  return warmupSteps > 0 ? config.beta * Math.min(1, step / warmupSteps) : config.beta;
}
