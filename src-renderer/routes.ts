import type { Component } from 'svelte';
import BenchmarksView from './views/benchmark/BenchmarksView.svelte';
import BenchmarkView from './views/benchmark/BenchmarkView.svelte';
import CompareView from './views/compare/CompareView.svelte';
import DatasetView from './views/dataset/DatasetView.svelte';
import EvaluationsView from './views/evaluations/EvaluationsView.svelte';
import AddView from './views/library/AddView.svelte';
import LibraryView from './views/library/LibraryView.svelte';
import ListenView from './views/listen/ListenView.svelte';
import TestView from './views/listen/TestView.svelte';
import RunView from './views/run/RunView.svelte';
import RunsView from './views/runs/RunsView.svelte';
import SamplersView from './views/samplers/SamplersView.svelte';
import SettingsView from './views/settings/SettingsView.svelte';
import TrainView from './views/train/TrainView.svelte';
import VoiceView from './views/voice/VoiceView.svelte';

/** Screens that share the first part of their path. */
export interface Route {
  /** The first part of the path; '' is the first screen. */
  name: string;
  /** The screen of the path without an id. */
  all?: Component<Record<string, never>>;
  /** The screen of the path with an id after it; made anew for each. */
  one?: Component<{ id: string }>;
}

/** Every screen. */
export const routes: readonly Route[] = [
  { name: '', all: LibraryView },
  { name: 'add', all: AddView },
  { name: 'datasets', one: DatasetView },
  { name: 'train', all: TrainView },
  { name: 'runs', all: RunsView, one: RunView },
  { name: 'compare', all: CompareView },
  { name: 'evaluations', all: EvaluationsView },
  { name: 'benchmark', all: BenchmarksView, one: BenchmarkView },
  { name: 'samplers', all: SamplersView },
  { name: 'listen', all: ListenView, one: TestView },
  { name: 'record', all: VoiceView },
  { name: 'settings', all: SettingsView },
];

/** The screens of a path, and the id in it; undefined where there is none. */
export function findRoute(path: readonly string[]): { route: Route; id: string | null } | undefined {
  const [name = '', id = null] = path;
  const route = routes.find((one) => one.name === name);
  if (!route || path.length > 2 || !(id === null ? route.all : route.one)) return undefined;
  return { route, id };
}
