import { representationOf } from '../dsp/representation.ts';
import type { ResolvedConfig } from './config.ts';
import type { CodeGrid } from './family.ts';
import { familyById } from './registry.ts';

/**
 * How many numbers the code of one clip has: what the family says, else its setting `latentDim`, one code a clip. Null for
 * a family with neither, which has no code of a fixed size.
 */
export function codeNumbersOf(config: Pick<ResolvedConfig, 'family' | 'model' | 'features'>): number | null {
  const { codeNumbers } = familyById(config.family);
  if (codeNumbers) return codeNumbers({ config: config.model, features: config.features });
  const { latentDim } = config.model as { latentDim?: unknown };
  return typeof latentDim === 'number' ? latentDim : null;
}

/**
 * Numbers beside the code of a clip that a receiver needs: its lowest and highest level. Where clips follow on one another they are
 * those of a whole recording, sent once, and nothing to the rate.
 */
export function sideNumbersOf({ features }: Pick<ResolvedConfig, 'features'>): number {
  return representationOf(features).consecutive ? 0 : 2;
}

/** The shape of a discrete code; null where the code is of numbers. */
export function codeGridOf({
  family,
  model,
  features,
}: Pick<ResolvedConfig, 'family' | 'model' | 'features'>): CodeGrid | null {
  return familyById(family).codeGrid?.({ config: model, features }) ?? null;
}

/** Bits of one index of a discrete code, log2 of its codebook; null where the code is of numbers, which may have any width. */
export function indexBitsOf(config: Pick<ResolvedConfig, 'family' | 'model' | 'features'>): number | null {
  const grid = codeGridOf(config);
  return grid === null ? null : Math.log2(grid.codebookSize);
}
