import type { ImageShape } from './bijection.ts';

/** Which half of an image a coupling leaves as it is, and reads. */
export type MaskKind = 'checkerboard' | 'channel';

/**
 * 1 where a checkerboard coupling leaves x as it is: places whose row and column add up to an even number (Dinh et al. 2017,
 * figure 3), `[1, height, width, channels]` flat; `odd` turns it around. A vector has no places: there every other number.
 */
export function checkerboard([height, width, channels]: ImageShape, odd: boolean): Float32Array {
  const isVector = height * width === 1;
  const mask = new Float32Array(height * width * channels);
  for (let index = 0; index < mask.length; index++) {
    const place = Math.floor(index / channels);
    const sum = isVector ? index : Math.floor(place / width) + (place % width);
    mask[index] = sum % 2 === (odd ? 1 : 0) ? 1 : 0;
  }
  return mask;
}

/** Channels in the two parts of a channel-wise split: the second has one more where they are odd in number. */
export function halves(channels: number): [first: number, second: number] {
  const first = Math.floor(channels / 2);
  return [first, channels - first];
}

/** Whether a mask of this kind leaves something to change and something to read of an image. */
export function maskFits([height, width, channels]: ImageShape, kind: MaskKind): boolean {
  return kind === 'channel' ? channels > 1 : height * width * (height * width === 1 ? channels : 1) > 1;
}
