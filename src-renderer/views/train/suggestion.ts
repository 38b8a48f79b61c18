import { recordingsStats } from '../../../src-preload/contract/commands/recordings.ts';
import type { Host } from '../../host.svelte.ts';
import type { ModelListing } from './presets.svelte.ts';

/** The rate of most recordings of a dataset; null where that cannot be told. */
export async function commonRateHz(host: Pick<Host, 'call'>, dataset: string): Promise<number | null> {
  try {
    const { sampleRates } = await host.call(recordingsStats, { dataset });
    const most = [...sampleRates].sort((a, b) => b.durationSec - a.durationSec)[0];
    return most?.value ? Number(most.value) : null;
  } catch {
    // Only a suggestion hangs on it.
    return null;
  }
}

type Suggested = Pick<ModelListing, 'preset' | 'features' | 'inputShape' | 'parameters' | 'samples'>;

/**
 * The preset to begin with: the quickest to train among those that ask for no higher rate than the recordings have,
 * the nearest rate first. Above the rate of the recordings there is nothing to learn.
 */
export function suggestPreset<Model extends Suggested>(
  models: readonly Model[],
  rateHz: number | null,
): Model | undefined {
  const cost = ({ inputShape, parameters }: Model): number =>
    inputShape.reduce((product, size) => product * size, 1) * Math.sqrt(parameters.total);
  const rateOf = ({ features }: Model): number =>
    typeof features.sampleRateHz === 'number' ? features.sampleRateHz : Infinity;
  // A sampler needs a trained model first.
  const byCost = models.filter(({ samples }) => samples === null).sort((a, b) => cost(a) - cost(b));
  if (rateHz === null) return byCost[0];
  const fitting = byCost.filter((model) => rateOf(model) <= rateHz);
  const nearest = Math.max(...fitting.map(rateOf));
  return fitting.find((model) => rateOf(model) === nearest) ?? byCost[0];
}
