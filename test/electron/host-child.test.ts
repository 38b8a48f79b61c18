import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { HostChild } from '../../src-main/electron/host-child.ts';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const entry = path.resolve(import.meta.dirname, 'fixture-host.ts');

async function start(behaviour: string, node = process.execPath) {
  const home = path.join(await temporaryFolder(), behaviour);
  mkdirSync(home);
  const onTraining = vi.fn();
  const onFailure = vi.fn();
  const child = new HostChild({
    places: { node, root: process.cwd() },
    home,
    onTraining,
    onFailure,
    entry,
    rules: { mostEnds: 3, patienceMs: 300 },
  });
  onTestFinished(() => child.close({ stopTraining: false }));
  return { child, onTraining, onFailure };
}

async function echo(channel: Channel, byte: number): Promise<number | undefined> {
  channel.send(new Uint8Array([byte]));
  const frame = await new Promise<Uint8Array>((resolve) => channel.onFrame(resolve));
  return frame[0];
}

test('it is started once, by the first line, and every line leads to it', async () => {
  const { child, onTraining } = await start('works');
  const lines = await Promise.all([child.connect(), child.connect()]);
  expect(await Promise.all(lines.map((line, index) => echo(line, index)))).toEqual([0, 1]);
  await vi.waitFor(() => expect(onTraining).toHaveBeenCalledWith({ runs: 2, ours: true }));
});

test('it is started again when it was killed; nothing trains for a window that has no host', async () => {
  const { child, onTraining, onFailure } = await start('works');
  const line = await child.connect();
  const closed = new Promise((resolve) => line.onClose(resolve));
  line.onFrame(() => undefined);
  line.send(new Uint8Array([255]));
  await closed;
  await vi.waitFor(() => expect(onTraining).toHaveBeenLastCalledWith({ runs: 0, ours: false }));
  expect(await echo(await child.connect(), 7)).toBe(7);
  expect(onFailure).not.toHaveBeenCalled();
});

test('it is not started in circles, until somebody says so', async () => {
  const { child, onFailure } = await start('crashes');
  const outcome = (): Promise<unknown> => child.connect().catch((error: unknown) => error);
  expect(await outcome()).toMatchObject({ code: 'electron/host-ended' });
  expect(await outcome()).toMatchObject({
    code: 'electron/host-ended',
    message: expect.stringContaining('exit code 3: out of luck'),
  });
  expect(await outcome()).toMatchObject({ code: 'electron/host-keeps-ending' });
  const begun = performance.now();
  expect(await outcome()).toMatchObject({ code: 'electron/host-keeps-ending' });
  expect(performance.now() - begun).toBeLessThan(20);
  expect(onFailure).toHaveBeenCalledOnce();
  child.forgive();
  expect(await outcome()).toMatchObject({ code: 'electron/host-ended' });
});

test('what it says that keeps it from working is passed on, and it is not tried again by itself', async () => {
  const { child, onFailure } = await start('fails');
  await expect(child.connect()).rejects.toThrow('The disk is full.');
  await expect(child.connect()).rejects.toThrow('The disk is full.');
  expect(onFailure).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ message: 'The disk is full.', remedy: 'Empty it.' }),
  );
});

test('a Node that is not there is an error, not a hang', async () => {
  const { child } = await start('works', '/nowhere/node');
  await expect(child.connect()).rejects.toMatchObject({ code: 'electron/host-ended' });
});

test('closing ends it, and no line is had afterwards', async () => {
  const { child } = await start('works');
  const line = await child.connect();
  await child.close({ stopTraining: true });
  await new Promise((resolve) => line.onClose(resolve));
  await expect(child.connect()).rejects.toMatchObject({ code: 'host/closing' });
});

test('closing does not wait for ever for one that does not listen', async () => {
  const { child } = await start('deaf');
  await child.connect();
  const begun = performance.now();
  await child.close({ stopTraining: false });
  expect(performance.now() - begun).toBeLessThan(5000);
});
