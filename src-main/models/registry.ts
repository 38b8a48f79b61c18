import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { didYouMean } from '../../src-preload/contract/suggestion.ts';
import type { StateRegistry } from '../engine/state.ts';
import type { ResolvedConfig } from './config.ts';
import { familyOf } from './dynamical/as-family.ts';
import { dynamicalFamilies } from './dynamical-families.ts';
import { asrFragments } from './families/asr-fragments.ts';
import { codePriorOn } from './families/code-prior.ts';
import { convVae } from './families/conv-vae.ts';
import { gmVae } from './families/gm-vae.ts';
import { realNvpOn } from './families/realnvp.ts';
import { rvqVae } from './families/rvq-vae.ts';
import type { Family, Model } from './family.ts';

/** Every model family of clips or utterances: one line each. */
const bases: readonly Family[] = [convVae, gmVae, asrFragments, rvqVae, ...dynamicalFamilies.map(familyOf)];

/** Every model family: after those, the samplers of their codes. */
export const families: readonly Family[] = [
  ...bases,
  ...[realNvpOn, codePriorOn].map((on): Family => on((id) => familyAmong(bases, id))),
];

/** The family called `id`; refused by name where there is none. */
export function familyById(id: string): Family {
  return familyAmong(families, id);
}

function familyAmong(among: readonly Family[], id: string): Family {
  const family = among.find((candidate) => candidate.id === id);
  if (family) return family;
  const known = among.map((candidate) => candidate.id);
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
