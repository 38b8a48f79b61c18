import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { browseFolder } from '../../../src-main/host/folders/browse.ts';
import { completeFolder } from '../../../src-main/host/folders/complete.ts';
import { expandHome } from '../../../src-main/host/folders/paths.ts';
import { foldersBrowse } from '../../../src-preload/contract/commands/folders.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const never = new AbortController().signal;

async function tree(): Promise<string> {
  const dir = await temporaryFolder();
  for (const name of ['take 10', 'take 2', '.hidden', 'Speech/deep'])
    await mkdir(path.join(dir, name), { recursive: true });
  for (const name of ['a.wav', 'b.flac', 'notes.txt', '.c.wav', 'take 2/x.wav', 'take 2/y.wav']) {
    await writeFile(path.join(dir, name), 'x');
  }
  await symlink(path.join(dir, 'Speech'), path.join(dir, 'linked'));
  await symlink(path.join(dir, 'nowhere'), path.join(dir, 'broken'));
  return dir;
}

const browse = async (input: Record<string, unknown>) =>
  foldersBrowse.output.parse(await browseFolder(foldersBrowse.input.parse(input), never));

describe('browseFolder', () => {
  it('lists folders in the order of people, links to folders among them, with what is in each', async () => {
    const dir = await tree();
    const seen = await browse({ dir });
    expect(seen.entries).toEqual([
      { name: 'linked', path: path.join(dir, 'linked'), audioFiles: 0, folders: 1 },
      { name: 'Speech', path: path.join(dir, 'Speech'), audioFiles: 0, folders: 1 },
      { name: 'take 2', path: path.join(dir, 'take 2'), audioFiles: 2, folders: 0 },
      { name: 'take 10', path: path.join(dir, 'take 10'), audioFiles: 0, folders: 0 },
    ]);
    expect(seen).toMatchObject({ audioFiles: ['a.wav', 'b.flac'], audioFileCount: 2, truncated: false });
    expect(seen.crumbs.at(-1)).toEqual({ name: path.basename(dir), path: dir });
    expect(seen.parent).toBe(path.dirname(dir));
    expect((await browse({ dir, hidden: true })).entries.map(({ name }) => name)).toContain('.hidden');
  });

  it('begins at home, understands ~, and ends at the root', async () => {
    expect((await browse({})).folder).toBe(os.homedir());
    expect((await browse({ dir: '~' })).folder).toBe(os.homedir());
    const root = await browse({ dir: path.parse(process.cwd()).root });
    expect(root).toMatchObject({ parent: null, crumbs: [{}] });
  });

  it('refuses what is no folder or not there, by name', async () => {
    const dir = await tree();
    await expect(browse({ dir: path.join(dir, 'none') })).rejects.toMatchObject({
      code: 'dataset/folder-missing',
      message: expect.stringContaining('none'),
    });
    await expect(browse({ dir: path.join(dir, 'a.wav') })).rejects.toMatchObject({
      code: 'dataset/not-a-folder',
    });
  });

  it('cuts a list that nobody would read', async () => {
    const dir = await temporaryFolder();
    for (let index = 0; index < 1010; index++) await mkdir(path.join(dir, `d${index}`));
    const seen = await browse({ dir });
    expect(seen.entries).toHaveLength(1000);
    expect(seen.truncated).toBe(true);
  });
});

describe('completeFolder', () => {
  it('completes the last part, exact case first, hidden ones only after a dot', async () => {
    const dir = await tree();
    const complete = async (text: string, limit = 12) =>
      (await completeFolder(`${dir}/${text}`, limit, never)).map((found) => path.basename(found));
    expect(await complete('ta')).toEqual(['take 2', 'take 10']);
    expect(await complete('sp')).toEqual(['Speech']);
    expect(await complete('.h')).toEqual(['.hidden']);
    expect(await complete('')).toEqual(['linked', 'Speech', 'take 2', 'take 10']);
    expect(await complete('', 2)).toHaveLength(2);
    expect(await complete('a.w')).toEqual([]);
    expect(await complete('none/x')).toEqual([]);
  });

  it('understands ~', async () => {
    const name = `resynth-test-${process.pid}`;
    const folder = path.join(os.homedir(), name);
    await mkdir(folder, { recursive: true });
    onTestFinished(() => rm(folder, { recursive: true }));
    expect(await completeFolder(`~/${name.slice(0, -1)}`, 12, never)).toContain(folder);
    expect(expandHome('~')).toBe(os.homedir());
    expect(expandHome('~anna/x')).toBe('~anna/x');
    expect(await completeFolder('', 12, never)).toEqual([]);
  });
});
