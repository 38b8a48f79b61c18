import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPyTorch } from '../../src-main/checkpoints/pytorch.ts';
import { makeZip } from '../engine/setup/fake-engine.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { dict, global, list, persistent, pickle, storage, tensor, text, tuple } from './pickle-writer.ts';

async function written(bytes: Buffer): Promise<string> {
  const file = path.join(await temporaryFolder(), 'model.pt');
  writeFileSync(file, bytes);
  return file;
}

function floats(...numbers: number[]): Buffer {
  return Buffer.from(Float32Array.from(numbers).buffer);
}

/** A checkpoint in the older format with one storage. */
function legacy(root: Buffer, count: number, data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigInt64LE(BigInt(count));
  return Buffer.concat([
    pickle(Buffer.from([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])),
    pickle(Buffer.from([0x4d, 0xe9, 0x03])),
    pickle(dict([])),
    pickle(root),
    pickle(list([text('s')])),
    length,
    data,
  ]);
}

const weights = (shape: number[], strides: number[], offset = 0, count = 6): Buffer =>
  dict([[text('a.weight'), tensor(storage('FloatStorage', 's', count), offset, shape, strides)]]);

const six = floats(1, 2, 3, 4, 5, 6);

describe('reading a PyTorch checkpoint', () => {
  it('gives the tensors of the older format, row by row whatever their strides', async () => {
    const plain = await readPyTorch(await written(legacy(weights([2, 3], [3, 1]), 6, six)));
    expect(plain.get('a.weight')).toEqual({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
    const turned = await readPyTorch(await written(legacy(weights([3, 2], [1, 3]), 6, six)));
    expect(turned.get('a.weight')?.data).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
    const part = await readPyTorch(await written(legacy(weights([2], [2], 1), 6, six)));
    expect(part.get('a.weight')?.data).toEqual(Float32Array.of(2, 4));
  });

  it('gives those of the zip format, and looks into what is saved around a state_dict', async () => {
    const around = dict([
      [text('epoch'), Buffer.from([0x4b, 3])],
      [text('model_state_dict'), weights([6], [1])],
    ]);
    const zip = makeZip({ 'model/data.pkl': pickle(around), 'model/data/s': six }, { stored: true });
    expect((await readPyTorch(await written(zip))).get('a.weight')?.data).toEqual(
      Float32Array.of(1, 2, 3, 4, 5, 6),
    );
  });

  it.each([
    ['HalfStorage', Buffer.from([0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00]), [1, -2, 2 ** -24]],
    ['BFloat16Storage', Buffer.from([0x80, 0x3f, 0x00, 0xc0, 0x00, 0x00]), [1, -2, 0]],
    ['DoubleStorage', Buffer.from(Float64Array.of(0.5, -3, 7).buffer), [0.5, -3, 7]],
    ['LongStorage', Buffer.from(BigInt64Array.of(5n, -3n, 7n).buffer), [5, -3, 7]],
    ['ByteStorage', Buffer.from([5, 255, 0]), [5, 255, 0]],
  ])('reads %s', async (type, data, expected) => {
    const root = dict([[text('x'), tensor(storage(type, 's', 3), 0, [3], [1])]]);
    expect([...(await readPyTorch(await written(legacy(root, 3, data)))).get('x')!.data]).toEqual(expected);
  });

  it.each([
    [
      'posix.system',
      Buffer.concat([global('posix', 'system'), tuple([text('touch hacked')]), Buffer.from('R')]),
    ],
    ['builtins.eval', Buffer.concat([global('builtins', 'eval'), tuple([text('1')]), Buffer.from('R')])],
    ['numpy', global('numpy.core.multiarray', '_reconstruct')],
    ['0x81', Buffer.concat([global('torch', 'Size'), tuple([]), Buffer.from([0x81])])],
    ['0x69', Buffer.from('(iposix\nsystem\n')],
    ['outside of the file', persistent(tuple([text('module'), text('x')]))],
  ])('refuses %s by name and runs nothing of it', async (what, root) => {
    await expect(readPyTorch(await written(legacy(root, 6, six)))).rejects.toMatchObject({
      code: 'checkpoints/forbidden',
      message: expect.stringContaining(what) as string,
    });
  });

  it('refuses a tensor that reaches beyond its numbers', async () => {
    for (const root of [
      weights([7], [1]),
      weights([2, 3], [4, 1]),
      weights([6], [1], 1),
      weights([1000], [0]),
    ]) {
      await expect(readPyTorch(await written(legacy(root, 6, six)))).rejects.toMatchObject({
        code: 'checkpoints/damaged',
      });
    }
    const lying = legacy(weights([600], [1], 0, 600), 600, six);
    await expect(readPyTorch(await written(lying))).rejects.toMatchObject({ code: 'checkpoints/damaged' });
  });

  it('refuses a file cut anywhere, and never hangs', async () => {
    const whole = legacy(weights([2, 3], [3, 1]), 6, six);
    for (let length = 1; length < whole.length; length += 3) {
      await expect(readPyTorch(await written(whole.subarray(0, length)))).rejects.toMatchObject({
        code: expect.stringMatching(/^checkpoints\//) as string,
      });
    }
  });

  it('refuses what is no checkpoint', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(64, 0x80)]) {
      await expect(readPyTorch(await written(bytes))).rejects.toMatchObject({
        code: expect.stringMatching(/^checkpoints\/(not-pytorch|damaged|forbidden)$/) as string,
      });
    }
    await expect(readPyTorch(await written(legacy(list([]), 6, six)))).rejects.toMatchObject({});
    await expect(readPyTorch('/nowhere/model.pt')).rejects.toMatchObject({ code: 'checkpoints/unreadable' });
  });
});

const published = referenceFolder('reference', 'dvae-checkpoints');

describe.skipIf(!published)('the published checkpoints', () => {
  it.each(['VAE', 'DKF', 'VRNN', 'RVAE-Causal'])('%s has the weights of the golden values', async (model) => {
    const folder = path.join(published ?? '', model);
    const file = readdirSync(folder).find((name) => name.endsWith('.pt')) ?? '';
    const tensors = await readPyTorch(path.join(folder, file));
    const golden = referenceFolder('reference', 'dvae', model) ?? '';
    const { keys } = JSON.parse(readFileSync(path.join(golden, 'state_dict.json'), 'utf8')) as {
      keys: { key: string; shape: number[]; offset: number; numel: number }[];
    };
    const bytes = readFileSync(path.join(golden, 'weights.f32le.bin'));
    expect([...tensors.keys()]).toEqual(keys.map(({ key }) => key));
    for (const { key, shape, offset, numel } of keys) {
      const { data, shape: found } = tensors.get(key)!;
      expect(found).toEqual(shape);
      expect(Buffer.from(data.buffer).equals(bytes.subarray(offset, offset + numel * 4)), key).toBe(true);
    }
  });

  it('reads the zip format as torch.save writes it today', async () => {
    const golden = referenceFolder('reference', 'dvae', 'DSAE') ?? '';
    const tensors = await readPyTorch(path.join(golden, 'state_dict.pt'));
    expect(tensors.get('gen_logvar.weight')?.shape).toEqual([257, 256]);
  });
});
