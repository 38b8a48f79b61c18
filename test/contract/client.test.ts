import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { memoryChannelPair } from '../../src-preload/contract/channels/memory.ts';
import { type Client, type ClientOptions, createClient } from '../../src-preload/contract/client.ts';
import { decodeFrame, encodeFrame } from '../../src-preload/contract/codec.ts';
import { defineCommand } from '../../src-preload/contract/command.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { defineEvent } from '../../src-preload/contract/event.ts';
import { type ClientFrame, type HostFrame, protocolVersion } from '../../src-preload/contract/frames.ts';

const read = defineCommand({
  name: 'read',
  summary: 'Only reads',
  readOnly: true,
  input: z.strictObject({}),
  output: z.strictObject({ value: z.int() }),
});
const write = defineCommand({
  name: 'write',
  summary: 'Changes something',
  input: z.strictObject({}),
  output: z.strictObject({ value: z.int() }),
});
const noted = defineEvent({ name: 'noted', summary: '', payload: z.strictObject({ note: z.int() }) });

/** A host that says only what the test has it say. */
class Puppet {
  readonly lines: Channel[] = [];
  readonly heard: ClientFrame[] = [];
  /** Answers hello by itself. */
  welcoming = true;
  refuseToOpen: Error | null = null;
  attempts = 0;

  open(): Promise<Channel> {
    this.attempts++;
    if (this.refuseToOpen) return Promise.reject(this.refuseToOpen);
    const [ours, theirs] = memoryChannelPair();
    this.lines.push(theirs);
    theirs.onFrame((bytes) => {
      const frame = decodeFrame(bytes) as ClientFrame;
      this.heard.push(frame);
      if (frame.kind === 'hello' && this.welcoming) this.welcome();
    });
    return Promise.resolve(ours);
  }

  say(frame: HostFrame): void {
    this.lines.at(-1)?.send(encodeFrame(frame));
  }

  welcome(more: Partial<Extract<HostFrame, { kind: 'welcome' }>> = {}): void {
    this.say({
      kind: 'welcome',
      protocol: protocolVersion,
      instance: 'a',
      seq: 0,
      resync: false,
      ...more,
    });
  }

  hangUp(): void {
    this.lines.at(-1)?.close('hung up');
  }

  calls(): Extract<ClientFrame, { kind: 'call' }>[] {
    return this.heard.filter((frame) => frame.kind === 'call');
  }
}

let host: Puppet;

beforeEach(() => {
  vi.useFakeTimers();
  host = new Puppet();
});
afterEach(() => {
  vi.useRealTimers();
});

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ open: () => host.open(), ...options });
  onTestFinished(() => client.close());
  return client;
}

const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a client', () => {
  it('keeps calls that are made before it is open', async () => {
    host.welcoming = false;
    const client = connect();
    const answer = client.call(write, {});
    await settle();
    expect([client.state, host.calls().length]).toEqual(['connecting', 0]);
    host.welcome();
    await settle();
    const [call] = host.calls();
    host.say({ kind: 'result', id: call?.id ?? -1, output: { value: 3 } });
    await settle();
    expect(await answer).toEqual({ value: 3 });
    expect([client.state, client.error]).toEqual(['open', null]);
  });

  it('takes calls back that were never sent', async () => {
    host.welcoming = false;
    const client = connect();
    const controller = new AbortController();
    const refusal = expect(client.call(read, {}, { signal: controller.signal })).rejects.toMatchObject({
      code: 'internal/cancelled',
    });
    controller.abort();
    await refusal;
    host.welcome();
    await settle();
    expect(host.heard.map(({ kind }) => kind)).toEqual(['hello']);
  });

  it('fails with the reason when it is to try only once', async () => {
    host.refuseToOpen = new ResynthError('web/page-not-built', { folder: 'x' });
    const client = connect({ reconnect: false });
    await expect(client.call(read, {})).rejects.toMatchObject({ code: 'web/page-not-built' });
    await settle(60_000);
    expect([host.attempts, client.state]).toEqual([1, 'lost']);
    await expect(client.call(read, {})).rejects.toMatchObject({ code: 'web/page-not-built' });
  });

  it('tries again ever more seldom, and asks then what only reads', async () => {
    host.refuseToOpen = new Error('nobody there');
    const client = connect({ timing: { firstRetryMs: 100, lastRetryMs: 1000 } });
    const reading = client.call(read, {});
    await settle();
    expect(client.error?.message).toContain('nobody there');
    await expect(client.call(write, {})).rejects.toMatchObject({ code: 'contract/connection-lost' });
    await settle(10_000);
    expect(host.attempts).toBeGreaterThan(8);
    expect(host.attempts).toBeLessThan(20);
    host.refuseToOpen = null;
    await settle(2000);
    host.say({ kind: 'result', id: host.calls()[0]?.id ?? -1, output: { value: 1 } });
    await settle();
    expect(await reading).toEqual({ value: 1 });
  });

  it('gives up at once when the error is final', async () => {
    host.refuseToOpen = new ResynthError('web/not-accepted');
    const client = connect({ retry: ({ code }) => code !== 'web/not-accepted' });
    await expect(client.call(read, {})).rejects.toMatchObject({ code: 'web/not-accepted' });
    await settle(60_000);
    expect(host.attempts).toBe(1);
  });

  it('does not ask a read for ever that takes its line down each time', async () => {
    const client = connect({ timing: { firstRetryMs: 10, lastRetryMs: 10 } });
    const refusal = expect(client.call(read, {})).rejects.toMatchObject({ code: 'contract/connection-lost' });
    for (let attempt = 0; attempt < 3; attempt++) {
      await settle(50);
      expect(host.calls().length).toBe(attempt + 1);
      host.hangUp();
    }
    await settle(50);
    await refusal;
    expect(host.calls().length).toBe(3);
  });

  it('stops for good when the host refuses it', async () => {
    host.welcoming = false;
    const client = connect();
    const refusal = expect(client.call(read, {})).rejects.toMatchObject({ code: 'contract/refused' });
    await settle();
    const error = new ResynthError('contract/refused', { ours: 1, theirs: 2 });
    host.say({ kind: 'refused', error: error.toJSON() });
    await settle(60_000);
    await refusal;
    expect([host.attempts, client.error?.message]).toEqual([1, error.message]);
  });

  it('notices a host that has gone silent', async () => {
    const client = connect({ timing: { pingMs: 1000, silenceMs: 3500, firstRetryMs: 100 } });
    await settle(3200);
    expect(client.state).toBe('open');
    expect(host.heard.filter(({ kind }) => kind === 'ping').length).toBe(3);
    host.say({ kind: 'pong' });
    await settle(3000);
    expect(client.state).toBe('open');
    host.welcoming = false;
    await settle(2000);
    expect(client.state).toBe('lost');
    expect(client.error?.message).toContain('does not answer');
  });

  it('drops a line on which it does not understand the host', async () => {
    const client = connect();
    await settle();
    host.lines[0]?.send(encodeFrame({ kind: 'surprise' }));
    await settle();
    expect(client.state).toBe('lost');
    await settle(1000);
    expect([client.state, host.lines.length]).toEqual(['open', 2]);
  });

  it('checks results, unless it is told not to', async () => {
    for (const [checkOutputs, expected] of [
      [true, { code: 'contract/bad-output', params: { detail: 'value: it must be a number' } }],
      [false, { value: 'three' }],
    ] as const) {
      host = new Puppet();
      const client = connect({ checkOutputs });
      const answer = client.call(read, {}).catch((thrown: unknown) => thrown);
      await settle();
      host.say({ kind: 'result', id: 1, output: { value: 'three' } });
      await settle();
      expect(await answer).toMatchObject(expected);
    }
  });

  it('says what it knows when it comes back, and hears nothing twice', async () => {
    const client = connect();
    const notes: number[] = [];
    let resyncs = 0;
    client.on(noted, ({ note }) => notes.push(note));
    client.onResync(() => resyncs++);
    await settle();
    const event = (seq: number): void =>
      host.say({ kind: 'event', seq, name: 'noted', payload: { note: seq } });
    event(1);
    event(2);
    await settle(100);
    expect(host.heard.at(-1)).toEqual({ kind: 'events-ack', seq: 2 });
    host.hangUp();
    await settle(1000);
    expect(host.heard.at(-1)).toMatchObject({ kind: 'hello', known: { instance: 'a', seq: 2 } });
    event(2);
    event(3);
    await settle();
    expect([notes, resyncs]).toEqual([[1, 2, 3], 0]);
    host.say({ kind: 'resync', seq: 90 });
    event(91);
    await settle();
    expect([notes, resyncs]).toEqual([[1, 2, 3, 91], 1]);
    host.welcoming = false;
    host.hangUp();
    await settle(1000);
    host.welcome({ instance: 'b', seq: 4, resync: true });
    event(5);
    await settle();
    expect([notes, resyncs]).toEqual([[1, 2, 3, 91, 5], 2]);
  });

  it('keeps an event from nobody because one listener throws, and hides no error', async () => {
    const client = connect();
    const notes: number[] = [];
    const unforeseen: unknown[] = [];
    const catchIt = (error: unknown): void => void unforeseen.push(error);
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', catchIt);
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException');
      for (const listener of before) process.on('uncaughtException', listener);
    });
    client.on(noted, () => {
      throw new TypeError('unforeseen');
    });
    const stop = client.on(noted, ({ note }) => notes.push(note));
    await settle();
    host.say({ kind: 'event', seq: 1, name: 'noted', payload: { note: 1 } });
    host.say({ kind: 'event', seq: 2, name: 'noted', payload: { note: 'x' } });
    host.say({ kind: 'event', seq: 3, name: 'other', payload: null });
    await settle();
    stop();
    host.say({ kind: 'event', seq: 4, name: 'noted', payload: { note: 4 } });
    await settle();
    vi.useRealTimers();
    await vi.waitFor(() => expect(unforeseen.length).toBe(4));
    expect(notes).toEqual([1]);
    expect(unforeseen.map((error) => (error as Error).name)).toEqual([
      'TypeError',
      'ResynthError',
      'ResynthError',
      'TypeError',
    ]);
  });
});
