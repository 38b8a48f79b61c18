/** Bounds of the likelihood of recordings, for models that are densities. */
import { crc32 } from 'node:zlib';
import { philoxNormal } from '../engine/philox-noise.ts';
import type { LoadedModel, PosteriorValues } from './loaded-model.ts';
import { inputOf, joined, type TakenRecording } from './taken-recording.ts';

/** Lower bounds of log p(x) of one recording, in nats. */
export interface LikelihoodBounds {
  /** The mean of log w over the draws, where w = p(x | z) p(z) / q(z | x): Kingma and Welling 2014. */
  elboNats: number;
  /** The logarithm of the mean of w: Burda, Grosse and Salakhutdinov 2016, equation 8. Never below the other. */
  iwaeNats: number;
}

/** Both bounds from the logarithms of importance weights. */
export function boundsOf(logWeights: Float64Array): LikelihoodBounds {
  const draws = logWeights.length;
  const most = logWeights.reduce((one, other) => Math.max(one, other), -Infinity);
  const [sum, weighed] = logWeights.reduce(
    ([all, weights], one) => [all + one, weights + Math.exp(one - most)],
    [0, 0],
  );
  return { elboNats: sum / draws, iwaeNats: most + Math.log(weighed / draws) };
}

/**
 * Bounds of clips `[clips, ...inputShape]` with their posteriors, by `draws` from each, which depend on the clip alone.
 *
 * @throws ResynthError inference/no-capability where the model is no density.
 */
export async function likelihoodBounds(
  model: Pick<LoadedModel, 'latentDim' | 'clipSize' | 'logDensity'>,
  clips: Float32Array,
  { mean, logVar }: Pick<PosteriorValues, 'mean' | 'logVar'>,
  draws: number,
): Promise<LikelihoodBounds[]> {
  const { latentDim, clipSize } = model;
  const count = clips.length / clipSize;
  const noise = Array.from({ length: count }, (_, at) =>
    noiseOf(clips, at * clipSize, clipSize, draws * latentDim),
  );
  const logWeights = Array.from({ length: count }, () => new Float64Array(draws));
  const z = new Float32Array(count * latentDim);
  for (let draw = 0; draw < draws; draw++) {
    for (let at = 0; at < count; at++) {
      let logPosterior = -0.5 * latentDim * Math.log(2 * Math.PI);
      for (let one = 0; one < latentDim; one++) {
        const eps = noise[at]![draw * latentDim + one]!;
        const place = at * latentDim + one;
        z[place] = mean[place]! + Math.exp(logVar[place]! / 2) * eps;
        logPosterior -= (logVar[place]! + eps * eps) / 2;
      }
      logWeights[at]![draw] = -logPosterior;
    }
    const { logLikelihood, logPrior } = await model.logDensity(clips, z);
    for (let at = 0; at < count; at++) logWeights[at]![draw]! += logLikelihood[at]! + logPrior[at]!;
  }
  return logWeights.map(boundsOf);
}

/** Bounds of recordings with their posteriors: those of a recording's clips added, which the model takes to be independent. */
export async function recordingBounds(
  model: LoadedModel,
  recordings: readonly TakenRecording[],
  posteriors: readonly Pick<PosteriorValues, 'mean' | 'logVar'>[],
  draws: number,
): Promise<LikelihoodBounds[]> {
  const together = {
    mean: joined(posteriors.map(({ mean }) => mean)),
    logVar: joined(posteriors.map(({ logVar }) => logVar)),
  };
  const ofClips = await likelihoodBounds(model, inputOf(model, recordings), together, draws);
  let first = 0;
  return recordings.map(({ clips }) => {
    const own = ofClips.slice(first, (first += clips));
    return {
      elboNats: own.reduce((sum, { elboNats }) => sum + elboNats, 0),
      iwaeNats: own.reduce((sum, { iwaeNats }) => sum + iwaeNats, 0),
    };
  });
}

/** Standard normal numbers that follow from what is in the clip, so that they are its own in whatever order clips come. */
function noiseOf(clips: Float32Array, begin: number, size: number, count: number): Float32Array {
  const { buffer, byteOffset } = clips;
  const bytes = new Uint8Array(
    buffer,
    byteOffset + begin * Float32Array.BYTES_PER_ELEMENT,
    size * Float32Array.BYTES_PER_ELEMENT,
  );
  const values = new Float32Array(count);
  philoxNormal([0, crc32(bytes) | 0], values);
  return values;
}
