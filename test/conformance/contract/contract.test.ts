import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { z } from 'zod';
import type { Channel } from '../../../src-preload/contract/channel.ts';
import { type Client, createClient } from '../../../src-preload/contract/client.ts';
import { decodeFrame, encodeFrame } from '../../../src-preload/contract/codec.ts';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { type ClientFrame, type HostFrame, protocolVersion } from '../../../src-preload/contract/frames.ts';
import { commands, events } from '../../../src-preload/contract/registry.ts';
import { samplesOf } from './arbitrary.ts';
import {
  inputDigest,
  levelled,
  noted,
  pattern,
  samplesEach,
  testBytes,
  testCount,
  testFail,
  testNotes,
  testPublish,
  testRead,
  testWait,
} from './echo-host.ts';
import { type Reachable, transports } from './transports.ts';

/** Whatever a client and a host agree on must hold over every line that may lie between them. */
describe.each(transports)('the contract over $name', (transport) => {
  let reachable: Reachable;

  beforeAll(async () => {
    reachable = await transport.start();
  });
  afterAll(() => reachable.close());

  /** A client that can lose its line. */
  function connect(): { client: Client; cut(): void; lines: Channel[] } {
    const lines: Channel[] = [];
    const client = createClient({
      open: async () => {
        const line = await reachable.open();
        lines.push(line);
        return line;
      },
      timing: { firstRetryMs: 10, lastRetryMs: 50 },
    });
    onTestFinished(() => client.close());
    return { client, lines, cut: () => lines.at(-1)?.close('cut by the test') };
  }

  describe('commands', () => {
    let client: Client;
    beforeAll(() => {
      client = createClient({ open: () => reachable.open() });
    });
    afterAll(() => client.close());

    it.each(commands.map((command) => [command.name, command] as const))('%s', async (_name, command) => {
      const outputs = samplesOf(command.output, samplesEach);
      for (const [index, input] of samplesOf(command.input, samplesEach).entries()) {
        const progress: ProgressEvent[] = [];
        const output = await client.call(command, input as Record<string, unknown>, {
          progress: (event) => progress.push(event),
        });
        expect(output).toEqual(command.output.parse(outputs[index]));
        expect(progress).toEqual([{ stage: 'input', detail: inputDigest(command.input.parse(input)) }]);
      }
    });
  });

  it('brings every event as it was told, in order, once', async () => {
    const { client } = connect();
    const heard: unknown[] = [];
    for (const event of events) client.on(event, (payload) => heard.push([event.name, payload]));
    const told = events.flatMap((event) =>
      samplesOf(event.payload, samplesEach).map((payload) => [event.name, event.payload.parse(payload)]),
    );
    await client.call(testPublish, {});
    await expect.poll(() => heard.length).toBe(told.length);
    expect(heard).toEqual(told);
  });

  it('brings 20 MB in one piece', async () => {
    const { client } = connect();
    const count = 20_000_003;
    const { bytes } = await client.call(testBytes, { count });
    expect(Buffer.compare(bytes, pattern(count))).toBe(0);
  });

  it('brings progress in order, before the result', async () => {
    const { client } = connect();
    const heard: unknown[] = [];
    const result = client.call(testCount, { upTo: 50 }, { progress: ({ done }) => heard.push(done) });
    expect(await result.then((output) => heard.push(output))).toBe(51);
    expect(heard).toEqual([...Array.from({ length: 50 }, (_, index) => index + 1), { upTo: 50 }]);
  });

  it('cancels what the caller takes back', async () => {
    const { client } = connect();
    const heard: unknown[] = [];
    client.on(noted, ({ note }) => heard.push(note));
    const controller = new AbortController();
    const waiting = client.call(
      testWait,
      { name: 'one' },
      { signal: controller.signal, progress: () => controller.abort() },
    );
    await expect(waiting).rejects.toMatchObject({ code: 'internal/cancelled' });
    await expect.poll(() => heard).toEqual(['one was cancelled']);
    const gone = client.call(testWait, { name: 'two' }, { signal: AbortSignal.abort() });
    await expect(gone).rejects.toMatchObject({ code: 'internal/cancelled' });
  });

  it('brings errors with code, message, remedy and params', async () => {
    const { client } = connect();
    const params = { file: 'a "b" {c}.wav', detail: 'x\u0000y' };
    const refusal = await client.call(testFail, { how: 'refuses' }).catch((thrown: unknown) => thrown);
    expect(refusal).toBeInstanceOf(ResynthError);
    expect(refusal).toMatchObject({ ...new ResynthError('audio/unreadable', params).toJSON() });
    await expect(client.call(testFail, { how: 'throws' })).rejects.toMatchObject({
      code: 'internal/unexpected',
      message: expect.stringContaining('unforeseen') as string,
    });
    await expect(client.call(testFail, { how: 'wrong output' })).rejects.toMatchObject({
      code: 'contract/bad-output',
    });
    await expect(client.call(testFail, { how: 'unsendable output' })).rejects.toMatchObject({
      code: 'contract/unsendable',
      params: { where: 'output.right' },
    });
  });

  it('refuses input that the schema does not take, and commands that nobody knows', async () => {
    const { client } = connect();
    const bad = { count: 'many' } as unknown as z.input<typeof testBytes.input>;
    await expect(client.call(testBytes, bad)).rejects.toMatchObject({
      code: 'contract/bad-input',
      params: { command: 'test bytes', field: 'count' },
    });
    await expect(client.call({ ...testBytes, name: 'toString' }, { count: 1 })).rejects.toMatchObject({
      code: 'contract/unknown-command',
    });
    const unsendable = { count: (() => 1) as unknown as number };
    await expect(client.call(testBytes, unsendable)).rejects.toMatchObject({ code: 'contract/unsendable' });
    expect((await client.call(testBytes, { count: 2 })).bytes.length).toBe(2);
  });

  it('rejects what was asked when the line is lost, and asks again what only reads', async () => {
    const { client, cut } = connect();
    const begun = Promise.withResolvers<void>();
    const waiting = client.call(testWait, { name: 'lost' }, { progress: () => begun.resolve() });
    waiting.catch(() => undefined);
    await begun.promise;
    const begunReading = Promise.withResolvers<void>();
    const reading = client.call(testRead, { name: 'r' }, { progress: () => begunReading.resolve() });
    await begunReading.promise;
    cut();
    await expect(waiting).rejects.toMatchObject({ code: 'contract/connection-lost' });
    if (transport.reopens) expect((await reading).asked).toBe(2);
    await expect.poll(() => client.state).toBe('open');
    client.close();
    await expect(client.call(testCount, { upTo: 1 })).rejects.toMatchObject({
      code: 'contract/connection-lost',
    });
    reading.catch(() => undefined);
  });

  it.runIf(transport.reopens)('loses and doubles no event when the line is lost', async () => {
    const { client, cut } = connect();
    const other = connect().client;
    const heard: unknown[] = [];
    let resyncs = 0;
    client.on(noted, ({ note }) => heard.push(note));
    client.onResync(() => resyncs++);
    await client.call(testCount, { upTo: 1 });
    for (let round = 0; round < 10; round++) {
      const publishing = other.call(testNotes, { from: round * 100, count: 100 });
      // Now while they come, now before, now after.
      if (round % 3 === 0) await publishing;
      if (round % 3 === 1) await new Promise((resolve) => setTimeout(resolve, round));
      cut();
      await publishing;
    }
    await expect.poll(() => heard.length).toBeGreaterThanOrEqual(1000);
    expect(heard).toEqual(Array.from({ length: 1000 }, (_, note) => note));
    expect(resyncs).toBe(0);
  });

  it('says that everything must be read again when another host has taken over', async () => {
    const { client } = connect();
    await client.call(testCount, { upTo: 1 });
    const heard: unknown[] = [];
    let resyncs = 0;
    client.on(noted, ({ note }) => heard.push(note));
    client.onResync(() => resyncs++);
    await client.call(testNotes, { from: 0, count: 3 });
    await expect.poll(() => heard).toEqual([0, 1, 2]);
    await reachable.restart();
    await expect.poll(() => resyncs, { timeout: 10_000 }).toBe(1);
    await client.call(testNotes, { from: 7, count: 2 });
    await expect.poll(() => heard).toEqual([0, 1, 2, 7, 8]);
  });

  describe('a client that reads too slowly', () => {
    it('is spared events that later ones supersede, and none of the others', async () => {
      // All of them fit into what the hub remembers: what is forgotten is the next test's.
      const line = await rawLine(reachable);
      line.say({
        kind: 'call',
        id: 1,
        command: testNotes.name,
        input: { from: 0, count: 30, levelsEach: 60 },
      });
      await line.stall();
      const frames = await line.readUntil((frame) => frame.kind === 'event' && isLevel(frame, 1800));
      const notes = frames.filter((frame) => frame.kind === 'event' && frame.name === noted.name);
      expect(notes.map((frame) => frame.kind === 'event' && frame.payload)).toEqual(
        Array.from({ length: 30 }, (_, note) => ({ note })),
      );
      expect(frames.length).toBeLessThan(1200);
      expect(frames.some((frame) => frame.kind === 'resync')).toBe(false);
    });

    it('is told to read everything again when it is too far behind', async () => {
      const line = await rawLine(reachable);
      line.say({ kind: 'call', id: 1, command: testNotes.name, input: { from: 0, count: 15_000 } });
      await line.stall();
      line.say({ kind: 'call', id: 2, command: testNotes.name, input: { from: 15_000, count: 1 } });
      const frames = await line.readUntil((frame) => frame.kind === 'event' && isNote(frame, 15_000), {
        orResync: true,
      });
      const seqs = frames.flatMap((frame) =>
        frame.kind === 'event' || frame.kind === 'resync' ? [frame.seq] : [],
      );
      expect(frames.filter((frame) => frame.kind === 'resync').length).toBe(1);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      expect(frames.length).toBeLessThan(2000);
    });
  });

  describe('a hostile client', () => {
    const call: ClientFrame = { kind: 'call', id: 1, command: testCount.name, input: { upTo: 1 } };
    const unanswered: ClientFrame = { ...call, command: testWait.name, input: { name: 'twice' } };
    const hello: ClientFrame = { kind: 'hello', protocol: protocolVersion, known: null };

    const hostile: [string, Uint8Array<ArrayBuffer>[]][] = [
      ['noise', [new Uint8Array(64).fill(0xaa)]],
      ['nothing', [new Uint8Array(0)]],
      ['half a frame', [encodeFrame(hello).slice(0, 20)]],
      ['a frame that is no message', [encodeFrame({ kind: 'result', id: 1 })]],
      ['a call before hello', [encodeFrame(call)]],
      ['hello twice', [encodeFrame(hello), encodeFrame(hello)]],
      ['two calls of one number', [encodeFrame(hello), encodeFrame(unanswered), encodeFrame(unanswered)]],
      ['a number that is none', [encodeFrame(hello), encodeFrame({ ...call, id: -1 })]],
    ];

    // Where each line is a process of its own, one of them says it for all.
    it.each(transport.reopens ? hostile : hostile.slice(0, 1))(
      'is hung up on for %s, and hurts nobody else',
      async (_what, frames) => {
        const line = await reachable.open();
        const closed = new Promise((resolve) => line.onClose(resolve));
        line.onFrame(() => undefined);
        for (const frame of frames) line.send(frame);
        await closed;
        if (!transport.reopens) return;
        const { client } = connect();
        expect(await client.call(testCount, { upTo: 1 })).toEqual({ upTo: 1 });
      },
    );

    it('is told when it speaks another version', async () => {
      const line = await reachable.open();
      const heard: unknown[] = [];
      const closed = new Promise((resolve) => line.onClose(resolve));
      line.onFrame((frame) => heard.push(decodeFrame(frame)));
      line.send(encodeFrame({ ...hello, protocol: 99 }));
      await closed;
      expect(heard).toMatchObject([{ kind: 'refused', error: { code: 'contract/refused' } }]);
    });
  });
});

interface RawLine {
  say(frame: ClientFrame): void;
  /** Gives the host time to do what it will do while nothing is read. */
  stall(): Promise<void>;
  /** Reads, and acknowledges as a client would, until a frame comes; gives all frames. */
  readUntil(last: (frame: HostFrame) => boolean, options?: { orResync?: boolean }): Promise<HostFrame[]>;
}

/** A line without a client: it has said hello and reads nothing until it is told to. */
async function rawLine(reachable: Reachable): Promise<RawLine> {
  const line = await reachable.open();
  onTestFinished(() => line.close());
  const say = (frame: ClientFrame): void => line.send(encodeFrame(frame));
  say({ kind: 'hello', protocol: protocolVersion, known: null });
  return {
    say,
    stall: () => new Promise((resolve) => setTimeout(resolve, 400)),
    readUntil: (last, { orResync = false } = {}) =>
      new Promise((resolve, reject) => {
        const frames: HostFrame[] = [];
        line.onClose((reason) => reject(new Error(reason)));
        line.onFrame((bytes) => {
          const frame = decodeFrame(bytes) as HostFrame;
          frames.push(frame);
          if (frame.kind === 'event' || frame.kind === 'resync') say({ kind: 'events-ack', seq: frame.seq });
          if (last(frame) || (orResync && frame.kind === 'resync')) resolve(frames);
        });
      }),
  };
}

const isLevel = (frame: Extract<HostFrame, { kind: 'event' }>, level: number): boolean =>
  frame.name === levelled.name && (frame.payload as z.output<typeof levelled.payload>).level === level;
const isNote = (frame: Extract<HostFrame, { kind: 'event' }>, note: number): boolean =>
  frame.name === noted.name && (frame.payload as z.output<typeof noted.payload>).note === note;

// The suite's own generator must reach what it claims to.
describe('generated values', () => {
  it('hold numbers that JSON has no word for', () => {
    const numbers = fc.sample(fc.double(), { numRuns: 2000, seed: 1 });
    expect(numbers.some(Number.isNaN)).toBe(true);
    expect(numbers.some((value) => Object.is(value, -0))).toBe(true);
  });
});
