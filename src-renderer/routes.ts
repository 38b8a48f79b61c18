import type { Component } from 'svelte';

/** A screen. Those with an id in their path are made anew for each id. */
export interface Route {
  /** The first part of the path; '' is the first screen. */
  name: string;
  /** Whether a second part, an id, follows. */
  withId: boolean;
  view: Component<{ id: string }>;
}

/** Every screen, one line each. */
export const routes: readonly Route[] = [];

/** The screen of a path; undefined where there is none. */
export function findRoute(path: readonly string[]): { route: Route; id: string } | undefined {
  const [name = '', id] = path;
  const route = routes.find((one) => one.name === name && one.withId === (id !== undefined));
  return route && path.length <= 2 ? { route, id: id ?? '' } : undefined;
}
