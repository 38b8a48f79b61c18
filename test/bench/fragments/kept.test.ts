import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { keptResult, readKept } from './kept.ts';

const result = { steps: 3, distances: { levelsDb: [5.5, 6], soundDb: [10, 11] } };

describe('what a training came to', () => {
  it('is made once, and again where anything differs that it follows from', async () => {
    const home = path.join(await temporaryFolder(), 'bench');
    const make = vi.fn(() => Promise.resolve(result));
    const keeping = { home, name: 'net-s0', facts: { epochs: 4 }, say: vi.fn() };
    expect(await readKept(keeping)).toBeNull();
    expect(await keptResult(keeping, make)).toEqual(result);
    expect(await keptResult(keeping, make)).toEqual(result);
    expect(await readKept(keeping)).toEqual(result);
    expect(make).toHaveBeenCalledOnce();
    await keptResult({ ...keeping, facts: { epochs: 5 } }, make);
    expect(make).toHaveBeenCalledTimes(2);
    expect(readdirSync(home)).toHaveLength(2);
  });

  it('is not kept where making it fails, and not believed where somebody wrote another thing', async () => {
    const home = await temporaryFolder();
    const keeping = { home, name: 'net-s0', facts: {}, say: vi.fn() };
    await expect(keptResult(keeping, () => Promise.reject(new Error('ended')))).rejects.toThrow('ended');
    expect(readdirSync(home)).toEqual([]);
    await keptResult(keeping, () => Promise.resolve(result));
    writeFileSync(path.join(home, readdirSync(home)[0]!), '{"steps": 3}');
    await expect(readKept(keeping)).rejects.toThrow('distances');
  });
});
