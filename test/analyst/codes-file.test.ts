import { readdir, stat, truncate, utimes } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  codesFile,
  limitCodes,
  readCodes,
  readCodesHead,
  writeCodes,
} from '../../src-main/analyst/codes-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const identity = { run: 'r', step: 7, weights: 'w', splitHash: 's' };
const model = {
  ...{ run: 'r', name: 'R', preset: 'p', step: 7, epoch: 1, backend: 'javascript', device: 'cpu' },
  ...{ mode: 'eager' as const, notes: [] },
};

async function write(file: string, count = 3): Promise<void> {
  await writeCodes(file, {
    identity,
    model,
    split: 'train',
    latentDim: 2,
    ids: Array.from({ length: count }, (_, at) => `${at}é.wav`),
    data: {
      mean: Float32Array.from({ length: 2 * count }, (_, at) => at),
      klNats: new Float32Array(count).fill(4),
    },
  });
}

describe('files of codes', () => {
  it('give back what was written, by column', async () => {
    const file = codesFile(await temporaryFolder(), identity, 'train');
    await write(file);
    const read = await readCodes(file, ['klNats', 'mean']);
    expect([...(read?.data.mean ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...(read?.data.klNats ?? [])]).toEqual([4, 4, 4]);
    expect(read?.head).toMatchObject({
      count: 3,
      ids: ['0é.wav', '1é.wav', '2é.wav'],
      columns: ['mean', 'klNats'],
    });
  });

  it('are as if they were not there where they lack a column, are cut off or are something else', async () => {
    const file = codesFile(await temporaryFolder(), identity, 'train');
    expect(await readCodesHead(file)).toBeNull();
    await write(file);
    expect(await readCodes(file, ['mse'])).toBeNull();
    await truncate(file, (await stat(file)).size - 1);
    expect(await readCodesHead(file)).toBeNull();
    await truncate(file, 5);
    expect(await readCodesHead(file)).toBeNull();
  });

  it('have another name for another run, step, weights, split hash or split', () => {
    const names = [
      codesFile('f', identity, 'train'),
      codesFile('f', identity, 'test'),
      ...Object.keys(identity).map((key) =>
        codesFile('f', { ...identity, [key]: key === 'step' ? 8 : 'x' }, 'train'),
      ),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('make room, the ones used longest ago first, and never those in use', async () => {
    const folder = await temporaryFolder();
    const files = ['a', 'b', 'c'].map((name) => path.join(folder, `${name}.codes`));
    for (const [at, file] of files.entries()) {
      await write(file, 100);
      await utimes(file, at, at);
    }
    const { size } = await stat(files[0]!);
    await limitCodes(folder, 2.5 * size, []);
    expect((await readdir(folder)).sort()).toEqual(['b.codes', 'c.codes']);
    await limitCodes(folder, 0, [files[1]!]);
    expect(await readdir(folder)).toEqual(['b.codes']);
  });
});
