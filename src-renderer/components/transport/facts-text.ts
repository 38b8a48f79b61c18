import type { DeckTrack, TrackFacts } from '../../audio/deck-track.svelte.ts';
import { formatDb } from '../../state/format.ts';

/** '+3.4 dB': a gain always has its sign. */
export function gainText(gainDb: number): string {
  return `${gainDb > 0.05 ? '+' : ''}${Math.abs(gainDb) < 0.05 ? '0.0 dB' : formatDb(gainDb)}`;
}

/** '12.34 samples late (0.77 ms)'. */
export function lagText({ lagSamples, lagSec, reason, method }: TrackFacts): string {
  if (reason === 'silent') return 'silent: not aligned';
  if (reason === 'too-short') return 'too short to align';
  if (reason === 'unrelated') return 'too unlike to align';
  const size = Math.abs(lagSamples);
  if (method === 'envelope') {
    const by = 'by its level, as its phases are others';
    const ms = (1000 * Math.abs(lagSec)).toFixed(0);
    return size === 0 ? `in step ${by}` : `${ms} ms ${lagSamples > 0 ? 'late' : 'early'} ${by}`;
  }
  if (size < 0.005) return 'in step';
  const when = lagSamples > 0 ? 'late' : 'early';
  return `${size.toFixed(2)} samples ${when} (${(1000 * Math.abs(lagSec)).toFixed(2)} ms)`;
}

/** By what a track was made as loud as the reference. */
export function levelText({ level }: TrackFacts): string {
  if (level.method === 'none') return 'silent: level left as it is';
  const by =
    level.method === 'loudness' ? 'matched by loudness (BS.1770)' : 'matched by the level of active speech';
  return `${gainText(level.gainDb)} ${by}${level.limited ? ', no more is put on' : ''}`;
}

/** One line about a track, for the foot of the transport. */
export function factsText(track: DeckTrack): string {
  const { facts } = track;
  if (!facts)
    return track.state === 'ready' ? 'the reference: time and level of the others are matched to it' : '';
  const drift =
    facts.driftPpm !== null && Math.abs(facts.driftPpm) >= 1
      ? ` · drifts ${facts.driftPpm.toFixed(0)} ppm`
      : '';
  const turned = facts.inverted ? ' · upside down' : '';
  return `${lagText(facts)} · ${levelText(facts)}${drift}${turned}`;
}
