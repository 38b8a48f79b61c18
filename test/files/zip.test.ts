import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extractZip, listZip } from '../../src-main/files/zip.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { makeZip } from '../engine/setup/fake-engine.ts';

async function zipFile(content: Buffer): Promise<{ file: string; folder: string }> {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'archive.whl');
  writeFileSync(file, content);
  return { file, folder: path.join(folder, 'out') };
}

const everything = () => true;

describe('reading', () => {
  test.each([{ stored: false }, { stored: true }])(
    'gives back what was put in, hashed (%o)',
    async (options) => {
      const content = 'a library '.repeat(10_000);
      const { file, folder } = await zipFile(makeZip({ 'a/b.so': content, 'c.txt': '' }, options));
      let counted = 0;
      const files = await extractZip(file, folder, everything, (bytes) => (counted += bytes));

      expect(readFileSync(path.join(folder, 'a/b.so'), 'utf8')).toBe(content);
      expect(readFileSync(path.join(folder, 'c.txt'), 'utf8')).toBe('');
      expect(files).toEqual([
        { path: 'a/b.so', bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
        { path: 'c.txt', bytes: 0, sha256: createHash('sha256').digest('hex') },
      ]);
      expect(counted).toBe(content.length);
    },
  );

  test('any bytes survive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.boolean(), async (bytes, stored) => {
        const { file, folder } = await zipFile(makeZip({ data: Buffer.from(bytes) }, { stored }));
        await extractZip(file, folder, everything);
        expect(readFileSync(path.join(folder, 'data')).equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('takes only what is chosen, and leaves folders out of the list', async () => {
    const { file, folder } = await zipFile(makeZip({ 'a/': '', 'a/yes': '1', 'a/no': '2' }));
    expect((await listZip(file)).map((entry) => entry.name)).toEqual(['a/yes', 'a/no']);
    await extractZip(file, folder, (name) => name.endsWith('yes'));
    expect(existsSync(path.join(folder, 'a/yes'))).toBe(true);
    expect(existsSync(path.join(folder, 'a/no'))).toBe(false);
  });
});

describe('refusing, with the archive named', () => {
  const refusal = async (content: Buffer) => {
    const { file, folder } = await zipFile(content);
    const attempt = extractZip(file, folder, everything);
    await expect(attempt).rejects.toMatchObject({ code: 'files/archive-corrupt' });
    await expect(attempt).rejects.toThrow(file);
    return attempt.catch((error: Error) => error.message);
  };

  test('a file that is no archive, and an empty one', async () => {
    await refusal(Buffer.from('not a zip at all'));
    await refusal(Buffer.alloc(0));
  });

  test('one that is cut short', async () => {
    await refusal(makeZip({ a: 'x'.repeat(1000) }, { stored: true }).subarray(0, 700));
  });

  test('damaged contents', async () => {
    const zip = makeZip({ name: 'x'.repeat(5000) });
    zip.fill(0xff, 36, 44);
    expect(await refusal(zip)).toContain('"name"');
  });

  test('a name that would leave the folder', async () => {
    expect(await refusal(makeZip({ '../../escaped': 'x' }))).toContain('points outside');
  });

  test('a compression that we do not know', async () => {
    const zip = makeZip({ name: 'x' });
    zip.writeUInt16LE(12, zip.lastIndexOf('PK\x01\x02') + 10);
    expect(await refusal(zip)).toContain('method 12');
  });
});
