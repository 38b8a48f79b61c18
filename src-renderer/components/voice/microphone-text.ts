import type { MicrophoneFacts } from '../../audio/recording/microphone.svelte.ts';

/** What of the browser's treatment of voices could not be turned off; empty where the sound comes as it is. */
export function stillOn(facts: MicrophoneFacts): string[] {
  const on: string[] = [];
  if (facts.autoGainControl === true) on.push('automatic gain control');
  if (facts.noiseSuppression === true) on.push('noise suppression');
  if (facts.echoCancellation === true) on.push('echo cancellation');
  return on;
}

/** What the browser does not say; then nobody knows whether it is off. */
export function untold(facts: MicrophoneFacts): string[] {
  const unknown: string[] = [];
  if (facts.autoGainControl === null) unknown.push('automatic gain control');
  if (facts.noiseSuppression === null) unknown.push('noise suppression');
  if (facts.echoCancellation === null) unknown.push('echo cancellation');
  return unknown;
}

/** '48 kHz, 1 channel'. */
export function formText({ sampleRateHz, channels }: MicrophoneFacts): string {
  const rate = `${Number((sampleRateHz / 1000).toFixed(3))} kHz`;
  if (channels === null) return rate;
  return `${rate}, ${channels === 1 ? '1 channel' : `${channels} channels, mixed to one`}`;
}

/** Parts of a sentence: 'a, b and c'. */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts[0] ?? '';
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
