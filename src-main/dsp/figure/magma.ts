/**
 * Magma, a perceptually uniform colour map: equal steps of level look like equal steps of lightness, in grey and to
 * colour-blind eyes too. S. van der Walt and N. Smith, matplotlib 2.0 (public domain), as control points of its 256.
 */
const controlPoints: readonly (readonly [index: number, colour: number])[] = [
  [0, 0x000004],
  [16, 0x0a0822],
  [32, 0x1d1147],
  [64, 0x51127c],
  [85, 0x721f81],
  [96, 0x832681],
  [113, 0x9e2f7f],
  [128, 0xb73779],
  [142, 0xcd4071],
  [160, 0xe65164],
  [170, 0xf1605d],
  [192, 0xfc8961],
  [198, 0xfd9668],
  [224, 0xfec488],
  [255, 0xfcfdbf],
];

/** 256 colours, `[256 * 3]` red, green, blue, from the lowest value to the highest. */
export const magma: Uint8Array = makeTable();

function makeTable(): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let point = 1; point < controlPoints.length; point++) {
    const [from, fromColour] = controlPoints[point - 1]!;
    const [to, toColour] = controlPoints[point]!;
    for (let index = from; index <= to; index++) {
      const part = (index - from) / (to - from);
      for (let channel = 0; channel < 3; channel++) {
        const shift = 16 - 8 * channel;
        const low = (fromColour >> shift) & 255;
        const high = (toColour >> shift) & 255;
        table[3 * index + channel] = Math.round(low + part * (high - low));
      }
    }
  }
  return table;
}
