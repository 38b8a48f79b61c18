import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';

/**
 * The header of a NIST SPHERE file: "NIST_1A", its own length, then lines of `name -type value` up to "end_head", padded to
 * that length. Written from the format's description; what contradicts itself is refused by name, because samples read by
 * a wrong header are noise that trains as if it were speech.
 */

export type SphereCoding = 'pcm' | 'ulaw' | 'alaw';

export interface SphereHeader {
  /** Bytes before the samples. */
  headerBytes: number;
  coding: SphereCoding;
  /** Compressed by shorten, as the header says. */
  shorten: boolean;
  /** Samples a channel that it announces; null where it does not. */
  sampleCount: number | null;
  sampleRateHz: number;
  channels: number;
  bytesPerSample: number;
  littleEndian: boolean;
  /** Sum of all samples as unsigned numbers, modulo 65536; null where there is none. */
  checksum: number | null;
}

const magic = 'NIST_1A\n';
/** Longer headers are not read: real ones have 1024 bytes, now and then a few times that. */
const mostHeaderBytes = 1 << 20;

/** Whether a file begins as SPHERE files do. */
export function isSphere(head: Uint8Array): boolean {
  return asText(head.subarray(0, magic.length)) === magic;
}

/** How many bytes of a SPHERE file its header takes, from the first 16. @throws ResynthError audio/sphere-header. */
export function sphereHeaderBytes(file: string, head: Uint8Array, fileBytes: number): number {
  const text = asText(head.subarray(8, 16));
  const refuse = (detail: string) =>
    new ResynthError('audio/sphere-header', { file: shownName(file), detail });
  if (!/^ *\d+ *\n/.test(text)) throw refuse(`its length is given as "${shownName(text.trim())}"`);
  const bytes = parseInt(text, 10);
  if (bytes < 32 || bytes > mostHeaderBytes) throw refuse(`a length of ${bytes} bytes cannot be right`);
  if (bytes > fileBytes) throw refuse(`it is said to take ${bytes} bytes, and the file has ${fileBytes}`);
  return bytes;
}

/** Reads a whole header. @throws ResynthError audio/sphere-header, audio/sphere-coding. */
export function readSphereHeader(file: string, head: Uint8Array): SphereHeader {
  const refuse = (detail: string) =>
    new ResynthError('audio/sphere-header', { file: shownName(file), detail });
  const fields = fieldsOf(asText(head));
  if (fields === null) throw refuse(`"end_head" is not within its ${head.length} bytes`);
  const whole = (name: string): number | null => {
    const value = fields.get(name);
    if (value === undefined) return null;
    if (!/^-?\d+(\.0*)?$/.test(value)) throw refuse(`${name} is "${shownName(value)}"`);
    return Number(value);
  };
  const { coding, shorten } = codingOf(file, fields.get('sample_coding') ?? 'pcm');
  const sampleRateHz = whole('sample_rate');
  if (sampleRateHz === null) throw refuse('it has no sample_rate');
  const channels = whole('channel_count') ?? 1;
  if (channels < 1) throw refuse(`channel_count is ${channels}`);
  const bytesPerSample = whole('sample_n_bytes') ?? (coding === 'pcm' ? 2 : 1);
  const known = coding === 'pcm' ? [1, 2, 3, 4] : [1];
  if (!known.includes(bytesPerSample)) {
    throw refuse(`sample_n_bytes is ${bytesPerSample}, which ${coding} samples do not have`);
  }
  const sampleCount = whole('sample_count');
  if (sampleCount !== null && sampleCount < 0) throw refuse(`sample_count is ${sampleCount}`);
  const order = fields.get('sample_byte_format') ?? '';
  // With one byte a sample there is no order, whatever is written.
  if (bytesPerSample > 1 && !shorten && !/^(01|10|0123|3210|012|210)$/.test(order)) {
    throw refuse(`sample_byte_format is "${shownName(order)}" with ${bytesPerSample} bytes a sample`);
  }
  const checksum = whole('sample_checksum');
  return {
    headerBytes: head.length,
    coding,
    shorten,
    sampleCount,
    sampleRateHz,
    channels,
    bytesPerSample,
    littleEndian: order.startsWith('0'),
    // Some writers store it as a signed number.
    checksum: checksum === null ? null : ((checksum % 65_536) + 65_536) % 65_536,
  };
}

function codingOf(file: string, text: string): { coding: SphereCoding; shorten: boolean } {
  const [name = '', ...packing] = text.split(',').map((part) => part.trim());
  const coding = { pcm: 'pcm', ulaw: 'ulaw', 'mu-law': 'ulaw', alaw: 'alaw' }[name] as
    SphereCoding | undefined;
  const shorten = packing.some((one) => one.startsWith('embedded-shorten'));
  if (coding === undefined || (packing.length > 0 && !shorten) || (shorten && coding !== 'pcm')) {
    throw new ResynthError('audio/sphere-coding', { file: shownName(file), coding: shownName(text) });
  }
  return { coding, shorten };
}

/** Null where "end_head" is missing. */
function fieldsOf(text: string): Map<string, string> | null {
  const fields = new Map<string, string>();
  for (const line of text.split('\n').slice(2)) {
    if (line.trim() === 'end_head') return fields;
    const [, name, value] = /^(\S+) +-(?:i|r|s\d+) (.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value.trim());
  }
  return null;
}

/** Bytes as they are: a header in another alphabet must not change its length. */
function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
