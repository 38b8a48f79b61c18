import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { Client } from '../../../src-preload/contract/client.ts';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { corpusMake } from '../../../src-preload/contract/commands/corpus.ts';
import { datasetsAdd, datasetsList } from '../../../src-preload/contract/commands/datasets.ts';
import { runsList, runsResume, runsShow, train } from '../../../src-preload/contract/commands/runs.ts';
import { cacheFolder, projectFolder } from '../../../src-main/engine/setup/folders.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { AppHost } from '../app/app-host.ts';
import type { SectionOptions } from '../sections.ts';

/** What is trained: a preset with settings as `--set` takes them, for so many epochs. */
export interface Recipe {
  preset: string;
  settings?: Readonly<Record<string, string>>;
  epochs: number;
  /** What it is trained on, made where it is not there yet; the workshop's own dataset if left out. */
  dataset?: (workshop: Workshop) => Promise<string>;
  /** Of a sampler: whose codes it models; trained first. */
  on?: Recipe;
}

/** A run that has trained to the end of its recipe. */
export interface TrainedRun {
  name: string;
  seed: number;
  record: z.output<typeof runsShow.output>;
}

const realDigits = path.join(projectFolder, '../shared/data/fsdd');
/** Between two words of progress, in milliseconds. */
const tellEveryMs = 10_000;

/**
 * A data folder with the product's own host over it. It stays between calls: what has been trained is not trained again,
 * and what was ended goes on from its last checkpoint.
 */
export class Workshop {
  /** Any command of the product. */
  readonly client: Client;
  /** FSDD, or the sample corpus where there is none. */
  readonly dataset: string;
  /** Where the data is. */
  readonly home: string;
  readonly #host: AppHost;
  readonly #threads: number;
  readonly #say: (message: string) => void;

  private constructor(host: AppHost, home: string, dataset: string, { threads, progress }: SectionOptions) {
    this.#host = host;
    this.client = host.client;
    this.dataset = dataset;
    this.home = home;
    this.#threads = threads;
    this.#say = (message) => progress(`fsdd: ${message}`);
  }

  /** Opens the folder, and indexes FSDD from `--data` or beside the checkout, or makes the sample corpus. */
  static async open(options: SectionOptions): Promise<Workshop> {
    const home = options.home ?? path.join(cacheFolder(), 'bench', 'fsdd');
    await mkdir(home, { recursive: true });
    options.progress(`fsdd: runs are kept in ${home}`);
    const host = await AppHost.open(home);
    try {
      return new Workshop(host, home, await datasetIn(host.client, options.dataFolder), options);
    } catch (thrown) {
      await host.stop();
      throw thrown;
    }
  }

  /**
   * The run of a recipe and a seed: trained, taken up where it was ended, and nothing but looked up where it has finished.
   * A changed recipe or preset is another run.
   */
  async trained(recipe: Recipe, seed: number): Promise<TrainedRun> {
    const { preset, settings: stated = {}, epochs, on } = recipe;
    const { client } = this;
    const dataset = (await recipe.dataset?.(this)) ?? this.dataset;
    const settings = { ...stated, ...(on && { base: (await this.trained(on, seed)).name }) };
    const config = resolveConfig({ preset, overrides: settings });
    const digest = createHash('sha256')
      .update(JSON.stringify([dataset, config, epochs]))
      .digest('hex');
    const name = `${preset}-s${seed}-${digest.slice(0, 8)}`;
    const known = (await client.call(runsList, {})).runs.find((run) => run.name === name);
    const options = { progress: this.told(name) };
    const threads = this.#threads;
    if (!known) {
      this.#say(`training ${name}, ${epochs} epochs`);
      await client.call(train, { name, dataset, preset, seed, epochs, threads, set: settings }, options);
    } else if (known.state !== 'finished') {
      this.#say(`going on with ${name} at epoch ${known.epoch} of ${epochs}`);
      await client.call(runsResume, { run: known.run, threads }, options);
    }
    return { name, seed, record: await client.call(runsShow, { run: name }) };
  }

  /** Says what a long command does, now and then. */
  readonly told = (name: string): ((event: ProgressEvent) => void) => {
    let toldMs = -Infinity;
    return ({ stage, done, total, unit, detail }) => {
      if (performance.now() - toldMs < tellEveryMs) return;
      toldMs = performance.now();
      const count = done === undefined ? '' : `${done}/${total ?? '?'} ${unit ?? ''}`;
      this.#say([name, stage, count, detail ?? ''].filter((part) => part !== '').join('  '));
    };
  };

  close(): Promise<void> {
    return this.#host.stop();
  }
}

async function datasetIn(client: Client, folder: string | undefined): Promise<string> {
  const real = folder ?? (existsSync(path.join(realDigits, 'recordings')) ? realDigits : undefined);
  const name = real === undefined ? 'sample-corpus' : 'fsdd';
  const { datasets } = await client.call(datasetsList, {});
  if (datasets.some((dataset) => dataset.name === name)) return name;
  if (real === undefined) await client.call(corpusMake, { add: true });
  else await client.call(datasetsAdd, { dir: real, name });
  return name;
}
