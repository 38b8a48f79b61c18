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

/** Any array that `resynth features` writes: little-endian float32 or complex64 (two numbers each), in either order. */
export function readNpyBytes(file: string) {
  const bytes = readFileSync(file);
  const end = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, end);
  const shape = (/'shape': \(([\d, ]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const values = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + end, bytes.byteOffset + bytes.length),
  );
  const fortranOrder = header.includes("'fortran_order': True");
  return {
    shape,
    dtype: /'descr': '([^']*)'/.exec(header)?.[1],
    fortranOrder,
    /** As they lie in the file. */
    values,
    /** A float32 matrix row by row. */
    rowMajor: (): Float32Array => {
      const [rows = 1, columns = 1] = shape;
      if (!fortranOrder) return values;
      return values.map((_, i) => values[(i % columns) * rows + Math.floor(i / columns)]!);
    },
  };
}
