import { z } from 'zod';

/** The id of a line, made by the page. */
export const portId = z.uuid();

/** Between Electron's main process and the plain Node process that is, or is a client of, the host. JSON only. */
export const hostNews = z.discriminatedUnion('kind', [
  /** There is a host that can be connected to. */
  z.strictObject({ kind: z.literal('ready'), root: z.string() }),
  z.strictObject({
    kind: z.literal('training'),
    runs: z.int().min(0),
    /** Whether the host is that process, so that closing it may end them. */
    ours: z.boolean(),
  }),
  /** It cannot go on; it ends after this. */
  z.strictObject({ kind: z.literal('failed'), message: z.string(), remedy: z.string() }),
]);
export type HostNews = z.infer<typeof hostNews>;

export const hostWish = z.strictObject({ kind: z.literal('close'), stopTraining: z.boolean() });
export type HostWish = z.infer<typeof hostWish>;
