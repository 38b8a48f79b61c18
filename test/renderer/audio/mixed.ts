import type { LoopRegion, Order, OrderBody } from '../../../src-renderer/audio/messages.ts';
import { fadeSec } from '../../../src-renderer/audio/fade.ts';

/** What a transport ought to put out, worked out from its orders alone; and what a click, a gap or a drift would be. */

export interface Script {
  rateHz: number;
  frames: number;
  tracks: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  orders: readonly (OrderBody & { atFrame?: number })[];
}

/** The orders as the mixer takes them; each track is a copy, since the mixer owns what it is given. */
export function ordersOf({ tracks, orders }: Script): Order[] {
  const adding = Object.entries(tracks).map(([id, samples]): OrderBody => {
    return { kind: 'track', track: { id, channels: [samples.slice()] } };
  });
  return [...adding, ...orders].map((body, at) => ({ ...body, number: at + 1 }) as Order);
}

/** For each frame: where in which track it has to be, or null while it fades or rests. */
export interface Place {
  track: string;
  position: number;
  gain: number;
}

/**
 * At speed 1 every frame outside of a fade is one sample of one track times its gain. Places are counted on from the
 * orders by plain arithmetic, nothing of the mixer's.
 */
export function idealPlaces({ rateHz, frames, tracks, orders }: Script): (Place | null)[] {
  const fade = Math.round(fadeSec * rateHz) + 1;
  const length = Math.max(...Object.values(tracks).map((samples) => samples.length));
  const places: (Place | null)[] = [];
  let playing = false;
  let position = 0;
  let loop: LoopRegion | null = null;
  let chosen: { track: string; gain: number } | null = null;
  let fadingUntil = 0;
  const sorted = [...orders].sort((a, b) => (a.atFrame ?? 0) - (b.atFrame ?? 0));
  for (let frame = 0; frame < frames; frame++) {
    for (; sorted[0] && (sorted[0].atFrame ?? 0) <= frame; sorted.shift()) {
      const [order] = sorted;
      if (!order) break;
      if (order.kind === 'play') [playing, fadingUntil] = [true, frame + fade];
      if (order.kind === 'pause') [playing, fadingUntil] = [false, frame + fade];
      if (order.kind === 'seek') [position, fadingUntil] = [order.position, frame + fade];
      if (order.kind === 'loop') loop = order.region;
      if (order.kind === 'mix') {
        const [track, gain] = Object.entries(order.gains)[0] ?? ['', 0];
        [chosen, fadingUntil] = [{ track, gain }, Math.max(fadingUntil, frame + fade)];
      }
    }
    const end = loop && position <= loop.to ? loop.to : length;
    const edge = playing && position >= end - fade;
    places.push(!playing || frame < fadingUntil || edge || !chosen ? null : { ...chosen, position });
    if (!playing) continue;
    position++;
    if (position < end) continue;
    if (loop && end === loop.to) [position, fadingUntil] = [loop.from, frame + 1 + fade];
    else [playing, position] = [false, length];
  }
  return places;
}

/** How far the output is from its places, where it is not fading: 0 but for rounding, or it has drifted. */
export function worstError(
  output: Float32Array,
  places: readonly (Place | null)[],
  tracks: Script['tracks'],
): number {
  let worst = 0;
  for (const [frame, place] of places.entries()) {
    if (!place) continue;
    const wanted = (tracks[place.track]?.[place.position] ?? 0) * place.gain;
    worst = Math.max(worst, Math.abs((output[frame] ?? NaN) - wanted));
  }
  return worst;
}

/** The largest second difference: a step of height h gives h, a tone of amplitude a at w radians a sample a * w * w. */
export function sharpest(samples: Float32Array): number {
  let most = 0;
  for (let n = 2; n < samples.length; n++) {
    most = Math.max(most, Math.abs(samples[n]! - 2 * samples[n - 1]! + samples[n - 2]!));
  }
  return most;
}

/** The quietest stretch of `lengthFrames` in `from..to`, as RMS. */
export function quietest(samples: Float32Array, from: number, to: number, lengthFrames: number): number {
  let least = Infinity;
  for (let at = from; at + lengthFrames <= to; at += lengthFrames >> 1) {
    let sum = 0;
    for (let n = at; n < at + lengthFrames; n++) sum += samples[n]! ** 2;
    least = Math.min(least, Math.sqrt(sum / lengthFrames));
  }
  return least;
}

export function tone(
  hz: number,
  rateHz: number,
  frames: number,
  amplitude = 0.5,
  phase = 0,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: frames },
    (_, n) => amplitude * Math.sin((2 * Math.PI * hz * n) / rateHz + phase),
  );
}

/** A minute of switching, looping and seeking over a clip: the same for the mixer and for a real audio context. */
export function busyMinute(rateHz: number, seconds: number): Script {
  const length = Math.round(1.7 * rateHz);
  // No whole number of periods anywhere, so that every frame of the clip is told from the others.
  const tracks = {
    original: tone(311.13, rateHz, length, 0.4),
    ceiling: tone(311.13, rateHz, length, 0.2, 0.4),
    reconstruction: tone(311.13, rateHz, length, 0.8, 0.2),
  };
  // Level-matched: whichever is heard, it is heard at an amplitude of 0.4.
  const gains: Record<string, number> = { original: 1, ceiling: 2, reconstruction: 0.5 };
  const names = Object.keys(gains);
  const frames = Math.round(seconds * rateHz);
  const orders: (OrderBody & { atFrame?: number })[] = [
    { kind: 'mix', gains: { original: 1 } },
    { kind: 'loop', region: { from: Math.round(0.21 * rateHz), to: Math.round(1.33 * rateHz) } },
    { kind: 'play' },
  ];
  const chance = linearChance(5);
  for (let at = 0.1; at < seconds - 0.5; at += 0.08 + 0.5 * chance()) {
    const atFrame = Math.round(at * rateHz);
    const what = chance();
    const name = names[Math.floor(chance() * names.length)] ?? 'original';
    if (what < 0.75) orders.push({ kind: 'mix', gains: { [name]: gains[name] ?? 1 }, atFrame });
    else if (what < 0.9)
      orders.push({ kind: 'seek', position: Math.round(chance() * 1.1 * rateHz), atFrame });
    else {
      const from = Math.round(0.6 * chance() * rateHz);
      orders.push({
        kind: 'loop',
        region: { from, to: from + Math.round((0.2 + 0.8 * chance()) * rateHz) },
        atFrame,
      });
      orders.push({ kind: 'seek', position: from, atFrame });
    }
  }
  return { rateHz, frames, tracks, orders };
}

function linearChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
