import type { Recipe } from '../../../src-preload/contract/commands/generate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { clipSeconds, featureShape } from '../../dsp/pipeline.ts';
import { synthesise } from '../../dsp/representation.ts';
import { commonGain } from '../audio-files.ts';
import type { LoadedModel } from '../loaded-model.ts';
import type { ServiceContext } from '../service.ts';
import { planClips } from './ingredients.ts';
import type { MadeClip, Making } from './made-clip.ts';
import type { Ingredients } from './protocol.ts';

/**
 * The clips of a recipe by a model of clips: codes, decoded.
 *
 * @throws ResynthError inference/no-capability, latent/one-length; what encoding throws.
 */
export async function clipsOfCodes(
  model: LoadedModel,
  made: Recipe['made'],
  ingredients: Ingredients,
  context: Pick<ServiceContext, 'signal' | 'progress'>,
): Promise<Making> {
  const { family, features: pipeline } = model.config;
  if (made.kind === 'continue' || made.kind === 'free-running') {
    const capability = made.kind === 'continue' ? 'continue a recording' : 'hear themselves';
    throw new ResynthError('inference/no-capability', { family, capability });
  }
  const { settings } = made;
  if (made.kind === 'prior' && (made.settings.seconds ?? made.settings.frames) !== undefined) {
    throw new ResynthError('latent/one-length', { family, seconds: clipSeconds(pipeline) });
  }
  const { codes, clips } = await planClips(model, made, ingredients, context);
  const decoded = await model.decode(codes);
  const { samples } = featureShape(pipeline);
  async function* all(): AsyncGenerator<MadeClip> {
    for (const [at, clip] of clips.entries()) {
      const features = model.levels(decoded.subarray(at * model.clipSize, (at + 1) * model.clipSize), clip);
      const sound = synthesise(features, clip, pipeline, settings);
      yield { ...clip, features, sound, gain: commonGain([sound]) };
    }
  }
  return { total: clips.length, clips: all(), durationSec: samples / pipeline.sampleRateHz, notes: [] };
}
