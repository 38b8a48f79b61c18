import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Child, howItEnded, LastWords, startChild } from '../../src-main/processes/child.ts';
import { onMessage, sendMessage } from '../../src-main/processes/messages.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const processes = path.resolve(import.meta.dirname, '../../src-main/processes');
const childSide = `
  import { parentChannel } from ${JSON.stringify(path.join(processes, 'parent-channel.ts'))};
  import { onMessage, sendMessage } from ${JSON.stringify(path.join(processes, 'messages.ts'))};
  const channel = parentChannel();`;

async function entryOf(source: string): Promise<string> {
  const entry = path.join(await temporaryFolder(), 'entry.mjs');
  await writeFile(entry, source);
  return entry;
}

async function endOf({ process }: Child): Promise<string> {
  const [code, signal] = (await once(process, 'close')) as [number | null, NodeJS.Signals | null];
  return howItEnded(code, signal);
}

function heardFrom(child: Child): unknown[] {
  const messages: unknown[] = [];
  onMessage(child.channel, (message) => messages.push(message));
  return messages;
}

describe('startChild', () => {
  it('talks in typed arrays, and keeps our own flags from the child', async () => {
    const entry = await entryOf(
      `${childSide}
       sendMessage(channel, { numbers: Float32Array.of(1, NaN), options: process.env.NODE_OPTIONS ?? null,
         flags: process.execArgv, kept: process.env.KEPT });
       channel.close();`,
    );
    const env = { ...process.env, NODE_OPTIONS: '--no-deprecation', KEPT: 'yes' };
    const child = startChild({ entry, env, nodeOptions: ['--no-warnings'] });
    const messages = heardFrom(child);
    expect(await endOf(child)).toBe('exit code 0');
    const numbers = Float32Array.of(1, Number.NaN);
    expect(messages).toEqual([{ numbers, options: null, flags: ['--no-warnings'], kept: 'yes' }]);
  });

  it('brings everything the child said before it died, though it was being spoken to', async () => {
    const entry = await entryOf(
      `${childSide}
       for (let number = 0; number < 200; number++) sendMessage(channel, { number, bytes: new Uint8Array(5000) });
       await channel.flushed();
       process.kill(process.pid, 'SIGKILL');`,
    );
    const child = startChild({ entry });
    const messages = heardFrom(child);
    let told: string | undefined;
    child.channel.onClose((reason) => (told = reason));
    const talk = setInterval(() => sendMessage(child.channel, new Uint8Array(100_000)), 1);
    expect(await endOf(child)).toBe('signal SIGKILL');
    clearInterval(talk);
    expect(messages.map((message) => (message as { number: number }).number)).toEqual(
      Array.from({ length: 200 }, (_, number) => number),
    );
    expect(told).toBeDefined();
    expect(child.channel.closed).toBe(true);
  });

  it('tells the child when the parent lets go', async () => {
    const entry = await entryOf(
      `${childSide}
       onMessage(channel, (message) => sendMessage(channel, message));
       channel.onClose(() => process.exit(7));`,
    );
    const child = startChild({ entry });
    const messages = heardFrom(child);
    sendMessage(child.channel, { hello: -0 });
    await expect.poll(() => messages).toEqual([{ hello: -0 }]);
    child.channel.close();
    expect(await endOf(child)).toBe('exit code 7');
  });

  it('has a line that is closed where no process could be started', async () => {
    const child = startChild({ entry: 'x', nodePath: '/nowhere/node' });
    child.channel.onFrame(() => undefined);
    const [error] = (await once(child.process, 'error')) as [Error];
    expect(error.message).toContain('ENOENT');
    sendMessage(child.channel, 'dropped');
    await expect.poll(() => child.channel.closed).toBe(true);
  });
});

describe('LastWords', () => {
  it('are the last line on stderr, however much came before', async () => {
    const entry = await entryOf(
      `process.stderr.write('x'.repeat(5000) + '\\n' + 'the end\\n\\n');
       process.kill(process.pid, 'SIGKILL');`,
    );
    const child = startChild({ entry });
    const lastWords = new LastWords(child.process);
    expect(lastWords.line).toBe('');
    expect(await endOf(child)).toBe('signal SIGKILL');
    expect(lastWords.line).toBe('the end');
  });
});
