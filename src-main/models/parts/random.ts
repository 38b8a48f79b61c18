/**
 * Seeded uniform numbers in [0, 1) for initial weights: 24 random bits each, exact in float32. They depend on
 * (seed, name) alone, so neither the backend nor the order in which layers are made changes them.
 * Generator: sfc32 (Doty-Humphrey), 15 rounds discarded after seeding as its author advises.
 */
export function seededUniform(seed: number, name: string): () => number {
  let a = seed | 0;
  let b = hash32(name, 0x811c9dc5);
  let c = hash32(name, 0x9e3779b9);
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let round = 0; round < 15; round++) next();
  return () => (next() >>> 8) / 0x1000000;
}

/** FNV-1a over UTF-16 units, from the basis `start`. */
function hash32(text: string, start: number): number {
  let hash = start | 0;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
