import { readFile } from 'node:fs/promises';
import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { npyHeader } from './npy-stream.ts';

/** Writes a matrix as NumPy's .npy (format 1.0, little-endian float32 or int16, C order): `numpy.load` opens it. */
export async function writeNpy(
  file: string,
  data: Float32Array | Int16Array,
  shape: readonly number[],
): Promise<void> {
  const numbers = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = data instanceof Float32Array ? 'float32' : 'int16';
  await writeFileAtomic(file, Buffer.concat([npyHeader(type, shape, false), numbers]));
}

/** Bytes of a number and how it is read, by numpy's names. */
const readable: Readonly<Record<string, { width: number; read(bytes: Buffer, at: number): number }>> = {
  '<i2': { width: 2, read: (bytes, at) => bytes.readInt16LE(at) },
  '<f4': { width: 4, read: (bytes, at) => bytes.readFloatLE(at) },
  '<f8': { width: 8, read: (bytes, at) => bytes.readDoubleLE(at) },
};

/**
 * Reads what `writeNpy` wrote, and what numpy makes of it: float32, float64 or int16, little-endian, in C order, as float32.
 *
 * @throws ResynthError files/npy-unreadable, which says what is the matter.
 */
export async function readNpy(file: string): Promise<{ data: Float32Array; shape: number[] }> {
  const refuse = (detail: string, cause?: unknown): ResynthError =>
    new ResynthError('files/npy-unreadable', { file, detail }, { cause });
  const bytes = await readFile(file).catch((thrown: unknown) => {
    throw refuse(messageOf(thrown), thrown);
  });
  if (bytes.length < 12 || bytes.toString('latin1', 1, 6) !== 'NUMPY') throw refuse('it is no NumPy file');
  // Format 1.0 has two bytes of header length, 2.0 and later four.
  const start = bytes[6] === 1 ? 10 + bytes.readUInt16LE(8) : 12 + bytes.readUInt32LE(8);
  const head = bytes.toString('latin1', 10, start);
  const type = /'descr': '([^']*)'/.exec(head)?.[1];
  const kind = readable[type ?? ''];
  if (!kind) {
    throw refuse(`its numbers are ${type ?? 'of no known type'}; float32, float64 and int16 can be read`);
  }
  if (head.includes("'fortran_order': True")) {
    throw refuse('it is in Fortran order; save numpy.ascontiguousarray of it');
  }
  const extents = /'shape': \(([\d, ]*)\)/.exec(head)?.[1] ?? '';
  const shape = extents
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const { width, read } = kind;
  if (bytes.length - start !== count * width) throw refuse('it is cut off');
  const data = Float32Array.from({ length: count }, (_, at) => read(bytes, start + width * at));
  return { data, shape };
}
