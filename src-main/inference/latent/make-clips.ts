import type { Recipe } from '../../../src-preload/contract/commands/generate.ts';
import { labelNumbers } from '../asked-labels.ts';
import type { LoadedModel } from '../loaded-model.ts';
import type { ServiceContext } from '../service.ts';
import { madeSequences } from '../utterances/made-sequences.ts';
import { utterancesOf } from '../utterances/through.ts';
import { clipsOfCodes } from './clips-of-codes.ts';
import type { Making } from './made-clip.ts';
import type { Ingredients } from './protocol.ts';

/**
 * The clips of a recipe, by whatever kind of model.
 *
 * @throws ResynthError inference/no-capability, samplers/label-unknown; latent/*; what reading and encoding throw; internal/cancelled.
 */
export async function makeClips(
  model: LoadedModel,
  made: Recipe['made'],
  ingredients: Ingredients,
  context: Pick<ServiceContext, 'signal' | 'progress'>,
): Promise<Making> {
  // Before anything is computed, and of models of utterances too.
  if (made.kind === 'prior') labelNumbers(made.settings.label ?? [], model);
  const utterances = utterancesOf(model);
  return utterances
    ? madeSequences(model, utterances, made, ingredients, context)
    : clipsOfCodes(model, made, ingredients, context);
}
