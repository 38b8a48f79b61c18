import { recordingsStats } from '../../../src-preload/contract/commands/recordings.ts';
import type { Host } from '../../host.svelte.ts';
import type { ModelListing } from './presets.svelte.ts';

/** What the preset to begin with is chosen by. */
export interface RecordingFacts {
  /** Of most of the sound. */
  rateHz: number;
  meanSec: number;
}

/** Those of a dataset; null where that cannot be told. */
export async function recordingFacts(
  host: Pick<Host, 'call'>,
  dataset: string,
): Promise<RecordingFacts | null> {
  try {
    const { sampleRates, durationSec, recordings } = await host.call(recordingsStats, { dataset });
    const most = [...sampleRates].sort((a, b) => b.durationSec - a.durationSec)[0];
    return most?.value ? { rateHz: Number(most.value), meanSec: durationSec / recordings } : null;
  } catch {
    // Only a suggestion hangs on it.
    return null;
  }
}

type Suggested = Pick<ModelListing, 'preset' | 'kind' | 'features' | 'inputShape' | 'parameters'>;

/** Recordings that are longer than this on the whole are no single words: a model of clips of a second would see their beginnings only. */
const longestWordsSec = 3;

/**
 * The preset to begin with: of one code a clip for words, of a code a frame for what is longer; among those the quickest to train
 * that asks for no higher rate than the recordings have, the nearest rate first. Above the rate of the recordings there is
 * nothing to learn.
 */
export function suggestPreset<Model extends Suggested>(
  models: readonly Model[],
  facts: RecordingFacts | null,
): Model | undefined {
  const cost = ({ inputShape, parameters }: Model): number =>
    inputShape.reduce((product, size) => product * size, 1) * Math.sqrt(parameters.total);
  const rateOf = ({ features }: Model): number =>
    typeof features.sampleRateHz === 'number' ? features.sampleRateHz : Infinity;
  const kind = facts !== null && facts.meanSec > longestWordsSec ? 'sequence' : 'clip';
  const byCost = models.filter((model) => model.kind === kind).sort((a, b) => cost(a) - cost(b));
  if (facts === null) return byCost[0];
  const fitting = byCost.filter((model) => rateOf(model) <= facts.rateHz);
  const nearest = Math.max(...fitting.map(rateOf));
  return fitting.find((model) => rateOf(model) === nearest) ?? byCost[0];
}
