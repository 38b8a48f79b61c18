import { recordingsTile } from '../../src-preload/contract/commands/recordings.ts';
import { levelFor, tileSec } from '../../src-preload/contract/tiles.ts';
import type { SpectrogramPicture } from '../components/spectrogram-picture.ts';
import type { Host } from '../host.svelte.ts';
import { isCancelled } from './shown-error.ts';
import type { SpectrogramKind } from './spectrogram-view.svelte.ts';

export interface TileSettings {
  windowSec: number;
  minDb: number;
  maxDb: number;
  show: SpectrogramKind;
}

interface Wish {
  level: number;
  index: number;
  sketch: boolean;
}

/** Tiles kept, a quarter of a megabyte each and as much once more painted: what one saw last, going back and forth. */
const keptTiles = 48;
/** Asked for at once: what is scrolled past meanwhile is never asked for. */
const atOnce = 2;
/** A tile of more sound than this takes long enough to be sketched first. */
const sketchedFromSec = 90;
/** How long one stays at a stretch before such tiles are made whole: each keeps a process busy for seconds. */
const settleMs = 1200;

/** The spectrogram of one recording in tiles: what is on screen is asked for, coarse first where fine takes long. */
export class SpectrogramTiles {
  readonly #host: Pick<Host, 'call'>;
  readonly #which: { dataset: string; recording: string };
  readonly #durationSec: number;
  readonly #sampleRateHz: number;
  #tiles = $state.raw<ReadonlyMap<string, Wish & { picture: SpectrogramPicture }>>(new Map());
  #error = $state.raw<unknown>(null);
  #settings: TileSettings | null = null;
  #wanted: Wish[] = [];
  readonly #asked = new Set<string>();
  readonly #failed = new Set<string>();
  #end = new AbortController();
  #settled = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    host: Pick<Host, 'call'>,
    which: { dataset: string; recording: string },
    durationSec: number,
    sampleRateHz: number,
  ) {
    this.#host = host;
    this.#which = which;
    this.#durationSec = durationSec;
    this.#sampleRateHz = sampleRateHz;
  }

  get error(): unknown {
    return this.#error;
  }

  /** What is here of a stretch, the coarsest first: each is to be drawn over what came before. */
  over(fromSec: number, toSec: number): SpectrogramPicture[] {
    return [...this.#tiles.values()]
      .filter(({ picture }) => picture.fromSec < toSec && picture.toSec > fromSec)
      .sort((a, b) => b.level - a.level || Number(b.sketch) - Number(a.sketch))
      .map(({ picture }) => picture);
  }

  /** Asks for what a stretch needs on so many pixels. Other settings drop what is here. */
  want(settings: TileSettings, fromSec: number, toSec: number, pixels: number): void {
    const { windowSec, minDb, maxDb, show } = settings;
    const now = this.#settings;
    if (now?.windowSec !== windowSec || now.minDb !== minDb || now.maxDb !== maxDb || now.show !== show) {
      this.close();
      this.#end = new AbortController();
      this.#settings = settings;
      this.#tiles = new Map();
      this.#failed.clear();
      this.#error = null;
    }
    if (pixels <= 0 || toSec <= fromSec) return;
    const level = levelFor((toSec - fromSec) / pixels, windowSec, this.#sampleRateHz);
    const eachSec = tileSec(level, windowSec, this.#sampleRateHz);
    const last = Math.min(toSec, this.#durationSec - 1e-6);
    const wishes: Wish[] = [];
    for (let index = Math.floor(fromSec / eachSec); index * eachSec < last; index++) {
      wishes.push({ level, index, sketch: false });
    }
    const sketches =
      eachSec > sketchedFromSec
        ? wishes.filter((wish) => !this.#tiles.has(keyOf(wish))).map((wish) => ({ ...wish, sketch: true }))
        : [];
    this.#wanted = [...sketches, ...wishes].filter((wish) => {
      const key = keyOf(wish);
      return !this.#tiles.has(key) && !this.#asked.has(key) && !this.#failed.has(key);
    });
    this.#settled = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#settled = true;
      this.#ask();
    }, settleMs);
    this.#ask();
  }

  /** Gives up what was asked for. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    this.#wanted = [];
  }

  #ask(): void {
    while (this.#asked.size < atOnce) {
      const settings = this.#settings;
      const wish = this.#wanted[0];
      if (!wish || !settings) return;
      const eachSec = tileSec(wish.level, settings.windowSec, this.#sampleRateHz);
      const takesLong = !wish.sketch && eachSec > sketchedFromSec;
      // One at a time, so that what is zoomed into meanwhile finds a process that is free.
      if (takesLong && (!this.#settled || this.#asked.size > 0)) return;
      this.#wanted.shift();
      void this.#fetch(wish, settings, this.#end.signal);
    }
  }

  async #fetch(wish: Wish, settings: TileSettings, signal: AbortSignal): Promise<void> {
    const key = keyOf(wish);
    this.#asked.add(key);
    try {
      const picture = await this.#host.call(
        recordingsTile,
        { ...this.#which, ...settings, ...wish },
        { signal },
      );
      if (!signal.aborted) this.#put(key, { ...wish, picture });
    } catch (error) {
      if (!signal.aborted && !isCancelled(error)) {
        // Not asked for again with these settings: it would fail over and over.
        this.#failed.add(key);
        this.#error = error;
      }
    } finally {
      this.#asked.delete(key);
      this.#ask();
    }
  }

  #put(key: string, tile: Wish & { picture: SpectrogramPicture }): void {
    const next = new Map(this.#tiles).set(key, tile);
    // A sketch has done its work when the tile is there.
    if (!tile.sketch) next.delete(keyOf({ ...tile, sketch: true }));
    for (const old of next.keys()) {
      if (next.size <= keptTiles) break;
      next.delete(old);
    }
    this.#tiles = next;
  }
}

function keyOf({ level, index, sketch }: Wish): string {
  return `${level} ${index}${sketch ? ' sketch' : ''}`;
}
