import type { Recipe } from '../../../src-preload/contract/commands/generate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { generatedExtremes } from '../../dsp/minmax.ts';
import type { LoadedModel } from '../loaded-model.ts';
import type { ServiceContext } from '../service.ts';
import { readClass } from './class-codes.ts';
import {
  drawAround,
  drawFrom,
  interpolateCodes,
  interpolateExtremes,
  meanCode,
  positionOf,
} from './codes.ts';
import type { Ingredients } from './protocol.ts';
import type { ClipFacts } from './made-clip.ts';
import { encodeRecording } from './recording.ts';

/** Codes `[clips, latentDim]` with what each stands for. */
export interface Plan {
  codes: Float32Array;
  clips: ClipFacts[];
}

/** The codes of a recipe, in the order of its clips. */
export async function planClips(
  model: LoadedModel,
  made: Recipe['made'],
  ingredients: Ingredients,
  context: Pick<ServiceContext, 'signal' | 'progress'>,
): Promise<Plan> {
  if (made.kind === 'prior') return planPrior(model, made.settings);
  if (made.kind === 'components') return planComponents(model, made.settings);
  if (made.kind === 'class-means' && ingredients.kind === 'class-means') {
    return planClasses(model, ingredients, made.settings, context);
  }
  if (made.kind === 'interpolate' && ingredients.kind === 'interpolate') {
    return planBetween(model, ingredients.recordings, made.settings);
  }
  throw new Error(`a recipe of ${made.kind} came with what ${ingredients.kind} is made of`);
}

type Settings<Kind extends Recipe['made']['kind']> = Extract<Recipe['made'], { kind: Kind }>['settings'];

async function planPrior(
  model: LoadedModel,
  { n, seed, temperature, label = [] }: Settings<'prior'>,
): Promise<Plan> {
  const { z } = await model.samplePrior(n, seed, temperature, label);
  return {
    codes: z,
    clips: Array.from({ length: n }, (_, at) => ({
      title: label.length === 0 ? `Draw ${at + 1}` : `${label[at % label.length]}, draw ${at + 1}`,
      ...{ group: label[at % label.length] ?? null, position: null, meanOf: null },
      ...generatedExtremes,
    })),
  };
}

async function planComponents(
  model: LoadedModel,
  { of, n, seed, scale }: Settings<'components'>,
): Promise<Plan> {
  const { components, means, deviations } = await model.mixture();
  const unknown = of.find((component) => component > components);
  if (unknown !== undefined) {
    throw new ResynthError('latent/component-unknown', {
      component: unknown,
      components,
      run: model.used.name,
    });
  }
  const all = Array.from({ length: components }, (_, at) => at + 1);
  const codes: Float32Array[] = [];
  const clips: ClipFacts[] = [];
  for (const component of of.length > 0 ? new Set(of) : all) {
    const part = (values: Float32Array): Float32Array =>
      values.subarray((component - 1) * model.latentDim, component * model.latentDim);
    const name = `Component ${component}`;
    for (let index = 0; index < n; index++) {
      codes.push(drawFrom({ name, mean: part(means), deviation: part(deviations) }, { index, seed, scale }));
      clips.push({
        title: n === 1 ? name : `${name}, ${index + 1} of ${n}`,
        ...{ group: name, position: null, meanOf: null },
        ...generatedExtremes,
      });
    }
  }
  return { codes: joined(codes), clips };
}

async function planClasses(
  model: LoadedModel,
  { classes, from }: Extract<Ingredients, { kind: 'class-means' }>,
  { n, seed, scale, spread, levels }: Settings<'class-means'>,
  context: Pick<ServiceContext, 'signal' | 'progress'>,
): Promise<Plan> {
  const codes: Float32Array[] = [];
  const clips: ClipFacts[] = [];
  for (const one of classes) {
    const { group, extremes, close } = await readClass(model, one, from, context);
    try {
      const mean = await meanCode(group);
      codes.push(...(await drawAround(group, mean, { n, seed, scale, spread })));
    } finally {
      close();
    }
    for (let index = 0; index < n; index++) {
      clips.push({
        title: n === 1 ? one.name : `${one.name}, ${index + 1} of ${n}`,
        ...{ group: one.name, position: null, meanOf: group.count },
        ...(levels === 'class' ? extremes : generatedExtremes),
      });
    }
  }
  return { codes: joined(codes), clips };
}

async function planBetween(
  model: LoadedModel,
  recordings: Extract<Ingredients, { kind: 'interpolate' }>['recordings'],
  { steps, way }: Settings<'interpolate'>,
): Promise<Plan> {
  const from = await encodeRecording(model, recordings[0]);
  const to = await encodeRecording(model, recordings[1]);
  return {
    codes: interpolateCodes(from.code, to.code, steps, way),
    clips: Array.from({ length: steps }, (_, step) => {
      const position = positionOf(step, steps);
      const end = position === 0 ? recordings[0].id : position === 1 ? recordings[1].id : null;
      return {
        title: end ?? `${Math.round(100 * position)} % of the way`,
        ...{ group: null, position, meanOf: null },
        ...interpolateExtremes(from.clip, to.clip, position),
      };
    }),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
