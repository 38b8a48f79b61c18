import { readFileSync } from 'node:fs';

/** A numpy array of little-endian float32 in C order (format 1.0): the golden values. */
export function readNpy(file: string): { shape: number[]; data: Float32Array } {
  const bytes = readFileSync(file);
  const headerLength = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + headerLength);
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False")) {
    throw new Error(`${file} is not float32 in C order: ${header}`);
  }
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const start = bytes.byteOffset + 10 + headerLength;
  return { shape, data: new Float32Array(bytes.buffer.slice(start, bytes.byteOffset + bytes.length)) };
}
