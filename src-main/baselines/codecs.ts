import { codeAndDecode, hasCodec, type SpeechCodec } from '../audio/round-trip.ts';
import { resample } from '../dsp/resample.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { type Baseline, noMoreThan, numberSetting } from './baseline.ts';

interface CodecBaseline extends Pick<Baseline, 'name' | 'title' | 'help' | 'example'> {
  codec: SpeechCodec;
  /** Null where the codec has one bitrate only. */
  bitrate: { least: number; most: number; otherwise: number } | null;
  fixedKbps?: number;
}

function codecBaseline({ codec, bitrate, fixedKbps, ...facts }: CodecBaseline): Baseline {
  const baseline: Baseline = {
    ...facts,
    available: () => hasCodec(codec),
    prepare(words) {
      noMoreThan(baseline, words, bitrate ? 1 : 0);
      const title = 'the bitrate in kb/s';
      const kbps = bitrate ? numberSetting(baseline, words[0], { title, ...bitrate }) : (fixedKbps ?? 0);
      if (!hasCodec(codec)) throw new ResynthError('baselines/codec-missing', { codec: facts.title });
      return {
        settings: `${facts.title} (${codec.encoder}), asked for ${kbps} kb/s, one channel`,
        apply: (samples, sampleRateHz) => {
          // The lowest rate that holds all of the band, or the highest there is.
          const codedRateHz = codec.ratesHz.find((rate) => rate >= sampleRateHz) ?? codec.ratesHz.at(-1)!;
          const given = codedRateHz === sampleRateHz ? samples : resample(samples, sampleRateHz, codedRateHz);
          const coded = codeAndDecode(codec, given, codedRateHz, kbps * 1000, facts.title);
          const back =
            coded.sampleRateHz === sampleRateHz
              ? coded.samples
              : resample(coded.samples, coded.sampleRateHz, sampleRateHz);
          const output = new Float32Array(samples.length);
          output.set(back.subarray(0, samples.length));
          return { samples: output, sampleRateHz, codedBits: 8 * coded.codedBytes };
        },
      };
    },
  };
  return baseline;
}

export const opus = codecBaseline({
  name: 'opus',
  title: 'Opus',
  help: 'Coded by libopus (mode for speech, constrained variable bitrate, 20 ms) at a bitrate in kb/s; the bitrate that is shown is counted.',
  example: 'opus:12',
  bitrate: { least: 6, most: 256, otherwise: 12 },
  codec: {
    encoder: 'libopus',
    decoder: 'libopus',
    ratesHz: [8000, 12_000, 16_000, 24_000, 48_000],
    options: { application: 'voip', vbr: 'constrained', frame_duration: '20' },
    // The decoder reads from the header what to skip, and skips it.
    delaySamples: 0,
  },
});

export const g722 = codecBaseline({
  name: 'g722',
  title: 'G.722',
  help: 'Sub-band ADPCM at 16 kHz and 64 kb/s.',
  example: 'g722',
  bitrate: null,
  fixedKbps: 64,
  codec: { encoder: 'g722', decoder: 'g722', ratesHz: [16_000], delaySamples: 22 },
});

export const codec2 = codecBaseline({
  name: 'codec2',
  title: 'Codec2',
  help: 'Codec2 at 8 kHz, where the sound library has it.',
  example: 'codec2:3.2',
  bitrate: { least: 0.7, most: 3.2, otherwise: 3.2 },
  codec: { encoder: 'libcodec2', decoder: 'libcodec2', ratesHz: [8000], delaySamples: 0 },
});

export const speex = codecBaseline({
  name: 'speex',
  title: 'Speex',
  help: 'Speex at 8, 16 or 32 kHz, where the sound library has it.',
  example: 'speex:8',
  bitrate: { least: 2, most: 44, otherwise: 8 },
  codec: { encoder: 'libspeex', decoder: 'libspeex', ratesHz: [8000, 16_000, 32_000], delaySamples: 0 },
});

export const amrNb = codecBaseline({
  name: 'amr-nb',
  title: 'AMR-NB',
  help: 'AMR narrow-band at 8 kHz, where the sound library has it.',
  example: 'amr-nb:12.2',
  bitrate: { least: 4.75, most: 12.2, otherwise: 12.2 },
  codec: {
    encoder: 'libopencore_amrnb',
    decoder: 'libopencore_amrnb',
    ratesHz: [8000],
    delaySamples: 40,
  },
});
