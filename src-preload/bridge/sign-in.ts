import { z } from 'zod';

/**
 * What the page and the web host say to each other before the first frame of the contract, as text messages of the
 * WebSocket. The page says one `SignInRequest`; the host answers with one `SignInAnswer` and, where it refuses, closes.
 */

/** Where the WebSocket of the contract is, on the host that served the page. */
export const contractPath = '/contract';

/** The name in the address's fragment: `http://127.0.0.1:47100/#secret=...` */
export const secretField = 'secret';

/** Longer than any secret or token, and short enough that a stranger cannot make us keep much. */
const credential = z.string().min(1).max(128);

/** A one-time secret from the address that was printed, or the token that one was exchanged for. */
export const signInRequest = z.union([
  z.strictObject({ secret: credential }),
  z.strictObject({ token: credential }),
]);
export type SignInRequest = z.infer<typeof signInRequest>;

/** `refused`: a new address is needed. `wait`: too many wrong tries lately, the same request may be right in a while. */
export const signInAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accepted'), token: credential }),
  z.strictObject({ kind: z.literal('refused') }),
  z.strictObject({ kind: z.literal('wait'), seconds: z.number().positive() }),
]);
export type SignInAnswer = z.infer<typeof signInAnswer>;
