import type { FFDecoderCodec, FFEncoderCodec } from 'node-av/constants';
import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { loadFfmpeg } from './ffmpeg-source.ts';
import { readSampleFormat } from './sample-format.ts';

/** A codec of FFmpeg's, as it is used for one channel of speech. */
export interface SpeechCodec {
  encoder: string;
  decoder: string;
  /** Rates that it codes at, ascending. */
  ratesHz: readonly number[];
  /** Of the encoder and the decoder together, in samples at the decoder's rate, taken from the beginning. */
  delaySamples: number;
  /** Options of the encoder beside its bitrate. */
  options?: Readonly<Record<string, string>>;
}

export interface RoundTrip {
  samples: Float32Array;
  sampleRateHz: number;
  /** Of all packets, without any container. */
  codedBytes: number;
}

/** Whether FFmpeg as it is here has both ends of a codec. */
export function hasCodec({ encoder, decoder }: Pick<SpeechCodec, 'encoder' | 'decoder'>): boolean {
  const { av } = loadFfmpeg(encoder);
  return findEncoder(av, encoder) !== null && findDecoder(av, decoder) !== null;
}

/**
 * One channel `[samples]` at one of the codec's rates, coded and decoded again. The delay is taken out at the beginning, and
 * as many samples come back as were given, in the decoder's rate.
 *
 * @throws ResynthError baselines/codec-missing, baselines/codec-failed.
 */
export function codeAndDecode(
  codec: SpeechCodec,
  samples: Float32Array,
  sampleRateHz: number,
  bitsPerSecond: number,
  file: string,
): RoundTrip {
  const { av, constants, again } = loadFfmpeg(file);
  const encoderCodec = findEncoder(av, codec.encoder);
  const decoderCodec = findDecoder(av, codec.decoder);
  if (!encoderCodec || !decoderCodec)
    throw new ResynthError('baselines/codec-missing', { codec: codec.encoder });
  const fail = (detail: string): never => {
    throw new ResynthError('baselines/codec-failed', { codec: codec.encoder, file, detail });
  };
  const must = (result: number): void => {
    if (result < 0) fail(av.FFmpegError.strerror(result));
  };
  const encoder = new av.CodecContext();
  const decoder = new av.CodecContext();
  const packet = new av.Packet();
  const frame = new av.Frame();
  try {
    const mono = { nbChannels: 1, order: constants.AV_CHANNEL_ORDER_NATIVE, mask: 4n };
    const formats = encoderCodec.sampleFormats ?? [constants.AV_SAMPLE_FMT_S16];
    const format =
      [constants.AV_SAMPLE_FMT_FLT, constants.AV_SAMPLE_FMT_FLTP, constants.AV_SAMPLE_FMT_S16].find((one) =>
        formats.includes(one),
      ) ?? fail('its sample format is not known');
    encoder.allocContext3(encoderCodec);
    encoder.sampleRate = sampleRateHz;
    encoder.sampleFormat = format;
    encoder.channelLayout = mono;
    encoder.timeBase = new av.Rational(1, sampleRateHz);
    encoder.bitRate = BigInt(Math.round(bitsPerSecond));
    encoder.threadCount = 1;
    // The encoder's word for how it codes: without it the same input could be coded in other ways on other versions.
    for (const [name, value] of Object.entries(codec.options ?? {})) must(encoder.setOption(name, value));
    must(encoder.open2Sync(encoderCodec, null));
    decoder.allocContext3(decoderCodec);
    decoder.sampleRate = sampleRateHz;
    decoder.channelLayout = mono;
    decoder.extraData = encoder.extraData;
    decoder.threadCount = 1;
    must(decoder.open2Sync(decoderCodec, null));

    const blocks: Float32Array[] = [];
    let codedBytes = 0;
    let decodedRateHz = 0;
    const drainDecoder = (): void => {
      for (;;) {
        const received = decoder.receiveFrameSync(frame);
        if (received === again || received === constants.AVERROR_EOF) return;
        must(received);
        const name = av.avGetSampleFmtName(frame.format as typeof format) ?? '';
        const block = readSampleFormat(
          name,
          frame.extendedData ?? frame.data ?? [],
          frame.channels,
          frame.nbSamples,
        )?.[0];
        decodedRateHz = frame.sampleRate;
        frame.unref();
        blocks.push(block ?? fail(`samples of the format ${name} cannot be read`));
      }
    };
    packet.alloc();
    frame.alloc();
    const drainEncoder = (): void => {
      for (;;) {
        const received = encoder.receivePacketSync(packet);
        if (received === again || received === constants.AVERROR_EOF) return;
        must(received);
        codedBytes += packet.size;
        must(decoder.sendPacketSync(packet));
        packet.unref();
        drainDecoder();
      }
    };
    const size = encoder.frameSize > 0 ? encoder.frameSize : Math.round(0.02 * sampleRateHz);
    // Zeros behind the sound push out what the delay holds back.
    const flushed = samples.length + Math.max(2 * size, Math.round(0.1 * sampleRateHz));
    for (let from = 0; from < flushed; from += size) {
      const block = new Float32Array(size);
      block.set(samples.subarray(Math.min(from, samples.length), Math.min(from + size, samples.length)));
      const input = av.Frame.fromAudioBuffer(inFormat(block, format === constants.AV_SAMPLE_FMT_S16), {
        nbSamples: size,
        format,
        sampleRate: sampleRateHz,
        channelLayout: mono,
        timeBase: { num: 1, den: sampleRateHz },
      });
      input.pts = BigInt(from);
      const sent = encoder.sendFrameSync(input);
      input.free();
      must(sent);
      const before = codedBytes;
      drainEncoder();
      // What codes only the zeros behind the sound is not the sound's cost.
      if (from >= samples.length) codedBytes = before;
    }
    const length = Math.round((samples.length * decodedRateHz) / sampleRateHz);
    const all = joined(blocks);
    const output = new Float32Array(length);
    output.set(all.subarray(codec.delaySamples, codec.delaySamples + length));
    return { samples: output, sampleRateHz: decodedRateHz, codedBytes };
  } catch (thrown) {
    if (thrown instanceof ResynthError) throw thrown;
    return fail(messageOf(thrown));
  } finally {
    packet.free();
    frame.free();
    encoder.freeContext();
    decoder.freeContext();
  }
}

type Av = ReturnType<typeof loadFfmpeg>['av'];

// The library's types know only the names of its own build; what is not there is null.
const findEncoder = (av: Av, name: string) => av.Codec.findEncoderByName(name as FFEncoderCodec);
const findDecoder = (av: Av, name: string) => av.Codec.findDecoderByName(name as FFDecoderCodec);

function inFormat(block: Float32Array, asShort: boolean): Buffer {
  if (!asShort) return Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const short = Int16Array.from(block, (sample) =>
    Math.max(-32768, Math.min(32767, Math.round(sample * 32768))),
  );
  return Buffer.from(short.buffer);
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const output = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    output.set(block, at);
    at += block.length;
  }
  return output;
}
