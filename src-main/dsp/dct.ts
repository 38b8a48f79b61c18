/**
 * The first `count` rows of the orthonormal DCT-II of `size` values, `[count, size]`: what `scipy.fft.dct(type=2, norm='ortho')`
 * and torchaudio's `create_dct(norm='ortho')` multiply with.
 */
export function dctMatrix(count: number, size: number): Float64Array {
  if (!(count >= 1 && count <= size))
    throw new RangeError(`${count} of ${size} DCT coefficients have no meaning.`);
  const matrix = new Float64Array(count * size);
  for (let k = 0; k < count; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / size);
    for (let n = 0; n < size; n++) {
      // Reduced to one turn first: no digits are lost in a large angle.
      const quarterTurns = (k * (2 * n + 1)) % (4 * size);
      matrix[k * size + n] = scale * Math.cos((Math.PI * quarterTurns) / (2 * size));
    }
  }
  return matrix;
}

/** `1 + (lifter / 2) sin(pi (k + 1) / lifter)` for each coefficient, ones for 0: `librosa.feature.mfcc`'s lifter. */
export function lifterWeights(count: number, lifter: number): Float64Array {
  if (!(lifter >= 0)) throw new RangeError(`A lifter of ${lifter} has no meaning.`);
  return Float64Array.from({ length: count }, (_, k) =>
    lifter === 0 ? 1 : 1 + (lifter / 2) * Math.sin((Math.PI * (k + 1)) / lifter),
  );
}
