import {
  type FrequencyScale,
  type SpectrogramPicture,
  heightOf,
} from '../../components/spectrogram-picture.ts';

/** What every cell of the grid spans from edge to edge. */
export interface Box {
  fromSec: number;
  toSec: number;
  maxHz: number;
}

/** A box that shows each of the pictures whole. */
export function boxOf(pictures: Iterable<SpectrogramPicture>): Box {
  const box = { fromSec: 0, toSec: 0, maxHz: 0 };
  for (const { fromSec, toSec, sampleRateHz } of pictures) {
    box.fromSec = Math.min(box.fromSec, fromSec);
    box.toSec = Math.max(box.toSec, toSec);
    box.maxHz = Math.max(box.maxHz, sampleRateHz / 2);
  }
  return box;
}

/** Where a picture lies in the box, for CSS, and its share of the box's height. */
export function placeOf(
  picture: Pick<SpectrogramPicture, 'fromSec' | 'toSec' | 'sampleRateHz'>,
  box: Box,
  scale: FrequencyScale,
): { left: string; width: string; height: string; share: number } {
  const span = box.toSec - box.fromSec;
  const share = heightOf(picture.sampleRateHz / 2, box.maxHz, scale);
  return {
    left: `${(100 * (picture.fromSec - box.fromSec)) / span}%`,
    width: `${(100 * (picture.toSec - picture.fromSec)) / span}%`,
    height: `${100 * share}%`,
    share,
  };
}

/** Shares of the box's width (0 left) and height (0 bottom) at which a time and a frequency are drawn. */
export function shareOf(
  { timeSec, frequencyHz }: { timeSec: number; frequencyHz: number },
  box: Box,
  scale: FrequencyScale,
): { x: number; y: number } {
  const clamp = (share: number): number => Math.min(1, Math.max(0, share));
  return {
    x: clamp((timeSec - box.fromSec) / (box.toSec - box.fromSec)),
    y: clamp(heightOf(frequencyHz, box.maxHz, scale)),
  };
}
