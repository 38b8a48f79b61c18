import { createContext } from 'svelte';
import type { Host } from '../host.svelte.ts';
import { Router } from '../router.svelte.ts';
import { Datasets } from './datasets.svelte.ts';
import { Engine } from './engine.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { Player } from './player.svelte.ts';
import { CheckpointImport } from './runs/checkpoint-import.svelte.ts';
import { Runs } from './runs/runs.svelte.ts';
import { SampleCorpus } from './sample-corpus.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { Shortcuts } from './shortcuts.svelte.ts';
import { shownError } from './shown-error.ts';
import { Toasts } from './toasts.svelte.ts';

/** Everything that more than one screen knows. One for the window; components reach it through `getApp()`. */
export class App {
  readonly host: Host;
  readonly router = new Router();
  readonly toasts = new Toasts();
  readonly shortcuts = new Shortcuts();
  readonly settings: Settings;
  readonly jobs: Jobs;
  readonly datasets: Datasets;
  readonly runs: Runs;
  readonly checkpointImport = new CheckpointImport(this);
  readonly sampleCorpus: SampleCorpus;
  readonly engine: Engine;
  /** One player for the window: whatever begins to sound ends what sounded before. */
  readonly player = new Player();

  constructor(host: Host) {
    this.host = host;
    this.player.onerror = (error) => {
      const { message, remedy } = shownError(error);
      this.toasts.show(`${message} ${remedy}`, { tone: 'bad' });
    };
    this.settings = new Settings(host);
    this.jobs = new Jobs(host);
    this.datasets = new Datasets(host);
    this.runs = new Runs(host);
    this.sampleCorpus = new SampleCorpus(host);
    this.engine = new Engine(host);
  }
}

const [getApp, setApp] = createContext<App>();
export { getApp, setApp };
