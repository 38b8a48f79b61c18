import { decodeAudio, mixToMono } from '../audio/decode.ts';
import { melBank, melFrame } from '../dsp/mel.ts';
import { resample } from '../dsp/resample.ts';
import { forEachFrame } from '../dsp/stft.ts';

/** What the classifier is given of a sound: mel bands by frames, so that models of any representation are heard alike. */
export const melImage = { bands: 40, frames: 64 } as const;
export const melImageSize = melImage.bands * melImage.frames;

const rateHz = 8000;
const stftOptions = { nFft: 256, hopLength: 128 };
/** Below the loudest band of the sound by more than this is nothing. */
const rangeDb = 60;

/** A stretch of a file that is classified. */
export interface HeardFile {
  path: string;
  startSec: number | null;
  endSec: number | null;
}

/** The mel image of a file's first second. Throws audio/*. */
export function readMelImage({ path, startSec, endSec }: HeardFile): Float32Array {
  const from = startSec ?? 0;
  const longest = (melImage.frames * stftOptions.hopLength) / rateHz;
  const maxDurationSec = Math.min(longest, (endSec ?? Infinity) - from);
  const audio = decodeAudio(path, { startSec: from, maxDurationSec });
  return melImageOf(mixToMono(audio.channels), audio.sampleRateHz);
}

/**
 * `[bands, frames]` in 0..1: HTK mel bands of the power at 8 kHz, in dB below the loudest, cut at 60 dB; zeros after the sound's end. Levels and what
 * lies above 4 kHz are thereby left out of it: what was said is in the rest.
 */
export function melImageOf(samples: Float32Array, sampleRateHz: number): Float32Array {
  const { bands, frames } = melImage;
  const sound = sampleRateHz === rateHz ? samples : resample(samples, sampleRateHz, rateHz);
  const bank = melBank({
    sampleRateHz: rateHz,
    nFft: stftOptions.nFft,
    nMels: bands,
    scale: 'htk',
    norm: 'none',
  });
  const power = new Float64Array(stftOptions.nFft / 2 + 1);
  const mel = new Float64Array(bands * frames);
  forEachFrame(sound, stftOptions, (frame, re, im) => {
    if (frame >= frames) return;
    for (const bin of power.keys()) power[bin] = re[bin]! * re[bin]! + im[bin]! * im[bin]!;
    melFrame(bank, power, mel, frame * bands);
  });
  const loudest = mel.reduce((most, value) => Math.max(most, value), 0);
  const image = new Float32Array(bands * frames);
  if (loudest === 0) return image;
  for (let frame = 0; frame < frames; frame++) {
    for (let band = 0; band < bands; band++) {
      const db = 10 * Math.log10(mel[frame * bands + band]! / loudest + 1e-12);
      image[band * frames + frame] = Math.max(0, 1 + db / rangeDb);
    }
  }
  return image;
}
