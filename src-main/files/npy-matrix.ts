import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from './atomic-file.ts';
import { npyHeader } from './npy-stream.ts';

/** Writes a matrix as NumPy's .npy (format 1.0, little-endian float32, C order): `numpy.load` opens it. */
export async function writeNpy(file: string, data: Float32Array, shape: readonly number[]): Promise<void> {
  const numbers = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  await writeFileAtomic(file, Buffer.concat([npyHeader('float32', shape, false), numbers]));
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
