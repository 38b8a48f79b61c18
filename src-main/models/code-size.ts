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
