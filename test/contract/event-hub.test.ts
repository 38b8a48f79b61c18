import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../src-preload/contract/event.ts';
import { EventHub, type NumberedEvent } from '../../src-preload/contract/event-hub.ts';

const noted = defineEvent({
  name: 'noted',
  summary: 'Each one matters',
  payload: z.strictObject({ note: z.int() }),
});
const levelled = defineEvent({
  name: 'levelled',
  summary: 'The latest of a meter matters, but for level 0',
  payload: z.strictObject({ meter: z.string(), level: z.int() }),
  coalesce: ({ meter, level }) => (level === 0 ? null : meter),
});

function rest(hub: EventHub, since: number): unknown[] {
  const payloads: unknown[] = [];
  const { missed, unsubscribe } = hub.subscribe(since, ({ payload }) => payloads.push(payload));
  unsubscribe();
  return missed ? ['missed'] : payloads;
}

describe('EventHub', () => {
  it('numbers events and tells them to whoever listens, until they stop', () => {
    const hub = new EventHub();
    const heard: NumberedEvent[] = [];
    const { unsubscribe } = hub.subscribe(null, (event) => heard.push(event));
    expect(hub.publish(noted, { note: 5 })).toBe(1);
    expect(hub.publish(noted, { note: 6 })).toBe(2);
    unsubscribe();
    hub.publish(noted, { note: 7 });
    expect(heard.map(({ seq, name, payload }) => [seq, name, payload])).toEqual([
      [1, 'noted', { note: 5 }],
      [2, 'noted', { note: 6 }],
    ]);
    expect(new EventHub().instance).not.toBe(hub.instance);
  });

  it('tells a latecomer exactly what came since, or that some is gone', () => {
    const hub = new EventHub({ rememberedEvents: 3 });
    for (let note = 1; note <= 5; note++) hub.publish(noted, { note });
    expect(rest(hub, 5)).toEqual([]);
    expect(rest(hub, 4)).toEqual([{ note: 5 }]);
    expect(rest(hub, 2)).toEqual([{ note: 3 }, { note: 4 }, { note: 5 }]);
    expect(rest(hub, 1)).toEqual(['missed']);
    // A number of the future is of no host of ours.
    expect(rest(hub, 6)).toEqual(['missed']);
  });

  it('forgets by size as well as by number', () => {
    const text = defineEvent({ name: 'text', summary: '', payload: z.string() });
    const hub = new EventHub({ rememberedBytes: 10_000 });
    for (let index = 0; index < 100; index++) hub.publish(text, 'x'.repeat(1000));
    expect(hub.remembers(100 - 5)).toBe(true);
    expect(hub.remembers(100 - 15)).toBe(false);
    // One that is larger than all that may be remembered is still told to those who listen.
    hub.publish(text, 'x'.repeat(50_000));
    expect(rest(hub, 100)).toHaveLength(1);
  });

  it('spares latecomers what later events have superseded', () => {
    const hub = new EventHub();
    for (let level = 1; level <= 3; level++) {
      hub.publish(levelled, { meter: 'a', level });
      hub.publish(noted, { note: level });
    }
    hub.publish(levelled, { meter: 'b', level: 9 });
    hub.publish(levelled, { meter: 'a', level: 0 });
    expect(rest(hub, 0)).toEqual([
      { note: 1 },
      { note: 2 },
      { meter: 'a', level: 3 },
      { note: 3 },
      { meter: 'b', level: 9 },
      { meter: 'a', level: 0 },
    ]);
  });

  it('keeps payloads as they were', () => {
    const hub = new EventHub();
    const payload = { note: 1 };
    hub.publish(noted, payload);
    payload.note = 2;
    expect(rest(hub, 0)).toEqual([{ note: 1 }]);
  });

  it('refuses a payload that its own schema does not take, and gives it no number', () => {
    const hub = new EventHub();
    expect(() => hub.publish(noted, { note: 0.5 })).toThrowError(/"noted".*note: it must be a whole number/);
    expect(hub.seq).toBe(0);
  });
});
