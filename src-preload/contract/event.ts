import type { z } from 'zod';

/** One event of the contract: something that the host tells every client, unasked. */
export interface EventDefinition<Payload extends z.ZodType = z.ZodType> {
  /** 'run progressed'. */
  name: string;
  /** When it is told, in one line. */
  summary: string;
  payload: Payload;
  /**
   * For events of which only the latest of a kind matters: the kind ('run-1'), or null where every one matters. A client
   * that cannot keep up is spared those that a later one of the same key has superseded.
   */
  coalesce?(payload: z.output<Payload>): string | null;
}

/** Keeps the inferred types of an event. */
export function defineEvent<Payload extends z.ZodType>(
  event: EventDefinition<Payload>,
): EventDefinition<Payload> {
  return event;
}
