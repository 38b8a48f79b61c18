import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeNpz, type NpzArray } from '../../src-main/files/npz.ts';
import { listZip, readZipEntry } from '../../src-main/files/zip.ts';
import { encodeZip } from '../../src-main/files/zip-writer.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function written(pieces: readonly Uint8Array[]): Promise<string> {
  const file = path.join(await temporaryFolder(), 'a.npz');
  writeFileSync(file, Buffer.concat(pieces));
  return file;
}

describe('zip archives', () => {
  it('come back as they were, whatever is in them and whatever it is called', async () => {
    const content = fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-zäø.]{1,12}$/),
        pieces: fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 3 }),
      }),
      { selector: ({ name }) => name, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(content, async (files) => {
        const file = await written(encodeZip(files));
        const entries = await listZip(file);
        expect(entries.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
        for (const [at, { pieces }] of files.entries()) {
          const bytes = await readZipEntry(file, entries[at]!, 1000);
          expect(bytes.equals(Buffer.concat(pieces))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are the same bytes for the same files', () => {
    const files = [{ name: 'a', pieces: [Buffer.from('b')] }];
    expect(Buffer.concat(encodeZip(files)).equals(Buffer.concat(encodeZip(files)))).toBe(true);
  });

  it('refuse more files than they have room for', () => {
    const files = Array.from({ length: 65_536 }, (_, at) => ({ name: String(at), pieces: [] }));
    expect(() => encodeZip(files)).toThrow(RangeError);
  });
});

const python = process.env.RESYNTH_PYTHON || 'python3';
const hasNumpy = spawnSync(python, ['-c', 'import numpy']).status === 0;
if (!hasNumpy) console.warn(`SKIPPED: ${python} has no numpy to read .npz files with.`);

const arrays = new Map<string, NpzArray>([
  ['lstm.weight_ih_l0', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 4, 5, 1e-20) }],
  ['gen_logvar.bias', { shape: [2], data: Float32Array.of(0.1, 0.2) }],
  ['scale', { shape: [], data: Float32Array.of(7) }],
]);

describe('npz', () => {
  it.skipIf(!hasNumpy)('is what numpy.load opens, checksums and all', async () => {
    const script = `
import json, sys, zipfile, numpy
assert zipfile.ZipFile(sys.argv[1]).testzip() is None
with numpy.load(sys.argv[1], allow_pickle=False) as loaded:
    print(json.dumps({name: [str(a.dtype), list(a.shape), a.ravel().tolist()] for name, a in loaded.items()}))
`;
    const { stdout, stderr } = spawnSync(python, ['-c', script, await written(encodeNpz(arrays))], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const expected = [...arrays].map(([name, { shape, data }]) => [name, ['float32', shape, [...data]]]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
  });
});
