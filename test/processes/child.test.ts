import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { howItEnded, LastWords, startChild } from '../../src-main/processes/child.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function entryOf(source: string): Promise<string> {
  const entry = path.join(await temporaryFolder(), 'entry.mjs');
  await writeFile(entry, source);
  return entry;
}

describe('startChild', () => {
  it('talks in typed arrays, and keeps our own flags from the child', async () => {
    const entry = await entryOf(
      `process.send({ numbers: Float32Array.of(1, 2), options: process.env.NODE_OPTIONS ?? null,
        flags: process.execArgv, kept: process.env.KEPT });
       process.disconnect();`,
    );
    const env = { ...process.env, NODE_OPTIONS: '--no-deprecation', KEPT: 'yes' };
    const child = startChild({ entry, env, nodeOptions: ['--no-warnings'] });
    const [message] = (await once(child, 'message')) as [unknown];
    const numbers = Float32Array.of(1, 2);
    expect(message).toEqual({ numbers, options: null, flags: ['--no-warnings'], kept: 'yes' });
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    expect(howItEnded(code, signal)).toBe('exit code 0');
  });
});

describe('LastWords', () => {
  it('are the last line on stderr, however much came before', async () => {
    const entry = await entryOf(
      `process.stderr.write('x'.repeat(5000) + '\\n' + 'the end\\n\\n'); process.disconnect();
       process.kill(process.pid, 'SIGKILL');`,
    );
    const child = startChild({ entry });
    const lastWords = new LastWords(child);
    expect(lastWords.line).toBe('');
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    expect(howItEnded(code, signal)).toBe('signal SIGKILL');
    expect(lastWords.line).toBe('the end');
  });
});
