import { closeSync } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import { openWithFfmpeg } from './ffmpeg-source.ts';
import { type OpenFile, openRegularFile } from './file-access.ts';
import { type AudioSource, highestRateHz, lowestRateHz, mostChannels } from './source.ts';
import { openSphere } from './sphere-source.ts';
import { openWav } from './wav-source.ts';

/**
 * Opens an audio file: uncompressed WAV and NIST SPHERE by our own readers, the rest by FFmpeg. `open` is the file where it is open
 * already; the source owns it from here, and it is closed where this throws.
 * @throws {ResynthError} any of `audio/*` that shows before decoding
 */
export function openAudio(file: string, open: OpenFile = openRegularFile(file)): AudioSource {
  let source: AudioSource | null = null;
  try {
    source = openWav(file, open) ?? openSphere(file, open);
  } finally {
    if (!source) closeSync(open.fd);
  }
  source ??= openWithFfmpeg(file);
  const { sampleRateHz, channels } = source.info;
  if (
    channels < 1 ||
    channels > mostChannels ||
    !(sampleRateHz >= lowestRateHz && sampleRateHz <= highestRateHz)
  ) {
    source.close();
    const name = shownName(file);
    if (channels < 1) throw new ResynthError('audio/not-audio', { file: name, detail: 'it has no channels' });
    if (channels > mostChannels) {
      throw new ResynthError('audio/not-audio', {
        file: name,
        detail: `it announces ${channels} channels, and no more than ${mostChannels} can be right`,
      });
    }
    const range = { lowestHz: lowestRateHz, highestHz: highestRateHz };
    throw new ResynthError('audio/rate-out-of-range', { file: name, sampleRateHz, ...range });
  }
  return source;
}
