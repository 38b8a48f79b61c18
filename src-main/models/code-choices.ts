import type { CodeChoice } from '../../src-preload/contract/commands/reconstruct.ts';
import { codeGridOf } from './code-size.ts';
import type { ResolvedConfig } from './config.ts';
import { familyById } from './registry.ts';

/**
 * What of a model's codes there is to choose. Indices are neither rounded nor drawn; codes of sequences are not quantised; and
 * only what generates a frame from those before can be given its own.
 */
export function codeChoicesOf(config: Pick<ResolvedConfig, 'family' | 'model' | 'features'>): CodeChoice[] {
  const { dynamical } = familyById(config.family);
  if (codeGridOf(config) !== null) return [];
  if (!dynamical) return ['bits', 'latent'];
  return dynamical.properties.autoregressive ? ['latent', 'feedback'] : ['latent'];
}
