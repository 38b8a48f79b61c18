import type { ParameterSpec } from '../parameters.ts';
import type { Factors, Layers } from './factors.ts';

/**
 * A dynamical model as its parts. Sequences by name, all `[time, batch, dim]`; values of a whole sequence `[batch, dim]`: v of a model with
 * one latent for the whole sequence, and `vEps`, `vMean`, `vLogVar` with it.
 */
export interface DynamicalNetwork {
  /** In the order and under the names of the reference's state_dict. */
  parameters: ParameterSpec[];
  dims: { x: number; z: number; v: number | null };
  /** Reads no weight before a stage runs. */
  factors(layers: Layers): Factors;
}
