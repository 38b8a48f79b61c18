import type { EventHub } from '../../../src-preload/contract/event-hub.ts';

/** Evaluations that this host works on. One that the index has as running and that is not here was broken off. */
const live = new WeakMap<EventHub, Set<string>>();

export function underWay(hub: EventHub): ReadonlySet<string> {
  return live.get(hub) ?? new Set();
}

/** Works on an evaluation; it counts as under way until that has ended. */
export async function whileUnderWay<Result>(
  hub: EventHub,
  evaluation: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const ids = live.get(hub) ?? new Set();
  live.set(hub, ids);
  ids.add(evaluation);
  try {
    return await work();
  } finally {
    ids.delete(evaluation);
  }
}
