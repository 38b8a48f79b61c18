import { DamagedPickle } from './pickle.ts';
import { storageTypes } from './tensors.ts';
import type { StorageType, StoredTensor } from './tensors.ts';

/** The numbers of a tensor as float32 in row-major order; the bytes are those of its storage, little-endian. */
export function numbersOf(tensor: StoredTensor, bytes: Buffer): Float32Array {
  const { storage, shape, strides, size } = tensor;
  const width = storageTypes[storage.type];
  if (bytes.length < storage.count * width)
    throw new DamagedPickle(`the numbers of storage ${storage.key} are cut short`);
  const read = readers[storage.type];
  const values = new Float32Array(size);
  const index = shape.map(() => 0);
  let at = tensor.offset;
  for (let count = 0; count < size; count++) {
    values[count] = read(bytes, at * width);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis] as number;
      if (++(index[axis] as number) < (shape[axis] as number)) break;
      at -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return values;
}

const readers: Record<StorageType, (bytes: Buffer, at: number) => number> = {
  DoubleStorage: (bytes, at) => bytes.readDoubleLE(at),
  FloatStorage: (bytes, at) => bytes.readFloatLE(at),
  HalfStorage: (bytes, at) => half(bytes.readUInt16LE(at)),
  BFloat16Storage: (bytes, at) => brain(bytes.readUInt16LE(at)),
  LongStorage: (bytes, at) => Number(bytes.readBigInt64LE(at)),
  IntStorage: (bytes, at) => bytes.readInt32LE(at),
  ShortStorage: (bytes, at) => bytes.readInt16LE(at),
  CharStorage: (bytes, at) => bytes.readInt8(at),
  ByteStorage: (bytes, at) => bytes.readUInt8(at),
  BoolStorage: (bytes, at) => (bytes.readUInt8(at) === 0 ? 0 : 1),
};

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function brain(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
