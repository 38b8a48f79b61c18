import { z } from 'zod';
import { anyNumber } from './binary.ts';

/** Both sides say it first; another one is refused. */
export const protocolVersion = 1;

const number = z.int().min(0);

/** What a client says it knows: events up to number `seq` of the host process `instance`. */
export const knownEventsSchema = z.strictObject({ instance: z.string(), seq: number });
export type KnownEvents = z.output<typeof knownEventsSchema>;

// A handler may say more than its listener knows of: that is dropped, not refused.
const progressSchema = z.object({
  stage: z.string(),
  done: anyNumber().optional(),
  total: anyNumber().optional(),
  unit: z.enum(['files', 'bytes', 'steps', 'epochs', 'clips']).optional(),
  detail: z.string().optional(),
  warning: z.string().optional(),
});

export const errorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  params: z.record(z.string(), z.union([z.string(), anyNumber(), z.boolean(), z.null()])),
});

const ping = z.strictObject({ kind: z.literal('ping') });
const pong = z.strictObject({ kind: z.literal('pong') });

/** What a client sends. `id` numbers its calls; each gets exactly one result or error. */
export const clientFrameSchema = z.discriminatedUnion('kind', [
  /** Comes first. `known` is null for a client that has heard of nothing yet. */
  z.strictObject({ kind: z.literal('hello'), protocol: z.int(), known: knownEventsSchema.nullable() }),
  z.strictObject({
    kind: z.literal('call'),
    id: number,
    command: z.string(),
    input: z.unknown().optional(),
  }),
  z.strictObject({ kind: z.literal('cancel'), id: number }),
  /** Credit for more events: all up to `seq` have been dealt with. */
  z.strictObject({ kind: z.literal('events-ack'), seq: number }),
  ping,
  pong,
]);
export type ClientFrame = z.output<typeof clientFrameSchema>;

/** What a host sends. */
export const hostFrameSchema = z.discriminatedUnion('kind', [
  /** The answer to hello: events follow from `seq` on. `resync`: some that the client did not hear are gone. */
  z.strictObject({
    kind: z.literal('welcome'),
    protocol: z.int(),
    instance: z.string(),
    seq: number,
    resync: z.boolean(),
  }),
  /** The answer to a hello that cannot be served; the line closes. */
  z.strictObject({ kind: z.literal('refused'), error: errorSchema }),
  z.strictObject({ kind: z.literal('progress'), id: number, event: progressSchema }),
  z.strictObject({ kind: z.literal('result'), id: number, output: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('error'), id: number, error: errorSchema }),
  z.strictObject({
    kind: z.literal('event'),
    seq: number,
    name: z.string(),
    payload: z.unknown().optional(),
  }),
  /** The client was too slow for what the hub remembers: it goes on from `seq` and must read everything again. */
  z.strictObject({ kind: z.literal('resync'), seq: number }),
  ping,
  pong,
]);
export type HostFrame = z.output<typeof hostFrameSchema>;
