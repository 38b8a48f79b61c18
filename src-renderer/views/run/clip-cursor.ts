import {
  type SpectrogramPicture,
  frequencyAt,
  heightOf,
  readPicture,
} from '../../components/spectrogram-picture.ts';

type Picture = Omit<SpectrogramPicture, 'reference'>;

/** Where the pointer is in one clip: the same place is read in all its pictures. */
export interface ClipCursor {
  clip: number;
  timeSec: number;
  frequencyHz: number;
}

/** What lies under a pointer over a picture that is drawn from edge to edge of `area`. */
export function cursorAt(
  { clientX, clientY }: Pick<PointerEvent, 'clientX' | 'clientY'>,
  area: DOMRect,
  clip: number,
  picture: Picture,
): ClipCursor {
  const x = clampShare((clientX - area.left) / Math.max(1, area.width));
  const y = clampShare((area.bottom - clientY) / Math.max(1, area.height));
  return {
    clip,
    timeSec: picture.fromSec + x * (picture.toSec - picture.fromSec),
    frequencyHz: frequencyAt(y, picture.sampleRateHz / 2, 'linear'),
  };
}

/** Where a cursor lies in a picture, as shares of its width (0 left) and height (0 bottom), and what is there. */
export function readAt(
  { timeSec, frequencyHz }: ClipCursor,
  picture: Picture,
): { x: number; y: number; levelDb: number; atFloor: boolean } {
  const x = clampShare((timeSec - picture.fromSec) / (picture.toSec - picture.fromSec));
  const y = clampShare(heightOf(frequencyHz, picture.sampleRateHz / 2, 'linear'));
  const { levelDb, atFloor } = readPicture(picture, x, y, 'linear');
  return { x, y, levelDb, atFloor };
}

function clampShare(share: number): number {
  return Math.min(1, Math.max(0, share));
}
