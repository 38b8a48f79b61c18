import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { decodeFrame, encodeFrame } from '../../src-preload/contract/codec.ts';
import { type Command, defineCommand } from '../../src-preload/contract/command.ts';
import { defineEvent } from '../../src-preload/contract/event.ts';
import { EventHub } from '../../src-preload/contract/event-hub.ts';
import { type ClientFrame, type HostFrame, protocolVersion } from '../../src-preload/contract/frames.ts';
import { type CallContext, serveChannel, type ServerLimits } from '../../src-preload/contract/server.ts';

const work = defineCommand({
  name: 'work',
  summary: 'Works until the test lets it end',
  input: z.strictObject({ job: z.int() }),
  output: z.strictObject({ job: z.int() }),
});
const noted = defineEvent({ name: 'noted', summary: '', payload: z.strictObject({ note: z.int() }) });

/** A client whose reading speed the test decides. */
class Line implements Channel {
  bufferedBytes = 0;
  readonly heard: HostFrame[] = [];
  closedBecause: string | undefined;
  #frame: ((frame: Uint8Array) => void) | undefined;
  #close: ((reason: string) => void) | undefined;

  send(frame: Uint8Array<ArrayBuffer>): void {
    this.heard.push(decodeFrame(frame) as HostFrame);
  }
  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#frame = listener;
  }
  onClose(listener: (reason: string) => void): void {
    this.#close = listener;
  }
  close(reason = ''): void {
    this.closedBecause ??= reason;
  }
  say(frame: ClientFrame): void {
    this.#frame?.(encodeFrame(frame));
  }
  vanish(): void {
    this.#close?.('gone');
  }
  of<Kind extends HostFrame['kind']>(kind: Kind): Extract<HostFrame, { kind: Kind }>[] {
    return this.heard.filter((frame): frame is Extract<HostFrame, { kind: Kind }> => frame.kind === kind);
  }
}

interface Job {
  context: CallContext;
  end(): void;
}

let line: Line;
let hub: EventHub;
let jobs: Map<number, Job>;

function serve(limits: Partial<ServerLimits> = {}): void {
  line = new Line();
  hub = new EventHub();
  jobs = new Map();
  serveChannel(line, {
    hub,
    find: (name) => (name === work.name ? (work as Command) : undefined),
    call: (_name, input, context) => {
      const { job } = input as z.output<typeof work.input>;
      return new Promise((resolve) => jobs.set(job, { context, end: () => resolve({ job }) }));
    },
    limits: { bufferedBytes: 1000, ...limits },
  });
}

const greet = (): void => line.say({ kind: 'hello', protocol: protocolVersion, known: null });
const ask = (id: number): void => line.say({ kind: 'call', id, command: work.name, input: { job: id } });
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a served line', () => {
  it('hangs up on a client that says nothing', async () => {
    serve({ helloMs: 500 });
    await settle(499);
    expect(line.closedBecause).toBeUndefined();
    await settle(1);
    expect(line.closedBecause).toContain('hello');
  });

  it('works on so many calls at once, and refuses more than may wait', async () => {
    serve({ runningCalls: 2, calls: 4 });
    greet();
    for (let id = 1; id <= 5; id++) ask(id);
    await settle();
    expect([...jobs.keys()]).toEqual([1, 2]);
    expect(line.of('error')).toMatchObject([
      { id: 5, error: { code: 'contract/too-many-calls', params: { limit: 4 } } },
    ]);
    line.say({ kind: 'cancel', id: 3 });
    jobs.get(1)?.end();
    await settle();
    expect([...jobs.keys()]).toEqual([1, 2, 4]);
    expect(line.of('error').at(-1)).toMatchObject({ id: 3, error: { code: 'internal/cancelled' } });
    expect(line.of('result')).toEqual([{ kind: 'result', id: 1, output: { job: 1 } }]);
  });

  it('begins nothing new for a client that does not take what it has', async () => {
    serve();
    greet();
    ask(1);
    line.bufferedBytes = 1001;
    ask(2);
    await settle(1000);
    expect([...jobs.keys()]).toEqual([1]);
    line.bufferedBytes = 0;
    await settle(50);
    expect([...jobs.keys()]).toEqual([1, 2]);
  });

  it('holds progress back for a slow client but for the latest, and never a warning', async () => {
    serve();
    greet();
    ask(1);
    ask(2);
    await settle();
    const job = jobs.get(1)?.context;
    job?.progress({ stage: 's', done: 1 });
    line.bufferedBytes = 1001;
    job?.progress({ stage: 's', done: 2 });
    job?.progress({ stage: 's', done: 3 });
    job?.progress({ stage: 's', done: 3, warning: 'loud' });
    job?.progress({ stage: 's', done: 4 });
    job?.progress({ stage: 's', done: 5 });
    jobs.get(2)?.context.progress({ stage: 'other' });
    jobs.get(2)?.end();
    await settle();
    const told = (): unknown[] => line.of('progress').map(({ event }) => event.done ?? event.stage);
    // What ends is told in full.
    expect(told()).toEqual([1, 3, 'other']);
    line.bufferedBytes = 0;
    await settle(50);
    expect(told()).toEqual([1, 3, 'other', 5]);
    jobs.get(1)?.end();
    await settle();
    job?.progress({ stage: 'too late' });
    expect(told()).toEqual([1, 3, 'other', 5]);
  });

  it('holds events back for a slow client, and for one that does not acknowledge', async () => {
    serve();
    greet();
    line.bufferedBytes = 1001;
    for (let note = 0; note < 1500; note++) hub.publish(noted, { note });
    await settle(100);
    expect(line.of('event').length).toBe(0);
    line.bufferedBytes = 0;
    await settle(50);
    expect(line.of('event').length).toBe(1000);
    line.say({ kind: 'events-ack', seq: 700 });
    expect(line.of('event').length).toBe(1500);
    expect(line.of('event').map(({ seq }) => seq)).toEqual(Array.from({ length: 1500 }, (_, seq) => seq + 1));
  });

  it('gives a client up that takes nothing at all', async () => {
    serve({ abandonBytes: 5000 });
    greet();
    ask(1);
    await settle();
    line.bufferedBytes = 5001;
    jobs.get(1)?.context.progress({ stage: 's', warning: 'w' });
    expect(line.closedBecause).toContain('too slowly');
    expect(jobs.get(1)?.context.signal.aborted).toBe(true);
  });

  it('cancels what a client asked for that is gone, and tells nobody', async () => {
    serve();
    greet();
    ask(1);
    await settle();
    line.vanish();
    expect(jobs.get(1)?.context.signal.reason).toMatchObject({ code: 'contract/connection-lost' });
    const heard = line.heard.length;
    jobs.get(1)?.end();
    hub.publish(noted, { note: 1 });
    await settle(100);
    expect(line.heard.length).toBe(heard);
  });

  it('goes on where a client was, or says that it cannot', () => {
    const hello = (known: { instance: string; seq: number }): void =>
      line.say({ kind: 'hello', protocol: protocolVersion, known });
    const publish = (): void => {
      for (let note = 1; note <= 3; note++) hub.publish(noted, { note });
    };
    serve();
    publish();
    hello({ instance: hub.instance, seq: 2 });
    expect(line.heard).toMatchObject([
      { kind: 'welcome', seq: 2, resync: false },
      { kind: 'event', seq: 3 },
    ]);
    serve();
    publish();
    hello({ instance: 'another', seq: 2 });
    expect(line.heard).toMatchObject([{ kind: 'welcome', seq: 3, resync: true }]);
    serve();
    publish();
    hello({ instance: hub.instance, seq: 50 });
    expect(line.heard).toMatchObject([{ kind: 'welcome', seq: 3, resync: true }]);
  });
});
