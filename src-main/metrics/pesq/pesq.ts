import { alignUtterances } from './alignment.ts';
import { filterAsHandset, filterForAlignment, filterWideBand, powerInLevelBand } from './filters.ts';
import { rawScore } from './perceptual-model.ts';
import { pesqSettings, withMargins, type PesqRateHz, type PesqSignal } from './settings.ts';
import { speechActivity } from './speech-activity.ts';

/** The level in the band of the level that both signals are brought to. */
const targetPower = 1e7;

/** What came of a comparison, or why none was possible. */
export type PesqOutcome = { raw: number } | { blank: 'too-short' | 'silent' | 'no-utterance' };

/**
 * The raw score of ITU-T P.862 (`narrow`), or with the input filter of P.862.2 (`wide`, for 16 kHz). Both signals at
 * `rateHz`, of any scale.
 */
export function pesq(
  referenceSamples: ArrayLike<number>,
  degradedSamples: ArrayLike<number>,
  rateHz: PesqRateHz,
  band: 'narrow' | 'wide',
): PesqOutcome {
  const settings = pesqSettings[rateHz];
  if (Math.min(referenceSamples.length, degradedSamples.length) < rateHz / 4) return { blank: 'too-short' };
  const reference = withMargins(referenceSamples, settings);
  const degraded = withMargins(degradedSamples, settings);
  const longest = Math.max(reference.length, degraded.length);
  for (const signal of [reference, degraded]) {
    const power = powerInLevelBand(signal, settings, longest);
    if (!(power > 0)) return { blank: 'silent' };
    const gain = Math.sqrt(targetPower / power);
    for (let n = 0; n < signal.data.length; n++) signal.data[n]! *= gain;
    if (band === 'narrow') filterAsHandset(signal, settings);
    else filterWideBand(signal, settings);
  }
  const [alignedReference, alignedDegraded] = [copy(reference), copy(degraded)];
  filterForAlignment(alignedReference, settings);
  filterForAlignment(alignedDegraded, settings);
  const utterances = alignUtterances({
    reference: alignedReference,
    degraded: alignedDegraded,
    referenceSpeech: speechActivity(alignedReference, settings),
    degradedSpeech: speechActivity(alignedDegraded, settings),
    settings,
  });
  if (utterances.length === 0) return { blank: 'no-utterance' };
  return { raw: rawScore({ reference, degraded, utterances, settings }) };
}

function copy({ data, length }: PesqSignal): PesqSignal {
  return { data: Float64Array.from(data), length };
}

/** P.862.1: the raw narrow-band score as mean opinion score (MOS-LQO), 1.02..4.549. */
export function narrowBandMos(raw: number): number {
  return 0.999 + 4 / (1 + Math.exp(-1.4945 * raw + 4.6607));
}

/** P.862.2: the raw wide-band score as mean opinion score (MOS-LQO), 1.04..4.644. */
export function wideBandMos(raw: number): number {
  return 0.999 + 4 / (1 + Math.exp(-1.3669 * raw + 3.8224));
}
