import type { GeneratedClip, GeneratedSet } from '../../../../src-preload/contract/commands/generate.ts';
import { formatCount, formatDate } from '../../../state/format.ts';

/** What a set is, in a few words. */
export function setTitle({ recipe }: GeneratedSet): string {
  const { made } = recipe;
  if (made.kind === 'prior') {
    const { temperature, seconds, frames, label } = made.settings;
    return [
      label === undefined
        ? 'From the prior'
        : `From the prior, asked for ${label.length > 4 ? `${label.length} labels` : label.join(', ')}`,
      ...(seconds === undefined ? [] : [`${Number(seconds.toFixed(2))} s`]),
      ...(frames === 'drawn' ? ['drawn frames'] : []),
      ...(temperature === 1 ? [] : [`temperature ${temperature}`]),
    ].join(', ');
  }
  if (made.kind === 'class-means') {
    const { by, of, scale } = made.settings;
    const which = of.length === 0 ? `each ${by}` : of.length > 4 ? `${of.length} ${by}s` : of.join(', ');
    return `Around the mean of ${which}, scale ${scale}`;
  }
  if (made.kind === 'components') {
    const { of, scale } = made.settings;
    const which = of.length === 0 ? 'all components' : `component ${of.join(', ')}`;
    return scale === 0 ? `Mean of ${which}` : `Drawn from ${which}, scale ${scale}`;
  }
  const name = (recording: string): string => recording.split('/').at(-1) ?? recording;
  if (made.kind === 'continue') {
    const { recording, from } = made.settings;
    return `${name(recording)} continued from ${from} s`;
  }
  if (made.kind === 'free-running')
    return `${name(made.settings.recording)}, teacher-forced and free-running`;
  return `From ${name(made.settings.from)} to ${name(made.settings.to)}, ${made.settings.way}`;
}

/** A clip under its picture: of an interpolation, how far it is from the first to the last. */
export function cellTitle({ recipe, clips }: GeneratedSet, clip: GeneratedClip): string {
  if (recipe.made.kind !== 'interpolate' || clip.position === null) return clip.title;
  if (clip.position === 0) return 'First';
  if (clip.index === clips.length - 1) return 'Last';
  return `${Math.round(100 * clip.position)} %`;
}

/** Everything that a set follows from, to be read. */
export function recipeWords({
  id,
  recipe,
  model,
  createdMs,
  sampleRateHz,
}: GeneratedSet): [string, string][] {
  const { identity, made, dataset } = recipe;
  const settings = Object.entries(made.settings)
    .filter(([key]) => key !== 'run' && key !== 'checkpoint')
    .map(([key, value]): [string, string] => [
      key === 'dataset' ? 'recording in' : key,
      Array.isArray(value) ? value.join(', ') || 'all' : String(value),
    ]);
  return [
    ['set', id],
    ['run', `${model.name} (${model.run})`],
    ['checkpoint', `step ${formatCount(identity.step)}, epoch ${formatCount(model.epoch)}`],
    ['weights', identity.weights],
    ['dataset', dataset.name],
    ['split hash', identity.splitHash],
    ['kind', made.kind],
    ...settings,
    ['computed by', `${model.backend} on ${model.device}, ${model.mode}`],
    ['sample rate', `${formatCount(sampleRateHz)} Hz`],
    ['made', formatDate(createdMs)],
  ];
}
