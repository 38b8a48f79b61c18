import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChildPool, type ChildPoolOptions } from '../../src-main/processes/child-pool.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

interface Told {
  act: string;
  value: number;
}

function makePool(options: Partial<ChildPoolOptions> = {}): ChildPool<Told, number> {
  const entry = path.join(import.meta.dirname, 'fixture-child.ts');
  const pool = new ChildPool<Told, number>({ entry, size: 2, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

const double = (pool: ChildPool<Told, number>, value: number) =>
  pool.run({ act: 'double', value }, `file ${value}`);

describe('ChildPool', () => {
  it('does every task once, in several processes', async () => {
    const pool = makePool();
    const values = Array.from({ length: 200 }, (_, index) => index);
    expect(await Promise.all(values.map((value) => double(pool, value)))).toEqual(
      values.map((value) => value * 2),
    );
    const pids = await Promise.all(values.map((value) => pool.run({ act: 'pid', value }, 'pid')));
    expect(new Set(pids).size).toBe(2);
    expect(pids).not.toContain(process.pid);
  });

  it('passes on refusals with their code, and mistakes as unexpected', async () => {
    const pool = makePool();
    await expect(pool.run({ act: 'refuse', value: 0 }, 'x')).rejects.toMatchObject({
      code: 'dataset/file-empty',
    });
    await expect(pool.run({ act: 'throw', value: 0 }, 'x')).rejects.toMatchObject({
      code: 'internal/unexpected',
    });
    expect(await double(pool, 4)).toBe(8);
  });

  it.each(['exit', 'abort'])(
    'blames exactly the task that crashed (%s), and finishes the others',
    async (act) => {
      const pool = makePool();
      const tasks = Array.from({ length: 40 }, (_, value) =>
        value % 13 === 5 ? pool.run({ act, value }, `bad ${value}`) : double(pool, value),
      );
      const settled = await Promise.allSettled(tasks);
      const failed = settled.flatMap((one, index) => (one.status === 'rejected' ? [index] : []));
      expect(failed).toEqual([5, 18, 31]);
      const first = settled[5];
      expect(first?.status === 'rejected' ? first.reason : null).toMatchObject({
        code: 'analyst/crashed',
        params: {
          file: 'bad 5',
          detail: expect.stringMatching(act === 'exit' ? /exit code 3: last words/ : /SIGABRT/),
        },
      });
    },
  );

  it('gives up on a task that hangs', async () => {
    const pool = makePool({ timeoutSec: 1 });
    const hanging = pool.run({ act: 'hang', value: 0 }, 'endless.wav');
    const others = [1, 2, 3, 4, 5].map((value) => double(pool, value));
    await expect(hanging).rejects.toMatchObject({ code: 'analyst/crashed', params: { file: 'endless.wav' } });
    expect(await Promise.all(others)).toEqual([2, 4, 6, 8, 10]);
  });

  it('says so when no process can be started, instead of trying for ever', async () => {
    const entry = path.join(await temporaryFolder(), 'broken.mjs');
    await writeFile(entry, 'throw new Error("no decoder here")');
    await expect(double(makePool({ entry }), 1)).rejects.toMatchObject({ code: 'analyst/start-failed' });
    await expect(double(makePool({ nodePath: '/nowhere/node' }), 1)).rejects.toMatchObject({
      code: 'analyst/start-failed',
    });
  });

  it('cancels what is unfinished when closed, and leaves no process', async () => {
    const pool = makePool();
    const pid = await pool.run({ act: 'pid', value: 0 }, 'pid');
    const hanging = pool.run({ act: 'hang', value: 0 }, 'x');
    const refusal = expect(hanging).rejects.toMatchObject({ code: 'internal/cancelled' });
    await pool.close();
    await refusal;
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    await expect(double(pool, 1)).rejects.toMatchObject({ code: 'internal/cancelled' });
  });

  it('leaves no child behind when the parent is killed', async () => {
    const entry = path.join(await temporaryFolder(), 'parent.ts');
    const source = path.resolve(import.meta.dirname, '../../src-main/processes/child-pool.ts');
    const fixture = path.join(import.meta.dirname, 'fixture-child.ts');
    await writeFile(
      entry,
      `import { ChildPool } from ${JSON.stringify(source)};
       const pool = new ChildPool({ entry: ${JSON.stringify(fixture)}, size: 1 });
       process.send(await pool.run({ act: 'pid', value: 0 }, 'pid'));`,
    );
    const parent = fork(entry, [], { execArgv: [] });
    const pid = await new Promise<number>((resolve) =>
      parent.once('message', (message) => resolve(Number(message))),
    );
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A child that has ended and not been reaped by its new parent still has a pid.
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
