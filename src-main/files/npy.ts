import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from './atomic-file.ts';

/** Writes a matrix as NumPy's .npy (format 1.0, little-endian float32, C order): `numpy.load` opens it. */
export async function writeNpy(file: string, data: Float32Array, shape: readonly number[]): Promise<void> {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${extents}), }`;
  // The format wants the data to begin at a multiple of 64 bytes.
  const padded = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(padded + 4 * data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  view.setUint16(8, padded - 10, true);
  bytes.set(Buffer.from(`${header.padEnd(padded - 11)}\n`, 'latin1'), 10);
  for (const [at, value] of data.entries()) view.setFloat32(padded + 4 * at, value, true);
  await writeFileAtomic(file, bytes);
}

/** Reads what `writeNpy` wrote. */
export async function readNpy(file: string): Promise<{ data: Float32Array; shape: number[] }> {
  const bytes = await readFile(file);
  const start = 10 + bytes.readUInt16LE(8);
  const extents = /'shape': \(([\d, ]*)\)/.exec(bytes.toString('latin1', 10, start))?.[1] ?? '';
  const shape = extents
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const data = new Float32Array((bytes.length - start) / 4);
  for (let at = 0; at < data.length; at++) data[at] = bytes.readFloatLE(start + 4 * at);
  return { data, shape };
}
