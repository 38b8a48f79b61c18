/** NIST SPHERE files, as the corpora have them and as they should not be: everything in the header can be overridden. */
export interface SphereOptions {
  /** One array a channel, whole numbers of 16 bits; for mu-law and A-law the codes themselves. */
  channels: readonly (readonly number[] | Int16Array)[];
  sampleRateHz?: number;
  coding?: 'pcm' | 'ulaw' | 'alaw' | 'shorten';
  bigEndian?: boolean;
  /** Header fields in place of the right ones, or left out (null). */
  fields?: Readonly<Record<string, string | null>>;
  headerBytes?: number;
  /** Behind the header, in place of the encoded samples. */
  body?: Uint8Array;
}

export function encodeSphere(options: SphereOptions): Uint8Array {
  const { channels, sampleRateHz = 16_000, coding = 'pcm', bigEndian = false, fields = {} } = options;
  const { headerBytes = 1024 } = options;
  const samples = interleaved(channels);
  const narrow = coding === 'ulaw' || coding === 'alaw';
  const sum = samples.reduce((total, value) => (total + (value & (narrow ? 0xff : 0xffff))) % 65_536, 0);
  const all: Record<string, string | null> = {
    sample_count: `-i ${channels[0]?.length ?? 0}`,
    sample_rate: `-i ${sampleRateHz}`,
    channel_count: `-i ${channels.length}`,
    sample_n_bytes: `-i ${narrow ? 1 : 2}`,
    sample_byte_format: narrow ? '-s1 1' : `-s2 ${bigEndian ? '10' : '01'}`,
    sample_sig_bits: `-i ${narrow ? 8 : 16}`,
    sample_coding: coding === 'shorten' ? '-s26 pcm,embedded-shorten-v2.00' : `-s${coding.length} ${coding}`,
    sample_checksum: `-i ${sum}`,
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
  const text = `NIST_1A\n${String(headerBytes).padStart(7)}\n${lines.join('\n')}\nend_head\n`;
  const header = Buffer.alloc(headerBytes, ' ');
  header.write(text, 'latin1');
  return Buffer.concat([header, options.body ?? bodyOf(samples, channels.length, coding, bigEndian)]);
}

function bodyOf(
  samples: Int16Array,
  channels: number,
  coding: NonNullable<SphereOptions['coding']>,
  bigEndian: boolean,
): Uint8Array {
  if (coding === 'shorten') return encodeShorten(samples, channels);
  if (coding !== 'pcm') return Uint8Array.from(samples, (value) => value & 0xff);
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [at, value] of samples.entries()) {
    if (bigEndian) bytes.writeInt16BE(value, at * 2);
    else bytes.writeInt16LE(value, at * 2);
  }
  return bytes;
}

function interleaved(channels: SphereOptions['channels']): Int16Array {
  const length = channels[0]?.length ?? 0;
  return Int16Array.from({ length: length * channels.length }, (_, at) => {
    return channels[at % channels.length]?.[Math.floor(at / channels.length)] ?? 0;
  });
}

const blockSize = 256;

/**
 * Shorten, version 2 (T. Robinson, 1994): blocks of 256 samples a channel, predicted by differences of order 0 to 3, the
 * rests Rice-coded. No lossy modes, no linear prediction: what decoders need of it for the tests.
 */
export function encodeShorten(samples: Int16Array, channels: number): Uint8Array {
  const bits = new BitWriter();
  // 16 bits, low byte first; no running mean, no skipped bytes.
  for (const value of [5, channels, blockSize, 0, 0, 0]) bits.putNumber(value);
  const past = Array.from({ length: channels }, () => [0, 0, 0]);
  const perChannel = samples.length / channels;
  let size = blockSize;
  for (let start = 0; start < perChannel; start += size) {
    const wanted = Math.min(blockSize, perChannel - start);
    if (wanted !== size) {
      bits.putRice(5, 2);
      bits.putNumber(wanted);
      size = wanted;
    }
    for (let channel = 0; channel < channels; channel++) {
      const block = Array.from({ length: size }, (_, i) => samples[(start + i) * channels + channel] ?? 0);
      putBlock(bits, block, past[channel] ?? []);
    }
  }
  bits.putRice(4, 2);
  return Buffer.concat([Buffer.from('ajkg\x02', 'latin1'), bits.finish()]);
}

/** `past` are the three samples before the block, the last one last; it is brought up to date. */
function putBlock(bits: BitWriter, block: readonly number[], past: number[]): void {
  const before = [...past, ...block];
  const at = (i: number) => before[i] ?? 0;
  const rests = [
    (i: number) => at(i),
    (i: number) => at(i) - at(i - 1),
    (i: number) => at(i) - 2 * at(i - 1) + at(i - 2),
    (i: number) => at(i) - 3 * (at(i - 1) - at(i - 2)) - at(i - 3),
  ].map((rest) => block.map((_, i) => rest(i + 3)));
  const cost = (values: readonly number[]) => values.reduce((sum, value) => sum + Math.abs(value), 0);
  const order = rests.reduce(
    (best, values, index) => (cost(values) < cost(rests[best] ?? []) ? index : best),
    0,
  );
  const chosen = rests[order] ?? [];
  const width = Math.max(1, Math.ceil(Math.log2(cost(chosen) / Math.max(1, chosen.length) + 1)));
  bits.putRice(order, 2);
  bits.putRice(width, 3);
  for (const value of chosen) bits.putRice(value < 0 ? -2 * value - 1 : 2 * value, width + 1);
  past.splice(0, 3, ...before.slice(-3));
}

class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  putBit(bit: number): void {
    this.#held = (this.#held << 1) | bit;
    if (++this.#count < 8) return;
    this.#bytes.push(this.#held);
    this.#held = 0;
    this.#count = 0;
  }

  /** The high part as so many zeros and a one, then `low` bits. */
  putRice(value: number, low: number): void {
    for (let zeros = Math.floor(value / 2 ** low); zeros > 0; zeros--) this.putBit(0);
    this.putBit(1);
    for (let bit = low - 1; bit >= 0; bit--) this.putBit(Math.floor(value / 2 ** bit) % 2);
  }

  /** A number with the number of its own bits before it. */
  putNumber(value: number): void {
    const width = value === 0 ? 0 : Math.floor(Math.log2(value)) + 1;
    this.putRice(width, 2);
    this.putRice(value, width);
  }

  /** Whole words of 32 bits, as decoders read them. */
  finish(): Uint8Array {
    while (this.#count > 0 || this.#bytes.length % 4 > 0) this.putBit(0);
    return Uint8Array.from(this.#bytes);
  }
}
