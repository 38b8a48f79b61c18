/** One trial of an ABX test: which clip is heard, and which of the two X is. */
export interface AbxTrialOrder {
  /** Place of the clip in the test's list. */
  clip: number;
  x: 'a' | 'b';
}

/**
 * The hidden order of an ABX test, from its seed alone: the page plays by it and the host scores by it, so that neither has
 * to tell the other. X is a fair coin each time, independent of the others: a balanced order could be counted out, and the
 * binomial test would not hold. Clips come in rounds, each round in an order of its own, so that all are heard equally often.
 *
 * What it gives for a seed is part of the format of stored tests and must never change.
 */
export function abxOrder(seed: number, trials: number, clips: number): AbxTrialOrder[] {
  if (clips < 1) throw new RangeError('an ABX test needs a clip');
  const next = splitMix32(seed);
  const order: AbxTrialOrder[] = [];
  while (order.length < trials) {
    for (const clip of shuffled(clips, next)) {
      if (order.length === trials) break;
      order.push({ clip, x: next() >>> 31 === 0 ? 'a' : 'b' });
    }
  }
  return order;
}

/** Fisher and Yates: 0 to count - 1, each order as likely as any other to within 2^-32 * count. */
function shuffled(count: number, next: () => number): number[] {
  const order = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor((next() / 2 ** 32) * (at + 1));
    const kept = order[at] as number;
    order[at] = order[other] as number;
    order[other] = kept;
  }
  return order;
}

/** 32 random bits at a time from a 32-bit seed (Steele, Lea and Flood 2014, with the mixer of MurmurHash3). */
function splitMix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
  };
}
