import { dbfs, rms } from '../dsp/level.ts';
import { blank, type Judged, type Metric, type SignalPair } from './metric.ts';

/** Below this level there is nothing but rounding. */
const silenceDbfs = -90;

/** The figure of a pair, or why it has none: what any metric refuses is refused here, in one place. */
export function judge(metric: Metric, pair: SignalPair): Judged {
  const { reference, degraded, sampleRateHz } = pair;
  if (metric.ratesHz && !metric.ratesHz.includes(sampleRateHz)) {
    const rates = metric.ratesHz.join(' and ');
    return blank('wrong-rate', `${metric.title} is defined at ${rates} Hz, these are ${sampleRateHz} Hz`);
  }
  if (reference.length === 0 || degraded.length === 0) return blank('too-short', 'there are no samples');
  if (!finite(reference) || !finite(degraded))
    return blank('not-finite', 'there are samples that are not numbers');
  if (dbfs(rms(reference)) < silenceDbfs) return blank('silent-reference', 'the reference is silent');
  if (dbfs(rms(degraded)) < silenceDbfs) return blank('silent-degraded', 'the degraded sound is silent');
  if (metric.needsEqualLengths && reference.length !== degraded.length) {
    return blank('lengths-differ', `the lengths differ: ${reference.length} and ${degraded.length} samples`);
  }
  return metric.measure(pair);
}

function finite(samples: SignalPair['reference']): boolean {
  for (let n = 0; n < samples.length; n++) if (!Number.isFinite(samples[n]!)) return false;
  return true;
}
