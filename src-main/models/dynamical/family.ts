import type { z } from 'zod';
import type { DynamicalNetwork } from './network.ts';

/** What papers/004 tells its models apart by. */
export interface DynamicalProperties {
  /** x_t is generated from the frames before it. */
  autoregressive: boolean;
  /** The inference model has the dependencies of the true posterior. */
  truePosterior: boolean;
  /** The prior of z_t depends on what was before it. */
  dynamicalLatent: boolean;
}

/** A dynamical model: settings, properties and its network from settings. */
export interface DynamicalFamily<Schema extends z.ZodType = z.ZodType> {
  id: string;
  title: string;
  /** As papers/004 and the reference's configuration call it. */
  name: string;
  properties: DynamicalProperties;
  /** The two factors of the generative model, as papers/004 writes them. */
  generation: { z: string; x: string };
  schema: Schema;
  network(config: z.output<Schema>, xDim: number): DynamicalNetwork;
}

/** Keeps the types of a family's settings. */
export function defineDynamical<Schema extends z.ZodType>(
  family: DynamicalFamily<Schema>,
): DynamicalFamily<Schema> {
  return family;
}
