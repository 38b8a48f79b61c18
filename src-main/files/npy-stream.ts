import { writeSync } from 'node:fs';
import { realDisk, writeAll } from './atomic-file.ts';

/** Numbers that numpy reads as they are written, little-endian. */
export type NpyType = 'float32' | 'complex64' | 'int16';

const descriptions: Readonly<Record<NpyType, string>> = {
  float32: '<f4',
  complex64: '<c8',
  int16: '<i2',
};
/** Room for any shape; the format wants a multiple of 64. */
const headerBytes = 128;

/** The header of NumPy's format 1.0. */
export function npyHeader(type: NpyType, shape: readonly number[], fortranOrder: boolean): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = fortranOrder ? 'True' : 'False';
  const text = `{'descr': '${descriptions[type]}', 'fortran_order': ${order}, 'shape': (${extents}), }`;
  const bytes = Buffer.alloc(headerBytes, ' ');
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  bytes.writeUInt16LE(headerBytes - 10, 8);
  bytes.write(text, 10, 'latin1');
  bytes[headerBytes - 1] = 0x0a;
  return bytes;
}

/** Writes a NumPy file whose length is known only at its end, through an open descriptor at its beginning. */
export class NpyWriter {
  readonly #descriptor: number;
  readonly #buffer = new Float32Array(1 << 18);
  #filled = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    writeAll(realDisk, descriptor, new Uint8Array(headerBytes));
  }

  /** Numbers in the order in which they are to lie; a complex one is two. */
  write(values: Float32Array | Float64Array): void {
    for (let from = 0; from < values.length;) {
      const count = Math.min(values.length - from, this.#buffer.length - this.#filled);
      this.#buffer.set(values.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      if (this.#filled === this.#buffer.length) this.#flush();
    }
  }

  finish(type: NpyType, shape: readonly number[], fortranOrder: boolean): void {
    this.#flush();
    writeSync(this.#descriptor, npyHeader(type, shape, fortranOrder), 0, headerBytes, 0);
  }

  #flush(): void {
    writeAll(realDisk, this.#descriptor, new Uint8Array(this.#buffer.buffer, 0, 4 * this.#filled));
    this.#filled = 0;
  }
}
