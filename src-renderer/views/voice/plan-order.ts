import type { z } from 'zod';
import type { recordingsPlan } from '../../../src-preload/contract/commands/recorder.ts';

export type Plan = z.output<typeof recordingsPlan.output>;

/** One take of one prompt. */
export interface Place {
  prompt: string;
  take: number;
}

/** All takes in the order in which they are spoken. */
export function placesOf({ prompts }: Plan, order: 'list' | 'grouped'): Place[] {
  const all = prompts.map(({ prompt, takes }) => takes.map(({ take }) => ({ prompt, take })));
  if (order === 'grouped') return all.flat();
  const most = Math.max(0, ...all.map((takes) => takes.length));
  return Array.from({ length: most }, (_, at) => all.flatMap((takes) => takes[at] ?? [])).flat();
}

export function isRecorded({ prompts }: Plan, { prompt, take }: Place): boolean {
  return (
    prompts.find((one) => one.prompt === prompt)?.takes.find((one) => one.take === take)?.recorded ?? false
  );
}

/** The next one that is missing, from a place on and then from the beginning; null where all are there. */
export function nextMissing(plan: Plan, order: 'list' | 'grouped', after: Place | null): Place | null {
  const places = placesOf(plan, order);
  const at = after === null ? -1 : places.findIndex((one) => samePlace(one, after));
  const turned = [...places.slice(at + 1), ...places.slice(0, at + 1)];
  return turned.find((place) => !isRecorded(plan, place)) ?? null;
}

export function samePlace(one: Place | null, other: Place | null): boolean {
  return one !== null && other !== null && one.prompt === other.prompt && one.take === other.take;
}

/** The plan with one more take that is there. */
export function withRecorded(plan: Plan, { prompt, take }: Place): Plan {
  const prompts = plan.prompts.map((one) =>
    one.prompt === prompt
      ? { ...one, takes: one.takes.map((two) => (two.take === take ? { ...two, recorded: true } : two)) }
      : one,
  );
  const all = prompts.flatMap(({ takes }) => takes);
  const recorded = all.filter((one) => one.recorded).length;
  return { ...plan, prompts, recorded, missing: all.length - recorded };
}
