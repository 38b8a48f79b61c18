import { npyHeader } from './npy-stream.ts';
import { encodeZip } from './zip-writer.ts';

/** An array of an archive: float32 in C order. */
export interface NpzArray {
  shape: readonly number[];
  data: Float32Array;
}

/**
 * NumPy's `.npz` as pieces in order: a zip archive of one `.npy` an array, which `numpy.load` opens by name. The arrays' own memory
 * is not copied.
 */
export function encodeNpz(arrays: ReadonlyMap<string, NpzArray>): Uint8Array[] {
  return encodeZip(
    [...arrays].map(([name, { shape, data }]) => ({
      name: `${name}.npy`,
      pieces: [
        npyHeader('float32', shape, false),
        new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      ],
    })),
  );
}
