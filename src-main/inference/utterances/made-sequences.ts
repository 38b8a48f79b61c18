/** The clips of a recipe by a model of utterances: drawn, continued, and reconstructed from itself. */
import type { Recipe } from '../../../src-preload/contract/commands/generate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Matrix } from '../../dsp/matrix.ts';
import { withClipSamples } from '../../dsp/pipeline.ts';
import { fromPowerSpectrogram, type PowerSpectrogramConfig } from '../../dsp/pipelines/power-spectrogram.ts';
import { extremesOfPower } from '../../dsp/power-sequences.ts';
import type { MadeClip, Making } from '../latent/made-clip.ts';
import type { Ingredients, KnownRecording } from '../latent/protocol.ts';
import { readKnownRecording } from '../latent/recording.ts';
import type { LoadedModel } from '../loaded-model.ts';
import type { ServiceContext } from '../service.ts';
import { latentChoice } from '../chance.ts';
import { givenBeginning } from './given-beginning.ts';
import {
  labelOf,
  modelError,
  shownOn,
  soundOf,
  throughModel,
  type Utterance,
  type utterancesOf,
  writtenGain,
} from './through.ts';

type Model = NonNullable<ReturnType<typeof utterancesOf>> & { loaded: LoadedModel };
type Context = Pick<ServiceContext, 'signal' | 'progress'>;
type Settings<Kind extends Recipe['made']['kind']> = Extract<Recipe['made'], { kind: Kind }>['settings'];

/**
 * All at one gain, so that they can be compared.
 *
 * @throws ResynthError inference/no-capability, inference/nothing-heard; latent/nothing-given, latent/frames-not-finite; what reading
 *   throws; internal/cancelled.
 */
export async function madeSequences(
  loaded: LoadedModel,
  utterances: NonNullable<ReturnType<typeof utterancesOf>>,
  made: Recipe['made'],
  ingredients: Ingredients,
  context: Context,
): Promise<Making> {
  const model = { ...utterances, loaded };
  context.progress({ stage: 'Compiling the generation' });
  await utterances.model.openGeneration();
  if (made.kind === 'prior') return fromPrior(model, made.settings, context);
  if (made.kind === 'continue' && ingredients.kind === 'recording') {
    return continued(model, ingredients.recording, made.settings, context);
  }
  if (made.kind === 'free-running' && ingredients.kind === 'recording') {
    return freeRunning(model, ingredients.recording, made.settings, context);
  }
  const capability = 'decode a code of one clip';
  throw new ResynthError('inference/no-capability', { family: loaded.config.family, capability });
}

/** A clip whose sound is not scaled yet. */
type Unscaled = Omit<MadeClip, 'gain'>;

async function fromPrior(model: Model, settings: Settings<'prior'>, context: Context): Promise<Making> {
  const { pipeline } = model;
  const { n, method, iterations, seed } = settings;
  const { sampleRateHz, hopLength } = pipeline;
  const samples = Math.round(
    (settings.seconds ?? ((pipeline.frames - 1) * hopLength) / sampleRateHz) * sampleRateHz,
  );
  const { frames } = withClipSamples(pipeline, samples);
  async function* drawn(): AsyncGenerator<Unscaled> {
    for (let index = 0; index < n; index++) {
      const power = await draw(model, { settings, frames, index }, context);
      const phase = method === 'zero-phase' ? zerosLike(power) : null;
      const sound = fromPowerSpectrogram(power, pipeline, { phase, iterations, seed, length: samples });
      yield clipOf(`Draw ${index + 1}`, power, sound, pipeline);
    }
  }
  return making(drawn(), { total: n, durationSec: samples / sampleRateHz, notes: [] }, context);
}

async function continued(
  model: Model,
  recording: KnownRecording,
  settings: Settings<'continue'>,
  context: Context,
): Promise<Making> {
  const { pipeline } = model;
  const { n, from, iterations, seed, seconds } = settings;
  const { sampleRateHz, hopLength } = pipeline;
  const given = givenBeginning(readKnownRecording(recording, Infinity), pipeline, {
    name: recording.id,
    from,
  });
  const code = await model.model.encode(given.power, latentChoice(settings.latent, seed), context.signal);
  const more = Math.max(1, Math.round((seconds * sampleRateHz) / hopLength));
  const frames = given.frames + more;
  const length = (frames - 1) * hopLength;
  const known = { phase: given.phase, frames: given.frames };
  async function* all(): AsyncGenerator<Unscaled> {
    yield clipOf('The recording', given.whole.power, given.whole.samples, pipeline);
    for (let index = 0; index < n; index++) {
      const made = await draw(
        model,
        { settings, frames, index, given: { power: given.power, code } },
        context,
      );
      const power = withBeginning(made, given.power);
      const options = { phase: null, known, iterations, seed, length };
      const sound = fromPowerSpectrogram(power, pipeline, options);
      yield { ...clipOf(`Continuation ${index + 1}`, power, sound, pipeline), givenSec: given.sec };
    }
  }
  const durationSec = Math.max(length, given.whole.samples.length) / sampleRateHz;
  return making(all(), { total: n + 1, durationSec, notes: given.notes }, context);
}

async function freeRunning(
  model: Model,
  recording: KnownRecording,
  settings: Settings<'free-running'>,
  context: Context,
): Promise<Making> {
  const { pipeline } = model;
  const { method, iterations, seed } = settings;
  const latent = latentChoice(settings.latent, seed);
  const audio = { ...readKnownRecording(recording, Infinity), name: recording.id };
  const through = (feedback: 'recording' | 'own') =>
    throughModel(model.model, audio, pipeline, { latent, feedback }, context.signal);
  const forced = await through('recording');
  const free = model.model.hearsItself ? await through('own') : forced;
  refuseBroken(model, free.estimate);
  const inversion = { method, iterations, seed };
  const clip = (title: string, utterance: Utterance, power: Matrix<Float32Array>): Unscaled =>
    clipOf(title, power, soundOf(utterance, power, inversion), pipeline);
  async function* all(): AsyncGenerator<Unscaled> {
    const { analysed } = forced;
    yield clipOf('The recording', analysed.power, analysed.samples, pipeline);
    yield clip('Ceiling', forced, analysed.power);
    yield { ...clip('Teacher-forced', forced, forced.estimate), lsdDb: lsdOf(forced) };
    yield { ...clip('Free-running', free, free.estimate), lsdDb: lsdOf(free) };
  }
  const notes = [
    `${labelOf(method)}. The codes are those of the posterior of the recording in both, inferred with its true frames.`,
    ...(model.model.hearsItself
      ? []
      : [
          'This model generates no frame from the frames before it: free-running and teacher-forced are the same.',
        ]),
  ];
  const durationSec = forced.analysed.samples.length / pipeline.sampleRateHz;
  return making(all(), { total: 4, durationSec, notes }, context);
}

async function draw(
  model: Model,
  {
    settings: { seed, temperature, frames: kind = 'expected' },
    frames,
    index,
    given,
  }: {
    settings: Settings<'prior'> | Settings<'continue'>;
    frames: number;
    index: number;
    given?: NonNullable<Parameters<typeof model.model.draw>[0]['given']>;
  },
  { signal }: Context,
): Promise<Matrix<Float32Array>> {
  const chance = { seed, index, temperature, frames: kind };
  const power = await model.model.draw({ frames, chance, ...(given ? { given } : {}) }, signal);
  refuseBroken(model, power);
  return power;
}

/** Powers that are no numbers cannot be heard. */
function refuseBroken({ loaded }: Model, power: Matrix): void {
  if (power.data.every((value) => Number.isFinite(value))) return;
  throw new ResynthError('latent/frames-not-finite', { run: loaded.used.name, step: loaded.used.step });
}

/** Brings all to one gain: their sounds are made first. */
function making(
  clips: AsyncIterable<Unscaled>,
  about: Pick<Making, 'total' | 'durationSec' | 'notes'>,
  { signal, progress }: Context,
): Making {
  async function* scaled(): AsyncGenerator<MadeClip> {
    const all: Unscaled[] = [];
    const stage = 'Generating frames and sound';
    for await (const clip of clips) {
      signal.throwIfAborted();
      all.push(clip);
      progress({ stage, done: all.length, total: about.total, unit: 'clips' });
    }
    const gain = writtenGain(all.map(({ sound }) => sound));
    for (const clip of all) yield { ...clip, gain };
  }
  return { ...about, clips: scaled() };
}

function clipOf(
  title: string,
  power: Matrix<Float32Array>,
  sound: Float64Array | Float32Array,
  config: PowerSpectrogramConfig,
): Unscaled {
  const { frames } = power;
  const extremes = extremesOfPower(power.data);
  return {
    title,
    ...{ group: null, position: null, meanOf: null },
    ...shownOn(extremes, power.data, { ...config, frames }),
    frames,
    sound: Float32Array.from(sound),
  };
}

function lsdOf(utterance: Utterance): number {
  return modelError(utterance).lsdAllFramesDb;
}

/** `power` with its first columns those of `beginning`, both `[bins, frames]`. */
function withBeginning(power: Matrix<Float32Array>, beginning: Matrix): Matrix<Float32Array> {
  const data = power.data.slice();
  for (let bin = 0; bin < power.bins; bin++) {
    for (let frame = 0; frame < beginning.frames; frame++) {
      data[bin * power.frames + frame] = beginning.data[bin * beginning.frames + frame]!;
    }
  }
  return { ...power, data };
}

function zerosLike({ bins, frames }: Matrix): Matrix {
  return { bins, frames, data: new Float64Array(bins * frames) };
}
