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

/**
 * Reads what `writeNpy` wrote, and what numpy makes of it: float32 or float64, little-endian, in C order, as float32.
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
  if (type !== '<f4' && type !== '<f8') {
    throw refuse(`its numbers are ${type ?? 'of no known type'}; float32 and float64 can be read`);
  }
  if (head.includes("'fortran_order': True")) {
    throw refuse('it is in Fortran order; save numpy.ascontiguousarray of it');
  }
  const extents = /'shape': \(([\d, ]*)\)/.exec(head)?.[1] ?? '';
  const shape = extents
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const width = type === '<f4' ? 4 : 8;
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - start !== count * width) throw refuse('it is cut off');
  const data = Float32Array.from({ length: count }, (_, at) =>
    width === 4 ? bytes.readFloatLE(start + 4 * at) : bytes.readDoubleLE(start + 8 * at),
  );
  return { data, shape };
}
