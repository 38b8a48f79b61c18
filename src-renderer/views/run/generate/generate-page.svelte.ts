import type { z } from 'zod';
import {
  generatedClip,
  generatedDelete,
  generatedList,
  type GeneratedSet,
} from '../../../../src-preload/contract/commands/generate.ts';
import {
  type LatentAbilities,
  latentAbilities,
  latentClip,
} from '../../../../src-preload/contract/commands/latent.ts';
import {
  type RecordingRow,
  recordingsList,
  recordingsPeaks,
  recordingsStats,
} from '../../../../src-preload/contract/commands/recordings.ts';
import { generatedChanged } from '../../../../src-preload/contract/events/latent.ts';
import type { SpectrogramPicture } from '../../../components/spectrogram-picture.ts';
import type { App } from '../../../state/app.svelte.ts';
import { AskedWork } from '../../../state/asked-work.svelte.ts';
import { ComparedClips } from '../../../state/listen/compared-clips.svelte.ts';
import type { Look } from '../../../state/look.ts';
import type { Sound } from '../../../state/player.svelte.ts';
import { isCancelled } from '../../../state/shown-error.ts';
import { WishedPictures } from '../../../state/wished-pictures.svelte.ts';
import { GenerateWishes, kinds, lackOf, type Wish } from './wishes.svelte.ts';

export type { RecordingRow };
type Listing = z.output<typeof generatedList.output>;

/** What a run's model can make up, what it has made up, and the sounds that are compared. */
export class GeneratePage {
  readonly run: string;
  /** Name of the run's dataset. */
  readonly dataset: string;
  readonly compared: ComparedClips;
  /** What is being generated. */
  readonly work = new AskedWork();
  readonly #app: Pick<App, 'host' | 'player'>;
  readonly wishes = new GenerateWishes();
  #abilities = $state.raw<Look<LatentAbilities>>({ state: 'loading' });
  #listing = $state.raw<Listing | null>(null);
  #error = $state.raw<unknown>(null);
  readonly #pictures = new WishedPictures();
  #classes = $state.raw<Readonly<Record<'label' | 'speaker', readonly string[]>>>({ label: [], speaker: [] });
  /** The set that was made last: shown open. */
  latest = $state<string | null>(null);
  readonly #end = new AbortController();
  readonly #stops: (() => void)[];

  constructor(app: Pick<App, 'host' | 'player'>, run: string, dataset: string) {
    this.#app = app;
    this.run = run;
    this.dataset = dataset;
    this.compared = new ComparedClips(app, `generated clips of ${run}`);
    this.#stops = [
      app.host.on(generatedChanged, (event) => {
        if (event.run === run) void this.load();
      }),
      app.host.keepLoaded(() => this.load()),
    ];
  }

  get abilities(): Look<LatentAbilities> {
    return this.#abilities;
  }

  get sets(): readonly GeneratedSet[] | null {
    return this.#listing?.sets ?? null;
  }

  get bytes(): number {
    return this.#listing?.bytes ?? 0;
  }

  /** Sets on disk that cannot be read. */
  get damaged(): readonly string[] {
    return this.#listing?.damaged ?? [];
  }

  get error(): unknown {
    return this.#error ?? this.work.error;
  }

  /** Labels and speakers of the dataset, once they are known. */
  get classes(): Readonly<Record<'label' | 'speaker', readonly string[]>> {
    return this.#classes;
  }

  async load(): Promise<void> {
    try {
      this.#listing = await this.#app.host.call(
        generatedList,
        { run: this.run },
        { signal: this.#end.signal },
      );
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    }
  }

  /** Asks what the model can do: that loads it, so that the first clip is quick. */
  async loadAbilities(): Promise<void> {
    try {
      const value = await this.#app.host.call(
        latentAbilities,
        { run: this.run },
        { signal: this.#end.signal },
      );
      this.#abilities = { state: 'ready', value };
      const { wishes } = this;
      const can = kinds.filter(({ value: kind }) => lackOf(kind, value) === null);
      if (can[0] && !can.some((one) => one.value === wishes.kind)) wishes.kind = can[0].value;
    } catch (error) {
      if (!isCancelled(error)) this.#abilities = { state: 'failed', error };
    }
  }

  async loadClasses(dataset: string): Promise<void> {
    try {
      const { labels, speakers } = await this.#app.host.call(
        recordingsStats,
        { dataset },
        { signal: this.#end.signal },
      );
      const names = (facets: readonly { value: string | null }[]): string[] =>
        facets.flatMap(({ value }) => (value === null ? [] : [value]));
      this.#classes = { label: names(labels), speaker: names(speakers) };
    } catch {
      // The dataset was removed: all classes can be taken still, which the run's own list has.
      this.#classes = { label: [], speaker: [] };
    }
  }

  /** The command of the form; null while something is still to be chosen. */
  get wish(): Wish | null {
    return this.wishes.of(this.run, this.dataset);
  }

  async generate(): Promise<void> {
    const asked = this.wish;
    if (!asked) return;
    this.#error = null;
    await this.work.run(async (options) => {
      const made = await asked.send(this.#app.host, options);
      this.latest = made.set.id;
      await this.load();
    });
  }

  async remove(set: GeneratedSet | string): Promise<void> {
    const id = typeof set === 'string' ? set : set.id;
    try {
      await this.#app.host.call(generatedDelete, { run: this.run, set: id });
      this.compared.forget(`generated ${this.run} ${id} `);
      await this.load();
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    }
  }

  picture(set: GeneratedSet, clip: number): Look<SpectrogramPicture> {
    return this.#pictures.of(`${set.id} ${clip}`);
  }

  /** Asks for the pictures of a set, one after the other. */
  async wishPictures(set: GeneratedSet): Promise<void> {
    const { signal } = this.#end;
    await this.#pictures.wish(
      set.clips.map(({ index: clip }) => ({
        key: `${set.id} ${clip}`,
        read: async () => {
          const asked = { run: this.run, set: set.id, clip, sound: false };
          return (await this.#app.host.call(generatedClip, asked, { signal })).picture;
        },
      })),
    );
  }

  /** The samples of a generated clip. */
  async sound(set: GeneratedSet, clip: number, signal: AbortSignal): Promise<Sound | null> {
    const { sound } = await this.#app.host.call(
      generatedClip,
      { run: this.run, set: set.id, clip },
      { signal },
    );
    return sound;
  }

  /** The samples of a recording of the dataset as the model is given it, or inverted without a model. */
  async realSound(
    recording: string,
    kind: 'original' | 'ceiling',
    signal: AbortSignal,
  ): Promise<Sound | null> {
    const { sound } = await this.#app.host.call(latentClip, { run: this.run, recording, kind }, { signal });
    return sound;
  }

  /** Recordings of the dataset of a run whose path, label or speaker matches. */
  async search(
    dataset: string,
    search: string,
    filter: { label?: string; speaker?: string } = {},
  ): Promise<readonly RecordingRow[]> {
    const { rows } = await this.#app.host.call(
      recordingsList,
      {
        dataset,
        limit: 50,
        ...(search === '' ? {} : { search }),
        ...(filter.label === undefined ? {} : { labels: [filter.label] }),
        ...(filter.speaker === undefined ? {} : { speakers: [filter.speaker] }),
      },
      { signal: this.#end.signal },
    );
    return rows;
  }

  /** The outline of a recording: lowest and highest sample of each span in turn. */
  async outline(
    dataset: string,
    { id, durationSec }: RecordingRow,
    signal: AbortSignal,
  ): Promise<Float32Array> {
    const { peaks } = await this.#app.host.call(
      recordingsPeaks,
      { dataset, recording: id, fromSec: 0, toSec: durationSec, spans: 400 },
      { signal },
    );
    return peaks;
  }

  close(): void {
    this.work.cancel();
    this.#end.abort();
    for (const stop of this.#stops) stop();
    this.compared.close();
  }
}
