import { z } from 'zod';
import { uint8Array } from '../../../src-preload/contract/binary.ts';
import { encodeFrame } from '../../../src-preload/contract/codec.ts';
import { type Command, defineCommand } from '../../../src-preload/contract/command.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { defineEvent } from '../../../src-preload/contract/event.ts';
import { EventHub } from '../../../src-preload/contract/event-hub.ts';
import { commands, events } from '../../../src-preload/contract/registry.ts';
import type { CallContext, ServerOptions } from '../../../src-preload/contract/server.ts';
import { samplesOf } from './arbitrary.ts';

/**
 * A host that answers every command of the contract with generated results, the same in every process, and tells of its
 * input in a first progress event. Its own commands misbehave on demand.
 */

/** How many results a command has; calls go through them in turn. */
export const samplesEach = 3;

const nothing = z.strictObject({});

export const testBytes = defineCommand({
  name: 'test bytes',
  summary: 'So many bytes of a pattern',
  readOnly: true,
  input: z.strictObject({ count: z.int() }),
  output: z.strictObject({ bytes: uint8Array() }),
});
export const testCount = defineCommand({
  name: 'test count',
  summary: 'Progress in order, with a warning among it',
  input: z.strictObject({ upTo: z.int() }),
  output: z.strictObject({ upTo: z.int() }),
});
export const testWait = defineCommand({
  name: 'test wait',
  summary: 'Waits until it is cancelled, and tells so in an event',
  input: z.strictObject({ name: z.string() }),
  output: nothing,
});
/** The same, but only reads: a client asks it again. The second time it answers. */
export const testRead = defineCommand({
  name: 'test read',
  summary: 'Waits until it is cancelled the first time, answers the second',
  readOnly: true,
  input: z.strictObject({ name: z.string() }),
  output: z.strictObject({ asked: z.int() }),
});
export const testFail = defineCommand({
  name: 'test fail',
  summary: 'Fails in one of several ways',
  input: z.strictObject({ how: z.enum(['refuses', 'throws', 'wrong output', 'unsendable output']) }),
  output: z.strictObject({ right: z.unknown() }),
});
/** Publishes the samples of every event of the contract. */
export const testPublish = defineCommand({
  name: 'test publish',
  summary: 'Every event',
  input: nothing,
  output: nothing,
});
export const testNotes = defineCommand({
  name: 'test notes',
  summary: 'Numbered notes, with levels of which only the latest matters after each',
  input: z.strictObject({ from: z.int(), count: z.int(), levelsEach: z.int().default(0) }),
  output: nothing,
});

export const noted = defineEvent({
  name: 'test noted',
  summary: 'Each one matters',
  payload: z.strictObject({ note: z.union([z.int(), z.string()]) }),
});
export const levelled = defineEvent({
  name: 'test levelled',
  summary: 'Only the latest of a meter matters',
  payload: z.strictObject({ meter: z.string(), level: z.int() }),
  coalesce: ({ meter }) => meter,
});

const testCommands = [testBytes, testCount, testWait, testRead, testFail, testPublish, testNotes];
const known = new Map([...testCommands, ...commands].map((command) => [command.name, command as Command]));

/** What the host says its input was. */
export function inputDigest(input: unknown): string {
  return Buffer.from(encodeFrame(input)).toString('base64');
}

export function echoHost(instance?: string): ServerOptions {
  const hub = new EventHub(instance === undefined ? {} : { instance });
  const asked = new Map<string, number>();
  return {
    hub,
    find: (name) => known.get(name),
    call: (name, input, context) => answer(name, input, context, hub, asked),
  };
}

/** Every second byte counts up, so that a shift or a lost part shows. */
export function pattern(count: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(count / 4));
  for (let index = 0; index < words.length; index++) words[index] = Math.imul(index, 2_654_435_761);
  return new Uint8Array(words.buffer, 0, count);
}

async function answer(
  name: string,
  input: unknown,
  context: CallContext,
  hub: EventHub,
  asked: Map<string, number>,
): Promise<unknown> {
  const times = (asked.get(name) ?? 0) + 1;
  asked.set(name, times);
  switch (name) {
    case testBytes.name:
      return { bytes: pattern((input as z.output<typeof testBytes.input>).count) };
    case testCount.name: {
      const { upTo } = input as z.output<typeof testCount.input>;
      for (let done = 1; done <= upTo; done++) {
        context.progress({ stage: 'count', done, ...(done === 3 ? { warning: 'three' } : {}) });
      }
      return { upTo };
    }
    case testWait.name:
      return await waitForCancel((input as { name: string }).name, context, hub);
    case testRead.name:
      return times > 1
        ? { asked: times }
        : await waitForCancel((input as { name: string }).name, context, hub);
    case testFail.name:
      return fail((input as z.output<typeof testFail.input>).how);
    case testPublish.name:
      for (const event of events) {
        for (const payload of samplesOf(event.payload, samplesEach)) hub.publish(event, payload);
      }
      return {};
    case testNotes.name:
      publishNotes(hub, input as z.output<typeof testNotes.input>);
      return {};
    default: {
      const output = known.get(name)?.output;
      context.progress({ stage: 'input', detail: inputDigest(input) });
      return output && samplesOf(output, samplesEach)[(times - 1) % samplesEach];
    }
  }
}

function waitForCancel(name: string, { signal, progress }: CallContext, hub: EventHub): Promise<never> {
  progress({ stage: 'waiting' });
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      hub.publish(noted, { note: `${name} was cancelled` });
      reject(new ResynthError('internal/cancelled'));
    });
  });
}

function fail(how: z.output<typeof testFail.input>['how']): unknown {
  switch (how) {
    case 'refuses':
      throw new ResynthError('audio/unreadable', { file: 'a "b" {c}.wav', detail: 'x\u0000y' });
    case 'throws':
      throw new TypeError('unforeseen');
    case 'wrong output':
      return { wrong: 1 };
    case 'unsendable output':
      return { right: () => 1 };
  }
}

function publishNotes(hub: EventHub, { from, count, levelsEach }: z.output<typeof testNotes.input>): void {
  for (let note = from; note < from + count; note++) {
    hub.publish(noted, { note });
    for (let level = 1; level <= levelsEach; level++) {
      hub.publish(levelled, { meter: 'a', level: note * levelsEach + level });
    }
  }
}
