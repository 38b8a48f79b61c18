import { type Block, philoxRounds } from '../random/philox.ts';

/**
 * Noise from Philox4x32-10, keyed and read as TensorFlow's StatelessRandomNormal and StatelessRandomUniform do for an int32
 * seed pair, so that every backend draws the same numbers.
 */

/** Fills `out` with standard normal numbers for the seed pair. */
export function philoxNormal(seed: readonly [number, number], out: Float32Array): void {
  const generator = openGenerator(seed);
  for (let start = 0; start < out.length; start += 4) {
    const block = generator();
    const values = [...boxMuller(block[0], block[1]), ...boxMuller(block[2], block[3])];
    for (let index = 0; index < 4 && start + index < out.length; index++)
      out[start + index] = values[index] ?? 0;
  }
}

/** Fills `out` with uniform numbers in [0, 1) for the seed pair. */
export function philoxUniform(seed: readonly [number, number], out: Float32Array): void {
  const generator = openGenerator(seed);
  for (let start = 0; start < out.length; start += 4) {
    const block = generator();
    for (let index = 0; index < 4 && start + index < out.length; index++) {
      out[start + index] = toUnit(block[index] ?? 0);
    }
  }
}

/** The seed pair is scrambled into key and counter first, so that any two seeds are far apart. */
function openGenerator([seed0, seed1]: readonly [number, number]): () => Block {
  const counter: Block = [seed0 >>> 0, signWord(seed0), seed1 >>> 0, signWord(seed1)];
  const mix = philoxRounds(counter, 0x3ec8f720, 0x02461e29);
  const state: Block = [0, 0, mix[2], mix[3]];
  return () => {
    const block = philoxRounds(state, mix[0], mix[1]);
    state[0] = (state[0] + 1) >>> 0;
    if (state[0] === 0) state[1] = (state[1] + 1) >>> 0;
    return block;
  };
}

/** Upper half of an int32 widened to 64 bits. */
function signWord(value: number): number {
  return (value | 0) < 0 ? 0xffffffff : 0;
}

/** The low 23 bits as the mantissa of a number in [1, 2), less 1. */
function toUnit(word: number): number {
  return (word & 0x7fffff) / 0x800000;
}

function boxMuller(word0: number, word1: number): [number, number] {
  const u1 = Math.max(toUnit(word0), 1e-7);
  const angle = Math.fround(2 * Math.PI * toUnit(word1));
  const radius = Math.sqrt(-2 * Math.log(u1));
  return [Math.sin(angle) * radius, Math.cos(angle) * radius];
}
