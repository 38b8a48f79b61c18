import { z } from 'zod';
import { anyNumber, float32Array } from '../binary.ts';
import { defineEvent } from '../event.ts';

/** A map on its way: told to whoever gave `latent map` a name to watch. Only the latest layout matters. */
export const latentLayout = defineEvent({
  name: 'latent layout',
  summary: 'A map of codes that is being computed has a new layout',
  payload: z.strictObject({
    watch: z.string(),
    run: z.string(),
    iteration: z.int(),
    iterations: z.int(),
    /** t-SNE's Kullback-Leibler divergence in nats; null for UMAP, and while it was not reckoned. */
    divergence: anyNumber().nullable(),
    x: float32Array(),
    y: float32Array(),
  }),
  coalesce: ({ watch }) => watch,
});

export const generatedChanged = defineEvent({
  name: 'generated changed',
  summary: 'Clips were generated from a run, or generated ones were deleted; `generated list` has them',
  payload: z.strictObject({ run: z.string() }),
  coalesce: ({ run }) => run,
});
