import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { didYouMean } from '../../src-preload/contract/suggestion.ts';
import type { StateRegistry } from '../engine/state.ts';
import type { ResolvedConfig } from './config.ts';
import { familyOf } from './dynamical/as-family.ts';
import { dynamicalFamilies } from './dynamical-families.ts';
import { asrFragments } from './families/asr-fragments.ts';
import { convVae } from './families/conv-vae.ts';
import { rvqVae } from './families/rvq-vae.ts';
import type { Family, Model } from './family.ts';

/** Every model family: one line each. */
export const families: readonly Family[] = [
  convVae,
  asrFragments,
  rvqVae,
  ...dynamicalFamilies.map(familyOf),
];

/** The family called `id`; refused by name where there is none. */
export function familyById(id: string): Family {
  const family = families.find((candidate) => candidate.id === id);
  if (family) return family;
  const known = families.map((candidate) => candidate.id);
  throw new ResynthError('models/family-unknown', {
    family: id,
    suggestion: didYouMean(id, known),
    known: known.join(', '),
  });
}

/** Builds the model of a resolved configuration; its variables go into `state`, initialised from the training seed. */
export function buildModel(
  config: Pick<ResolvedConfig, 'family' | 'model' | 'features' | 'training'>,
  state: StateRegistry,
): Model {
  return familyById(config.family).build({
    config: config.model,
    features: config.features,
    state,
    seed: config.training.seed,
  });
}
