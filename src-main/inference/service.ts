import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { clipSeconds } from '../dsp/pipeline.ts';
import { measureCodes } from './codes/measure-codes.ts';
import { decodeEmbeddings } from './embed/decode-embeddings.ts';
import { embedRecordings } from './embed/embed-recordings.ts';
import { encodeSplit } from './latent/encode-split.ts';
import { generateSet } from './latent/generate.ts';
import { reconstructRecording } from './latent/recording.ts';
import { LoadedModel } from './loaded-model.ts';
import type { InferenceMethod, InferenceRequests, ModelReference } from './protocol.ts';
import { reconstructFiles } from './reconstruct-files.ts';
import { reconstructSound, warmUp } from './reconstruct-sound.ts';
import { reconstructSounds } from './reconstruct-sounds.ts';
import { sampleFiles } from './sample-files.ts';

export interface ServiceContext {
  progress(event: ProgressEvent): void;
  signal: AbortSignal;
}

type Answers = {
  [Method in InferenceMethod]: (
    params: InferenceRequests[Method]['params'],
    context: ServiceContext,
  ) => Promise<InferenceRequests[Method]['result']>;
};

/** Models that stay loaded: enough to compare two runs without loading either again. */
const MODELS_KEPT = 2;

/** Answers requests with models that stay loaded between them. */
export class InferenceService {
  /** By reference, the one used last at the end. */
  readonly #models = new Map<string, LoadedModel>();

  readonly #answers: Answers = {
    load: async ({ model }, context) => (await this.#model(model, context)).used,
    warm: async ({ model }, context) => {
      const loaded = await this.#model(model, context);
      await warmUp(loaded);
      return loaded.used;
    },
    encode: async ({ model, features }, context) => {
      const loaded = await this.#model(model, context);
      return { ...(await loaded.encode(features)), latentDim: loaded.latentDim };
    },
    decode: async ({ model, z }, context) => {
      const loaded = await this.#model(model, context);
      return { features: await loaded.decode(z), shape: [...loaded.inputShape] };
    },
    samplePrior: async ({ model, count, seed }, context) => {
      const loaded = await this.#model(model, context);
      return { ...(await loaded.samplePrior(count, seed)), shape: [...loaded.inputShape] };
    },
    reconstructFiles: async (params, context) =>
      reconstructFiles(await this.#model(params.model, context), params, context),
    reconstructSounds: async (params, context) =>
      reconstructSounds(await this.#model(params.model, context), params.folder, params, context),
    reconstructSound: async (job, context) => reconstructSound(await this.#model(job.model, context), job),
    sampleFiles: async (params, context) =>
      sampleFiles(await this.#model(params.model, context), params, context),
    encodeSplit: async (params, context) =>
      encodeSplit(await this.#model(params.model, context), params, context),
    reconstructRecording: async ({ model, recording, stages }, context) =>
      reconstructRecording(await this.#model(model, context), recording, stages),
    measureCodes: async (params, context) =>
      measureCodes(await this.#model(params.model, context), params, context),
    abilities: async ({ model }, context) => {
      const loaded = await this.#model(model, context);
      const { used, weights, latentDim } = loaded;
      const [encode, decode, sample] = [loaded.can('encode'), loaded.can('decode'), loaded.can('sample')];
      const utterances = loaded.utterances && {
        hearsItself: loaded.utterances.hearsItself,
        sequenceSec: clipSeconds(loaded.config.features),
      };
      const components = loaded.can('mixture') ? (await loaded.mixture()).components : null;
      const labels = [...loaded.labels];
      return { used, weights, latentDim, encode, decode, sample, components, labels, utterances };
    },
    embedRecordings: async (params, context) =>
      embedRecordings(await this.#model(params.model, context), params, context),
    decodeEmbeddings: async (params, context) =>
      decodeEmbeddings(await this.#model(params.model, context), params, context),
    mixture: async ({ model }, context) => (await this.#model(model, context)).mixture(),
    generate: async (params, context) =>
      generateSet(await this.#model(params.model, context), params, context),
  };

  /** Does what was asked; throws what the caller is told. */
  answer<Method extends InferenceMethod>(
    method: Method,
    params: InferenceRequests[Method]['params'],
    context: ServiceContext,
  ): Promise<InferenceRequests[Method]['result']> {
    return this.#answers[method](params, context);
  }

  async #model(reference: ModelReference, context: ServiceContext): Promise<LoadedModel> {
    // 'last' and 'best' move while a run trains: only a step names the same weights for ever.
    const key = typeof reference.checkpoint === 'number' ? JSON.stringify(reference) : undefined;
    const kept = key === undefined ? undefined : this.#models.get(key);
    if (kept && key !== undefined) {
      this.#models.delete(key);
      this.#models.set(key, kept);
      return kept;
    }
    context.progress({ stage: 'Loading the model', detail: reference.runName });
    const loaded = await LoadedModel.load(reference);
    for (const note of loaded.used.notes) context.progress({ stage: 'Loading the model', warning: note });
    const { step } = loaded.used;
    this.#keep(JSON.stringify({ ...reference, checkpoint: step }), loaded);
    return loaded;
  }

  #keep(key: string, loaded: LoadedModel): void {
    this.#models.get(key)?.dispose();
    this.#models.delete(key);
    this.#models.set(key, loaded);
    for (const [oldest, model] of this.#models) {
      if (this.#models.size <= MODELS_KEPT) break;
      this.#models.delete(oldest);
      model.dispose();
    }
  }
}
