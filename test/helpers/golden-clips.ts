import path from 'node:path';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { readNpy } from './npy.ts';
import { referenceFolder } from './reference-data.ts';

/** The folder of golden values of the signal chain, or null where it is not here. */
export const goldenDsp = referenceFolder('reference', 'dsp');

/** Clips with golden values: four at 8 kHz, two at 16 kHz. */
export const goldenClips = [
  'fsdd_0_george_0',
  'fsdd_3_jackson_7',
  'fsdd_7_nicolas_12',
  'fsdd_9_theo_3',
  'libri_118_0046',
  'libri_2136_0021',
] as const;

export function goldenSamples(clip: string): { samples: Float32Array; sampleRateHz: number } {
  const { channels, sampleRateHz } = decodeAudio(path.join(goldenDsp ?? '', clip, 'input.wav'));
  return { samples: channels[0]!, sampleRateHz };
}

export function golden(clip: string, name: string): { shape: number[]; data: Float32Array } {
  return readNpy(path.join(goldenDsp ?? '', clip, `${name}.npy`));
}
