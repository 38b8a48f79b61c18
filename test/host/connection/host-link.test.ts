import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHost } from '../../../src-main/host/host.ts';
import {
  type HostLink,
  type HostLinkOptions,
  openHostLink,
} from '../../../src-main/host/connection/host-link.ts';
import { localAddress } from '../../../src-main/host/connection/local-address.ts';
import { createRun, openRun } from '../../../src-main/host/runs/runs.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { memoryChannelPair } from '../../../src-preload/contract/channels/memory.ts';
import { createClient } from '../../../src-preload/contract/client.ts';
import { hostInfo, settingsGet, settingsSet } from '../../../src-preload/contract/commands/host.ts';
import { runsList, runsResume } from '../../../src-preload/contract/commands/runs.ts';
import { settingChanged } from '../../../src-preload/contract/events/host.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { fakeEntry, tinyConfig } from '../../trainer/kill-helpers.ts';
import { quiet } from '../open-test-host.ts';

interface Told {
  pid: number;
  owner: number;
  instance: string;
  isOwner: boolean;
}

const entry = path.resolve(import.meta.dirname, '../host-process.ts');

/** A process with a link to the data folder; `ask` has it say who it is and who the owner is. */
function startProcess(root: string): { child: ChildProcess; ask(): Promise<Told>; first: Promise<Told> } {
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, RESYNTH_HOME: root },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const waiting: ((told: Told) => void)[] = [];
  const early: Told[] = [];
  readline.createInterface({ input: child.stdout! }).on('line', (line) => {
    const told = JSON.parse(line) as Told;
    const next = waiting.shift();
    if (next) next(told);
    else early.push(told);
  });
  const hear = (): Promise<Told> =>
    new Promise((resolve) => {
      const told = early.shift();
      if (told) resolve(told);
      else waiting.push(resolve);
    });
  return {
    child,
    first: hear(),
    ask: () => {
      child.stdin?.write('?\n');
      return hear();
    },
  };
}

async function link(root: string, options: Partial<HostLinkOptions> = {}): Promise<HostLink> {
  const opened = await openHostLink({
    home: root,
    kind: 'cli',
    hooks: { trainerEntry: fakeEntry },
    ...options,
  });
  onTestFinished(() => opened.close({ stopTraining: true }));
  return opened;
}

/** A page of the process that has this link. */
function pageOf(of: HostLink) {
  const client = createClient({
    open: () => {
      const [here, there] = memoryChannelPair();
      of.attach(there);
      return Promise.resolve(here);
    },
    timing: { firstRetryMs: 20, lastRetryMs: 100 },
  });
  onTestFinished(() => client.close());
  return client;
}

async function until<Value>(
  what: string,
  condition: () => Promise<Value | false | null | undefined>,
): Promise<Value> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`waited too long: ${what}`);
    await setTimeout(20);
  }
}

describe('one owner a data folder', () => {
  it('is exactly one of several that start at the same moment; the others are its clients', async () => {
    const root = path.join(await temporaryFolder(), 'home');
    const told = await Promise.all(Array.from({ length: 4 }, () => startProcess(root).first));
    expect(new Set(told.map(({ instance }) => instance)).size).toBe(1);
    expect(told.filter(({ isOwner }) => isOwner).map(({ pid }) => pid)).toEqual([told[0]?.owner]);
  });

  it('is refused to a second one that will not be a client', async () => {
    const root = await temporaryFolder();
    await link(root);
    await expect(openHost({ home: openHome(root), kind: 'cli' })).rejects.toMatchObject({
      code: 'host/owned',
      params: { pid: process.pid },
    });
  });

  it('is taken over when it was killed, with its socket and its lock; a page goes on by itself', async () => {
    const root = await temporaryFolder();
    const owner = startProcess(root);
    const { pid, instance } = await owner.first;
    const staying = await link(root, { kind: 'web', stays: true });
    expect(staying.host).toBeNull();
    const page = pageOf(staying);
    expect(await page.call(hostInfo, {})).toMatchObject({ pid, instance });
    let resyncs = 0;
    page.onResync(() => resyncs++);
    const seen: unknown[] = [];
    page.on(settingChanged, ({ value }) => seen.push(value));
    await page.call(settingsSet, { key: 'x', value: 1 });

    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    expect(await page.call(hostInfo, {})).toMatchObject({ pid: process.pid });
    expect(staying.host).not.toBeNull();
    await page.call(settingsSet, { key: 'x', value: 2 });
    expect((await page.call(settingsGet, {})).settings).toEqual({ x: 2 });
    await until('events', async () => seen.length === 2);
    expect(seen).toEqual([1, 2]);
    expect(resyncs).toBe(1);
  });

  it('gives way in order: one of those that stay becomes the next, the rest find it', async () => {
    const root = await temporaryFolder();
    const first = await link(root);
    const others = [startProcess(root), startProcess(root)];
    for (const { first: told } of others) expect(await told).toMatchObject({ isOwner: false });
    await first.close();
    const told = await until('a new owner', async () => {
      const all = await Promise.all(others.map(({ ask }) => ask().catch(() => null)));
      return all.every((one) => one && one.owner !== process.pid) && all;
    });
    expect(new Set(told.map((one) => one?.instance)).size).toBe(1);
    expect(told.filter((one) => one?.isOwner)).toHaveLength(1);
  });

  it('leaves nobody outside in: socket and its folder are the user’s alone', async () => {
    const root = await temporaryFolder();
    await link(root);
    expect(statSync(localAddress(root, 'owner')).mode & 0o777).toBe(0o600);
    const deep = path.join(root, 'a'.repeat(60), 'b'.repeat(60));
    await link(deep);
    const address = localAddress(deep, 'owner');
    expect(Buffer.byteLength(address)).toBeLessThan(104);
    expect(statSync(path.dirname(address)).mode & 0o777).toBe(0o700);
    expect(statSync(address).mode & 0o777).toBe(0o600);
  });

  it('takes a lock that is damaged, and a file in the place of its socket, for what is left of a crash', async () => {
    const root = await temporaryFolder();
    writeFileSync(openHome(root).lock, '{');
    writeFileSync(localAddress(root, 'owner'), '');
    expect((await link(root)).host).not.toBeNull();
  });

  it('is refused with the reason where another machine has the folder, and where a process does not answer', async () => {
    const root = await temporaryFolder();
    const { lock } = openHome(root);
    writeFileSync(lock, JSON.stringify({ pid: 1, start: 'x', host: 'elsewhere', token: 't' }));
    await expect(openHostLink({ home: root, kind: 'cli' })).rejects.toMatchObject({
      code: 'host/owned-elsewhere',
      params: { machine: 'elsewhere' },
    });
    const silent = await temporaryFolder();
    // This test's own process holds it and listens nowhere.
    const held = await link(silent);
    writeFileSync(openHome(root).lock, readFileSync(openHome(silent).lock));
    await expect(openHostLink({ home: root, kind: 'cli', patienceMs: 100 })).rejects.toMatchObject({
      code: 'host/owner-silent',
    });
    await held.close();
  });

  // Root may write anywhere.
  it.skipIf(process.getuid?.() === 0)('is refused in a folder that cannot be written to', async () => {
    const root = await temporaryFolder();
    chmodSync(root, 0o500);
    onTestFinished(() => chmodSync(root, 0o700));
    await expect(openHostLink({ home: root, kind: 'cli' })).rejects.toMatchObject({
      code: 'host/home-not-writable',
    });
  });

  it('is refused below a folder that holds no folders, at once', async () => {
    await expect(openHostLink({ home: '/proc/x/y', kind: 'cli' })).rejects.toMatchObject({
      code: 'host/home-not-writable',
    });
  });
});

describe('a host that is killed', () => {
  it('while it trains and others wait: the next adopts the one and goes on with the others', async () => {
    const root = await temporaryFolder();
    const home = openHome(root);
    await mkdir(home.runs, { recursive: true });
    const make = (name: string, epochs: string) =>
      createRun(home, {
        config: tinyConfig({ epochs }),
        dataset: { id: 'd', name: 'd', folder: '/d', splitHash: 'h' },
        name,
        nameFrom: name,
        engine: { backend: null, device: null, threads: null },
        parent: null,
      });
    const [a, b] = [await make('a', '400'), await make('b', '3')];
    const owner = startProcess(root);
    await owner.first;
    const asking = await link(root);
    expect((await asking.call(runsResume, { run: 'a', detach: true }, quiet)).state).toBe('running');
    expect((await asking.call(runsResume, { run: 'b', queue: true }, quiet)).state).toBe('queued');
    const { runs: before } = await asking.call(runsList, {}, quiet);
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');

    const next = await link(root);
    const { runs } = await next.call(runsList, {}, quiet);
    const pidOf = (list: typeof runs) => list.find(({ name }) => name === 'a')?.pid;
    expect(pidOf(runs)).toBe(pidOf(before));
    await until('both end', async () => {
      const states = [a, b].map(({ record }) => openRun(home, record.id).status.state);
      return states.every((state) => state === 'finished');
    });
    expect(existsSync(path.join(b.folder, 'queue.json'))).toBe(false);
  });
});
