import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeZip } from '../../src-main/files/zip-writer.ts';
import { dict, list, pickle, storage, tensor, text } from './pickle-writer.ts';

/** A VAE of the reference's in small: 9 bins, 2 latents, one layer of 3. */
export const smallIni = `
# a comment
[User]
logger_type = 1
[STFT]
wlen_sec = 16e-3
hop_percent = 0.5
fs = 1000
zp_percent = 0
trim = True
[Network]
name = VAE
x_dim = 9
z_dim = 2
activation = tanh
dense_x_z = 3
dropout_p = 0
tag = VAE
[Training]
optimization = adam
beta = 1
lr = 0.002
batch_size = 4
epochs = 500
early_stop_patience = 20
[DataFrame]
dataset_name = tones
sequence_len = 12
`;

export const smallShapes: readonly (readonly [string, readonly number[]])[] = [
  ['mlp_x_z.linear0.weight', [3, 9]],
  ['mlp_x_z.linear0.bias', [3]],
  ['inf_mean.weight', [2, 3]],
  ['inf_mean.bias', [2]],
  ['inf_logvar.weight', [2, 3]],
  ['inf_logvar.bias', [2]],
  ['mlp_z_x.linear0.weight', [3, 2]],
  ['mlp_z_x.linear0.bias', [3]],
  ['gen_logvar.weight', [9, 3]],
  ['gen_logvar.bias', [9]],
];

type Shapes = readonly (readonly [string, readonly number[]])[];

/** A state_dict whose tensors are views of one storage, and how many numbers that has. */
function stateDict(shapes: Shapes): { root: Buffer; count: number } {
  const sizes = shapes.map(([, shape]) => shape.reduce((product, extent) => product * extent, 1));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  let offset = 0;
  const root = dict(
    shapes.map(([key, shape], index) => {
      const strides = shape.map((_, axis) =>
        shape.slice(axis + 1).reduce((product, one) => product * one, 1),
      );
      const view = tensor(storage('FloatStorage', 's', count), offset, [...shape], strides);
      offset += sizes[index]!;
      return [text(key), view];
    }),
  );
  return { root, count };
}

const hundredths = (index: number): number => (index + 1) / 100;

function numbersBy(numberAt: (index: number) => number, count: number): Buffer {
  return Buffer.from(Float32Array.from({ length: count }, (_, index) => numberAt(index)).buffer);
}

/** A checkpoint in PyTorch's older format, whose numbers are 0.01, 0.02, ... where no others are given. */
export function writeCheckpointFile(
  folder: string,
  name: string,
  shapes: Shapes = smallShapes,
  numberAt: (index: number) => number = hundredths,
): string {
  const { root, count } = stateDict(shapes);
  const length = Buffer.alloc(8);
  length.writeBigInt64LE(BigInt(count));
  const bytes = Buffer.concat([
    pickle(Buffer.from([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])),
    pickle(Buffer.from([0x4d, 0xe9, 0x03])),
    pickle(dict([])),
    pickle(root),
    pickle(list([text('s')])),
    length,
    numbersBy(numberAt, count),
  ]);
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** The same in the format of today, a zip. */
export function writeZipCheckpoint(folder: string, name: string, shapes: Shapes = smallShapes): string {
  const { root, count } = stateDict(shapes);
  const pieces = encodeZip([
    { name: 'model/data.pkl', pieces: [pickle(root)] },
    { name: 'model/data/s', pieces: [numbersBy(hundredths, count)] },
  ]);
  const file = path.join(folder, name);
  writeFileSync(file, Buffer.concat(pieces));
  return file;
}
