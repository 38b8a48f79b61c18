import type { SpectrogramPicture } from '../../components/spectrogram-picture.ts';

export interface DbScale {
  minDb: number;
  maxDb: number;
}

/** The narrowest scale that shows all pictures whole; null without pictures. */
export function commonScale(pictures: readonly DbScale[]): DbScale | null {
  if (pictures.length === 0) return null;
  return {
    minDb: Math.min(...pictures.map(({ minDb }) => minDb)),
    maxDb: Math.max(...pictures.map(({ maxDb }) => maxDb)),
  };
}

const rescaled = new WeakMap<SpectrogramPicture, SpectrogramPicture>();

/**
 * The same picture with its levels on another scale of dBFS, so that one colour is one level wherever it stands. Each run
 * has a scale of its own at the host; an eighth of a dB or so is lost between them.
 */
export function onScale(picture: SpectrogramPicture, { minDb, maxDb }: DbScale): SpectrogramPicture {
  if (picture.minDb === minDb && picture.maxDb === maxDb) return picture;
  const known = rescaled.get(picture);
  if (known?.minDb === minDb && known.maxDb === maxDb) return known;
  const table = Uint8Array.from({ length: 256 }, (_, level) => {
    const db = picture.minDb + (level / 255) * (picture.maxDb - picture.minDb);
    return Math.round(255 * Math.min(1, Math.max(0, (db - minDb) / (maxDb - minDb))));
  });
  const levels = picture.levels.map((level) => table[level] ?? 0);
  const result = { ...picture, levels, minDb, maxDb };
  rescaled.set(picture, result);
  return result;
}
