import type { FFEncoderCodec } from 'node-av/constants';
import * as constants from 'node-av/constants';
import * as av from 'node-av/lib';

/** Writes one channel of sound into a container that FFmpeg knows by the file's name. Full scale is 1. */
export function encodeMedia(
  file: string,
  encoderName: string,
  samples: Float32Array,
  sampleRateHz: number,
): void {
  const must = (result: number, what: string): void => {
    if (result < 0) throw new Error(`${what}: ${av.FFmpegError.strerror(result)}`);
  };
  const codec = av.Codec.findEncoderByName(encoderName as FFEncoderCodec);
  if (!codec) throw new Error(`This FFmpeg has no encoder ${encoderName}.`);
  const mono = { nbChannels: 1, order: constants.AV_CHANNEL_ORDER_NATIVE, mask: 4n };
  const formats = codec.sampleFormats ?? [constants.AV_SAMPLE_FMT_S16];
  const format = [
    constants.AV_SAMPLE_FMT_S16,
    constants.AV_SAMPLE_FMT_FLT,
    constants.AV_SAMPLE_FMT_FLTP,
  ].find((one) => formats.includes(one));
  if (format === undefined) throw new Error(`${encoderName} takes none of the usual sample formats.`);
  const output = new av.FormatContext();
  const encoder = new av.CodecContext();
  const packet = new av.Packet();
  packet.alloc();
  must(output.allocOutputContext2(null, null, file), 'container');
  encoder.allocContext3(codec);
  encoder.sampleRate = sampleRateHz;
  encoder.sampleFormat = format;
  encoder.channelLayout = mono;
  encoder.timeBase = new av.Rational(1, sampleRateHz);
  encoder.bitRate = 64_000n;
  encoder.threadCount = 1;
  encoder.flags = (encoder.flags | constants.AV_CODEC_FLAG_GLOBAL_HEADER) as typeof encoder.flags;
  must(encoder.open2Sync(codec, null), 'encoder');
  const stream = output.newStream(null);
  must(stream.codecpar.fromContext(encoder), 'parameters');
  stream.timeBase = new av.Rational(1, sampleRateHz);
  must(output.openOutputSync(), 'output');
  must(output.writeHeaderSync(null), 'header');
  const drain = (): void => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = 0;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      must(output.interleavedWriteFrameSync(packet), 'packet');
    }
  };
  const size = encoder.frameSize > 0 ? encoder.frameSize : 1024;
  for (let from = 0; from < samples.length; from += size) {
    const block = samples.subarray(from, from + size);
    const bytes =
      format === constants.AV_SAMPLE_FMT_S16
        ? Int16Array.from(block, (sample) => Math.round(sample * 32_767))
        : Float32Array.from(block);
    const frame = av.Frame.fromAudioBuffer(Buffer.from(bytes.buffer), {
      nbSamples: block.length,
      format,
      sampleRate: sampleRateHz,
      channelLayout: mono,
      timeBase: { num: 1, den: sampleRateHz },
    });
    frame.pts = BigInt(from);
    must(encoder.sendFrameSync(frame), 'frame');
    frame.free();
    drain();
  }
  must(encoder.sendFrameSync(null), 'end');
  drain();
  must(output.writeTrailerSync(), 'trailer');
  packet.free();
  encoder.freeContext();
  output.closeOutputSync();
}
