import type { z } from 'zod';
import {
  type LatentMap,
  type LatentSeparation,
  latentClip,
  latentMap,
  latentNeighbours,
  latentSeparation,
} from '../../../../src-preload/contract/commands/latent.ts';
import type { ProgressEvent } from '../../../../src-preload/contract/command.ts';
import { latentLayout } from '../../../../src-preload/contract/events/latent.ts';
import { Deck } from '../../../audio/deck.svelte.ts';
import type { SpectrogramPicture } from '../../../components/spectrogram-picture.ts';
import type { App } from '../../../state/app.svelte.ts';
import { isCancelled } from '../../../state/shown-error.ts';
import { type ColourBy, colouringOf, colouringsOf } from './map-colouring.ts';

type Input = z.output<typeof latentMap.input>;
type Neighbour = z.output<typeof latentNeighbours.output>['neighbours'][number];
export type MapChoice = Omit<Input, 'run' | 'out' | 'watch'>;

/** Layouts of points, as they are drawn. */
export interface Layout {
  x: Float32Array;
  y: Float32Array;
}

export type Look<Value> =
  { state: 'loading' } | { state: 'ready'; value: Value } | { state: 'failed'; error: unknown };

const neighboursShown = 10;
/** Small pictures kept for hovering to and fro. */
const picturesKept = 200;

/** The map of the codes of one run, what it is asked for, and the clip that is looked at. */
export class LatentPage {
  readonly run: string;
  readonly deck: Deck;
  readonly #app: Pick<App, 'host' | 'player'>;
  /** What the form says; the map shown may be of another choice until it is computed. */
  choice = $state<MapChoice>(latentMap.input.omit({ run: true, out: true, watch: true }).parse({}));
  #made = $state.raw<MapChoice | null>(null);
  #map = $state.raw<LatentMap | null>(null);
  #moving = $state.raw<Layout | null>(null);
  #falling = $state.raw<{ iteration: number; iterations: number; divergence: number | null } | null>(null);
  #progress = $state.raw<ProgressEvent | null>(null);
  #error = $state.raw<unknown>(null);
  #work: AbortController | null = $state.raw(null);
  colourBy = $state<ColourBy>('label');
  /** Classes that the legend hides, by name. */
  hidden = $state.raw<ReadonlySet<string>>(new Set());
  #selected = $state(-1);
  #neighbours = $state.raw<Look<readonly Neighbour[]> | null>(null);
  #separation = $state.raw<Look<LatentSeparation> | null>(null);
  #pictures = $state.raw<ReadonlyMap<string, Look<SpectrogramPicture>>>(new Map());
  readonly #end = new AbortController();
  readonly #watch = `map-${Math.random().toString(36).slice(2)}`;
  readonly #stop: () => void;

  constructor(app: Pick<App, 'host' | 'player'>, run: string) {
    this.#app = app;
    this.run = run;
    this.deck = new Deck(app.host, app.player);
    this.#stop = app.host.on(latentLayout, ({ watch, x, y, iteration, iterations, divergence }) => {
      if (watch !== this.#watch || this.#work === null) return;
      if (this.#map && x.length !== this.#map.x.length) return;
      this.#moving = { x, y };
      this.#falling = { iteration, iterations, divergence };
    });
  }

  get map(): LatentMap | null {
    return this.#map;
  }

  /** What the map that is shown was asked with. */
  get made(): MapChoice | null {
    return this.#made;
  }

  /** The points as they lie now: on their way while a map is computed. */
  get layout(): Layout | null {
    return this.#moving ?? this.#map;
  }

  get falling(): { iteration: number; iterations: number; divergence: number | null } | null {
    return this.#falling;
  }

  get progress(): ProgressEvent | null {
    return this.#progress;
  }

  get busy(): boolean {
    return this.#work !== null;
  }

  get error(): unknown {
    return this.#error;
  }

  get selected(): number {
    return this.#selected;
  }

  get neighbours(): Look<readonly Neighbour[]> | null {
    return this.#neighbours;
  }

  get separation(): Look<LatentSeparation> | null {
    return this.#separation;
  }

  readonly colouring = $derived.by(() => (this.#map ? colouringOf(this.#map.points, this.colourBy) : null));

  /** Whether a point is shown: its class is not hidden. */
  readonly shown = $derived.by((): ((at: number) => boolean) => {
    const { colouring } = this;
    if (colouring?.kind !== 'class' || this.hidden.size === 0) return () => true;
    const off = colouring.names.map((name) => this.hidden.has(name));
    const { classOf } = colouring;
    return (at) => off[classOf[at] ?? 0] !== true;
  });

  /** Computes the map that the form says. The one that is shown stays until the first layout of the new one. */
  async compute(): Promise<void> {
    this.cancel();
    const work = new AbortController();
    this.#work = work;
    this.#error = null;
    this.#progress = { stage: 'Asking' };
    this.#falling = null;
    const choice = { ...this.choice };
    // Points on their way are drawn in the places of those that are here: they have to be the same.
    if (!this.#map || this.#made?.split !== choice.split || this.#made.checkpoint !== choice.checkpoint) {
      await this.#quick(choice, work);
    }
    try {
      if (work.signal.aborted) return;
      const map = await this.#app.host.call(
        latentMap,
        { ...choice, run: this.run, watch: this.#watch },
        { signal: work.signal, progress: (event) => (this.#progress = event) },
      );
      if (this.#work === work) this.#take(map, choice);
    } catch (error) {
      if (this.#work === work && !isCancelled(error)) this.#error = error;
    } finally {
      if (this.#work === work) {
        this.#work = null;
        this.#progress = null;
        this.#moving = null;
      }
    }
  }

  /** Ends what is being computed; what was shown before is shown again. */
  cancel(): void {
    this.#work?.abort();
    this.#work = null;
    this.#moving = null;
    this.#progress = null;
    this.#falling = null;
  }

  /** Looks at a clip: its versions are on the deck, its neighbours are found. */
  select(at: number): void {
    const recording = this.#map?.points.recordings[at];
    if (recording === undefined || !this.#map) {
      this.#selected = -1;
      return;
    }
    if (at === this.#selected) return;
    this.#selected = at;
    const checkpoint = this.#map.model.step;
    const source = (kind: 'original' | 'ceiling' | 'reconstruction', title: string, detail: string) => ({
      id: `latent ${this.run} ${checkpoint} ${recording} ${kind}`,
      slot: kind,
      title,
      detail,
      load: async (signal: AbortSignal) => {
        const { sound } = await this.#app.host.call(
          latentClip,
          { run: this.run, checkpoint, recording, kind, sound: true },
          { signal },
        );
        return sound;
      },
    });
    this.deck.show(`latent ${this.run} ${recording}`, [
      source('original', 'Original', 'The recording as it is fed to the model'),
      source('ceiling', 'Ceiling', 'Preprocessed and inverted without a model'),
      source('reconstruction', 'Reconstruction', `What the model made of it at step ${checkpoint}`),
    ]);
    void this.#findNeighbours(recording);
  }

  /** Selects by name, where the clip is among the points. */
  selectRecording(recording: string): void {
    const at = this.#map?.points.recordings.indexOf(recording) ?? -1;
    if (at >= 0) this.select(at);
  }

  /** The spectrogram of a clip, asked for where it is not here. */
  picture(recording: string, kind: 'original' | 'reconstruction' = 'original'): Look<SpectrogramPicture> {
    return this.#pictures.get(`${kind} ${recording}`) ?? { state: 'loading' };
  }

  /** Asks for a picture; for an effect. */
  async wishPicture(recording: string, kind: 'original' | 'reconstruction' = 'original'): Promise<void> {
    const key = `${kind} ${recording}`;
    const checkpoint = this.#map?.model.step;
    if (checkpoint === undefined || this.#pictures.has(key)) return;
    this.#putPicture(key, { state: 'loading' });
    try {
      const { picture } = await this.#app.host.call(
        latentClip,
        { run: this.run, checkpoint, recording, kind, sound: false },
        { signal: this.#end.signal },
      );
      this.#putPicture(key, { state: 'ready', value: picture });
    } catch (error) {
      if (!isCancelled(error)) this.#putPicture(key, { state: 'failed', error });
    }
  }

  close(): void {
    this.cancel();
    this.#end.abort();
    this.#stop();
    this.deck.close();
  }

  /** The straight map first: it is there at once, and has the clips that the slower ones move. */
  async #quick(choice: MapChoice, work: AbortController): Promise<void> {
    if (choice.method === 'pca') return;
    try {
      const map = await this.#app.host.call(
        latentMap,
        { ...choice, method: 'pca', run: this.run },
        { signal: work.signal, progress: (event) => (this.#progress = event) },
      );
      if (this.#work === work) this.#take(map, { ...choice, method: 'pca' });
    } catch {
      // What is wrong is wrong with the map that was asked for too, which says so.
    }
  }

  #take(map: LatentMap, choice: MapChoice): void {
    const before = this.#map?.points.recordings[this.#selected];
    const same = this.#map?.identity.step === map.identity.step && this.#map.split === map.split;
    this.#map = map;
    this.#made = choice;
    if (!same) {
      this.#pictures = new Map();
      this.#selected = -1;
      this.#neighbours = null;
      this.hidden = new Set();
      if (before !== undefined) this.selectRecording(before);
      void this.#separate(choice);
    }
    const possible = colouringsOf(map.points);
    if (!possible.includes(this.colourBy)) this.colourBy = possible[0] ?? 'split';
  }

  async #separate({ split }: MapChoice): Promise<void> {
    const checkpoint = this.#map?.model.step;
    if (checkpoint === undefined) return;
    const by = this.#map?.points.labels.some((one) => one !== null) ? 'label' : 'speaker';
    this.#separation = { state: 'loading' };
    try {
      const value = await this.#app.host.call(
        latentSeparation,
        { run: this.run, checkpoint, split, by },
        { signal: this.#end.signal },
      );
      this.#separation = { state: 'ready', value };
    } catch (error) {
      if (!isCancelled(error)) this.#separation = { state: 'failed', error };
    }
  }

  async #findNeighbours(recording: string): Promise<void> {
    if (!this.#map || !this.#made) return;
    this.#neighbours = { state: 'loading' };
    const still = (): boolean => this.#map?.points.recordings[this.#selected] === recording;
    try {
      const { neighbours } = await this.#app.host.call(
        latentNeighbours,
        {
          run: this.run,
          checkpoint: this.#map.model.step,
          split: this.#made.split,
          recording,
          n: neighboursShown,
        },
        { signal: this.#end.signal },
      );
      if (still()) this.#neighbours = { state: 'ready', value: neighbours };
    } catch (error) {
      if (still() && !isCancelled(error)) this.#neighbours = { state: 'failed', error };
    }
  }

  #putPicture(key: string, look: Look<SpectrogramPicture>): void {
    const pictures = new Map(this.#pictures);
    pictures.set(key, look);
    for (const oldest of pictures.keys()) {
      if (pictures.size <= picturesKept) break;
      pictures.delete(oldest);
    }
    this.#pictures = pictures;
  }
}
