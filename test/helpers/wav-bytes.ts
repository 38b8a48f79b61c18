/** What a made-up WAV file's header says, where it differs from the truth. */
export interface WavHeader {
  channels?: number;
  sampleRateHz?: number;
  bits?: number;
  /** 1 for PCM, 3 for floating point, 0xfffe for WAVE_FORMAT_EXTENSIBLE around `subFormat`. */
  code?: number;
  subFormat?: number;
  dataBytes?: number;
  riffBytes?: number;
  /** Chunks between the format and the samples. */
  chunks?: readonly { name: string; data: Uint8Array }[];
}

/** A WAV file around `data`, made by hand so that headers may lie. */
export function wavBytes(data: Uint8Array, header: WavHeader = {}): Uint8Array {
  const { channels = 1, sampleRateHz = 8000, bits = 16, code = 1, subFormat = 1, chunks = [] } = header;
  const formatBytes = code === 0xfffe ? 40 : 16;
  const format = Buffer.alloc(8 + formatBytes);
  format.write('fmt ', 0, 'latin1');
  format.writeUInt32LE(formatBytes, 4);
  format.writeUInt16LE(code, 8);
  format.writeUInt16LE(channels, 10);
  format.writeUInt32LE(sampleRateHz, 12);
  const frameBytes = (channels * bits) / 8;
  format.writeUInt32LE((sampleRateHz * frameBytes) >>> 0, 16);
  format.writeUInt16LE(frameBytes, 20);
  format.writeUInt16LE(bits, 22);
  if (code === 0xfffe) {
    format.writeUInt16LE(22, 24);
    format.writeUInt16LE(bits, 26);
    format.writeUInt16LE(subFormat, 32);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(format, 34);
  }
  const extra = chunks.map(({ name, data: content }) => {
    const head = Buffer.alloc(8);
    head.write(name, 0, 'latin1');
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  });
  const dataHead = Buffer.alloc(8);
  dataHead.write('data', 0, 'latin1');
  dataHead.writeUInt32LE(header.dataBytes ?? data.length, 4);
  const body = Buffer.concat([format, ...extra, dataHead, data]);
  const head = Buffer.alloc(12);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(header.riffBytes ?? 4 + body.length, 4);
  head.write('WAVE', 8, 'latin1');
  return Buffer.concat([head, body]);
}

/** Samples as 16-bit little-endian bytes. */
export function pcm16(samples: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, i) => bytes.writeInt16LE(sample, 2 * i));
  return bytes;
}

/** Samples as 32-bit floating-point bytes. */
export function float32(samples: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * samples.length);
  samples.forEach((sample, i) => bytes.writeFloatLE(sample, 4 * i));
  return bytes;
}
