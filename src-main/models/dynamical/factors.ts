import type { LayerContext } from './layers.ts';
import { previousStage } from './recurrent.ts';
import type { Stage } from './stage.ts';

/** What the stages of a network are built with. */
export type Layers = Pick<LayerContext, 'weights' | 'activation'>;

/**
 * A dynamical model as papers/004 writes it: q(z | x) and the two factors of p(x, z), each as stages. What they read beside each other's
 * outputs: `x` (power spectra), `eps` and `vEps` (standard normal draws, or zeros for the mean), and in `past` and the generation
 * `xBefore` and `zBefore`, the frame before each frame, zeros before the first.
 *
 * Trained, evaluated and reconstructed, a model runs all of them over the true frames (`stagesOf`): generation is given the true past,
 * as in the published code. **Free running** needs `past`, `generationOfZ` and `generationOfX` alone. A frame at a time, with the carry of every
 * recurrent stage handed on (`utteranceProgram` with chunkFrames 1): `past`, then `generationOfZ`, then z_t drawn
 * from N(priorMean, exp(priorLogVar)), standard normal where there is no such stage, then `generationOfX`, whose exp(xLogVar) is the
 * power of the frame and the next `xBefore`. A context to go on from is the same stages over its true x and inferred z. Where no stage reads
 * `xBefore` (`properties.autoregressive` is false) `generationOfX` is better run over the whole sequence of z; in the non-causal RVAE
 * it runs backward too, so it has to be.
 */
export interface Factors {
  /** What generation knows of the frames before a frame, where that is not `xBefore` and `zBefore` themselves. */
  past: readonly Stage[];
  /** q(z_t | ...), and of v: `zMean`, `zLogVar`, `z`, and `vMean`, `vLogVar`, `v`. */
  inference: readonly Stage[];
  /** p(z_t | ...): `priorMean`, `priorLogVar`; none where the prior is standard normal. */
  generationOfZ: readonly Stage[];
  /** p(x_t | ...): `xLogVar`, the log of the variance of x. */
  generationOfX: readonly Stage[];
}

/**
 * All stages in the order in which they run over a known sequence. What inference gives by itself is not computed a second time: in VRNN the
 * past passes through the draws of z, so that inference has to step it.
 */
export function stagesOf(factors: Factors, dims: { x: number; z: number }): readonly Stage[] {
  const { inference } = factors;
  const inferred = new Set(inference.flatMap(({ outputs }) => Object.keys(outputs)));
  const needed = new Set(['xLogVar', 'priorMean', 'priorLogVar']);
  /** Those that give what is needed by what comes after them. */
  const needful = (stages: readonly Stage[]): Stage[] =>
    stages
      .toReversed()
      .filter(({ inputs, outputs }) => {
        const needs = Object.keys(outputs).some((name) => needed.has(name) && !inferred.has(name));
        if (needs) for (const name of inputs) needed.add(name);
        return needs;
      })
      .toReversed();
  const generation = needful([...factors.generationOfZ, ...factors.generationOfX]);
  for (const { inputs } of inference) for (const name of inputs) needed.add(name);
  const past = needful(factors.past);
  return [
    ...(needed.has('xBefore') ? [previousStage('x', 'xBefore', dims.x)] : []),
    ...past,
    ...inference,
    ...(needed.has('zBefore') ? [previousStage('z', 'zBefore', dims.z)] : []),
    ...generation,
  ];
}
