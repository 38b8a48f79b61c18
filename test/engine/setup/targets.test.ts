import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  findExecutable,
  findTarget,
  readEngineLock,
  wantedVariants,
} from '../../../src-main/engine/setup/targets.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('the pinned wheels', () => {
  const lock = readEngineLock();

  test('name every platform that can be served, and no other', () => {
    expect(findTarget('cpu', lock, 'linux', 'x64')?.wheels[0]?.name).toBe('tensorflow-cpu');
    expect(findTarget('cuda', lock, 'linux', 'x64')?.wheels.map((wheel) => wheel.name)).toContain(
      'nvidia-cudnn-cu12',
    );
    expect(findTarget('cpu', lock, 'linux', 'arm64')).not.toBeNull();
    expect(findTarget('cpu', lock, 'darwin', 'arm64')).not.toBeNull();
    expect(findTarget('cpu', lock, 'win32', 'x64')).toBeNull();
    expect(findTarget('cuda', lock, 'darwin', 'arm64')).toBeNull();
  });

  test('carry in their file names what the lock says of them', () => {
    for (const target of Object.values(lock.targets)) {
      for (const wheel of target.wheels) {
        const [name, version, , , platform] = wheel.file.replace(/\.whl$/, '').split('-');
        expect(name?.replaceAll('_', '-')).toBe(wheel.name);
        expect(version).toBe(wheel.version);
        expect(platform?.split('.')).toEqual(wheel.platforms);
      }
    }
  });

  test('give each set of wheels a folder of its own: another hash, another id', () => {
    const other = structuredClone(lock);
    const wheel = other.targets['linux-x64-cpu']?.wheels[0];
    if (!wheel) throw new Error('the lock has a wheel for linux x64');
    wheel.sha256 = 'f'.repeat(64);
    const ids = [lock, other].map((each) => findTarget('cpu', each, 'linux', 'x64')?.id);
    expect(ids[0]).toMatch(/^2\.18\.1-linux-x64-cpu-[0-9a-f]{8}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  test('are refused when misspelt', async () => {
    const file = path.join(await temporaryFolder(), 'lock.json');
    writeFileSync(file, JSON.stringify({ ...lock, tensorflwo: '1' }));
    expect(() => readEngineLock(file)).toThrow('tensorflwo');
  });
});

test('the variants follow the driver, and the setting overrides it', () => {
  expect(wantedVariants({ RESYNTH_TENSORFLOW: 'none' })).toEqual([]);
  expect(wantedVariants({ RESYNTH_TENSORFLOW: 'cpu' })).toEqual(['cpu']);
  expect(wantedVariants({ RESYNTH_TENSORFLOW: 'cuda' })).toEqual(['cuda', 'cpu']);
  expect(wantedVariants({ PATH: '' }).at(-1)).toBe('cpu');
});

test('a driver is seen by its tool on PATH', async () => {
  const folder = await temporaryFolder();
  writeFileSync(path.join(folder, 'nvidia-smi'), '#!/bin/sh\n', { mode: 0o755 });
  if (process.platform === 'linux') expect(wantedVariants({ PATH: folder })).toEqual(['cuda', 'cpu']);
});

test('programs are looked for along PATH, in order, and must be executable', async () => {
  const folder = await temporaryFolder();
  const [one, two] = [path.join(folder, 'one'), path.join(folder, 'two')];
  for (const each of [one, two]) mkdirSync(each);
  writeFileSync(path.join(one, 'tool'), '', { mode: 0o644 });
  writeFileSync(path.join(two, 'tool'), '', { mode: 0o755 });
  const env = { PATH: [one, two].join(path.delimiter) };
  expect(findExecutable('tool', env)).toBe(path.join(two, 'tool'));
  expect(findExecutable('other', env)).toBeNull();
  expect(findExecutable('tool', {})).toBeNull();
});
