import type { IndexedFile, Stretch } from './tasks.ts';

/** A picture of the spectrum on an absolute scale (spectrogram.ts). */
export interface SpectrogramTask {
  kind: 'spectrogram';
  file: IndexedFile;
  stretch: Stretch;
  columns: number;
  windowSec: number;
  minDb: number;
  maxDb: number;
  /** The level by default; else what it leaves out (phase-picture.ts). */
  show?: 'level' | 'phase' | 'instantaneous-frequency' | 'group-delay';
  /** At most so many windows a column, and what lies between them is not read: for a first look at hours of sound. */
  mostWindows?: number;
  /** Where the picture is kept once it was made. */
  cacheFile?: string;
}

export interface SpectrogramPicture {
  kind: 'spectrogram';
  sampleRateHz: number;
  fftSize: number;
  windowLength: number;
  /** Samples from column to column. */
  hopLength: number;
  bins: number;
  frames: number;
  /** [bins, frames], lowest frequency first; 0 is minDb or below, 255 is maxDb. */
  levels: Uint8Array;
  /** What the levels stand for where that is no level. */
  shows?: {
    quantity: 'phase' | 'instantaneous-frequency' | 'group-delay';
    low: number;
    high: number;
    unit: string;
  };
}
