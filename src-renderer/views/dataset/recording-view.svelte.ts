import { untrack } from 'svelte';
import type { z } from 'zod';
import {
  recordingsPeaks,
  recordingsShow,
  recordingsSound,
  recordingsSpectrogram,
} from '../../../src-preload/contract/commands/recordings.ts';
import { voiceReconstruct } from '../../../src-preload/contract/commands/voice.ts';
import type { DeckSource } from '../../audio/deck-track.svelte.ts';
import { Deck } from '../../audio/deck.svelte.ts';
import type { SpectrogramPicture } from '../../components/spectrogram-picture.ts';
import type { Host } from '../../host.svelte.ts';
import { SpectrogramTiles } from '../../state/spectrogram-tiles.svelte.ts';
import { TimeZoom } from '../../state/time-zoom.svelte.ts';
import type { SpectrogramKind } from '../../state/spectrogram-view.svelte.ts';
import type { Player } from '../../state/player.svelte.ts';
import { isCancelled } from '../../state/shown-error.ts';

export type ShownRecording = z.output<typeof recordingsShow.output>;

/** While arrows run through a table nothing is fetched: only what one stays at. */
const stayMs = 90;
/** The longest stretch that is held as samples; what comes after it is fetched as it is reached. */
const stretchSec = 60;

export interface SpectrogramSettings {
  windowSec: number;
  minDb: number;
  maxDb: number;
  show: SpectrogramKind;
}

/** Longer recordings are drawn in tiles alone. */
const longSec = 600;
/** Spans of an outline: about as many as a screen has columns for it. */
const outlineSpans = 1600;

/** What of a recording has to be known to show it. */
export interface ShownRow {
  id: string;
  durationSec: number;
  sampleRateHz: number;
}

/** Lowest and highest samples of equal spans of a stretch. */
interface Outline {
  fromSec: number;
  toSec: number;
  peaks: Float32Array;
}

/** The spans of an outline that lie in a stretch: coarse, but here at once. */
function cropped({ fromSec, toSec, peaks }: Outline, cropFromSec: number, cropToSec: number): Float32Array {
  const spans = peaks.length / 2;
  const perSec = spans / Math.max(1e-9, toSec - fromSec);
  const first = Math.min(spans - 1, Math.max(0, Math.floor((cropFromSec - fromSec) * perSec)));
  const end = Math.min(spans, Math.max(first + 1, Math.ceil((cropToSec - fromSec) * perSec)));
  return peaks.subarray(2 * first, 2 * end);
}

/** A run through which the recording is heard too. */
export interface HeardThrough {
  run: string;
  name: string;
}

/**
 * One recording on screen: its outline, its spectrum, and its sound once it is wanted; beside it, if a run is chosen, what
 * that run's model makes of it.
 */
export class RecordingView {
  readonly deck: Deck;
  readonly #host: Host;
  readonly #dataset: string;
  readonly #recording: string;
  readonly durationSec: number;
  readonly #key: string;
  readonly #controller = new AbortController();
  #details = $state.raw<ShownRecording | null>(null);
  #outline = $state.raw<Outline | null>(null);
  /** The outline of what was zoomed into. */
  #near = $state.raw<Outline | null>(null);
  #picture = $state.raw<SpectrogramPicture | null>(null);
  #error = $state.raw<unknown>(null);
  /** Where the stretch on the deck begins in the recording, and where the playhead is before it plays. */
  #fromSec = $state(0);
  #restSec = $state(0);
  #through = $state.raw<HeardThrough | null>(null);

  /** What of it is on screen. */
  readonly zoom: TimeZoom;
  readonly tiles: SpectrogramTiles;

  constructor(host: Host, player: Player, dataset: string, row: ShownRow) {
    const { id: recording, durationSec, sampleRateHz } = row;
    this.#host = host;
    this.zoom = new TimeZoom(durationSec);
    this.tiles = new SpectrogramTiles(host, { dataset, recording }, durationSec, sampleRateHz);
    this.deck = new Deck(host, player);
    this.deck.onended = () => this.#ended();
    this.#dataset = dataset;
    this.#recording = recording;
    this.durationSec = durationSec;
    this.#key = `${dataset}/${recording}`;
  }

  get details(): ShownRecording | null {
    return this.#details;
  }

  /** The outline of what is on screen: the finest that is here. */
  readonly peaks: Float32Array | null = $derived.by(() => {
    const { fromSec, toSec } = this.zoom;
    const near = this.#near;
    if (near?.fromSec === fromSec && near.toSec === toSec) return near.peaks;
    return this.#outline && cropped(this.#outline, fromSec, toSec);
  });

  get picture(): SpectrogramPicture | null {
    return this.#picture;
  }

  get error(): unknown {
    return this.#error ?? this.tiles.error;
  }

  /** The stretch of a long recording that is on the deck; null where all of it is. */
  get stretch(): { fromSec: number; wholeSec: number } | null {
    return this.whole ? null : { fromSec: this.#fromSec, wholeSec: this.durationSec };
  }

  /** It is held as samples whole, so that moving in it costs nothing and versions can be compared. */
  get whole(): boolean {
    return this.durationSec <= stretchSec;
  }

  /** The run that it is heard through beside itself. */
  get through(): HeardThrough | null {
    return this.#through;
  }

  get playing(): boolean {
    return this.deck.playing;
  }

  get positionSec(): number {
    return this.deck.mine ? this.#fromSec + this.deck.positionSec : this.#restSec;
  }

  /** Has it beside what the model of a run makes of it; null for the recording alone. */
  hearThrough(through: HeardThrough | null): void {
    this.#through = through;
    this.#show(this.#fromSec);
  }

  /** Fetches what is shown, a moment from now; gives the way to give up and to end the sound. */
  begin(): () => void {
    // An effect begins it, and is not to follow what the deck does.
    untrack(() => this.#show(0));
    const timer = setTimeout(() => void this.#load(), stayMs);
    return () => {
      clearTimeout(timer);
      this.#controller.abort();
      this.tiles.close();
      this.deck.close();
    };
  }

  /**
   * Draws the spectrum of all of it again with other settings; gives the way to give up. What is long is drawn in tiles
   * alone, for no picture of all of it would come soon.
   */
  paint(settings: SpectrogramSettings): () => void {
    this.#picture = null;
    if (this.durationSec > longSec) return () => undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      const input = { dataset: this.#dataset, recording: this.#recording, columns: 1400, ...settings };
      this.#host.call(recordingsSpectrogram, input, { signal: controller.signal }).then(
        (picture) => (this.#picture = picture),
        (error: unknown) => this.#fail(error),
      );
    }, stayMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }

  /** Asks for what the stretch on screen needs, on so many pixels; gives the way to give up. */
  look(settings: SpectrogramSettings, pixels: number): () => void {
    const { fromSec, toSec, whole } = this.zoom;
    // The picture of all of a short recording is as fine as tiles would be.
    if (this.durationSec > longSec || !whole) {
      untrack(() => this.tiles.want(settings, fromSec, toSec, pixels));
    }
    if (whole) return () => undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      const input = {
        dataset: this.#dataset,
        recording: this.#recording,
        fromSec,
        toSec,
        spans: outlineSpans,
      };
      this.#host.call(recordingsPeaks, input, { signal: controller.signal }).then(
        ({ peaks }) => (this.#near = { fromSec, toSec, peaks }),
        (error: unknown) => this.#fail(error),
      );
    }, stayMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }

  seek(sec: number): void {
    const { deck } = this;
    const inside = deck.mine && sec >= this.#fromSec && sec <= this.#fromSec + deck.durationSec;
    if (inside) deck.seek(sec - this.#fromSec);
    else if (this.whole) void deck.cue(sec);
    else {
      const goOn = deck.playing;
      this.#restSec = sec;
      this.#show(sec);
      if (goOn) void deck.play();
    }
  }

  /** Puts it on the deck: all of it, or the stretch that begins there. */
  #show(fromSec: number): void {
    this.#fromSec = this.whole ? 0 : fromSec;
    const key = this.whole ? this.#key : `${this.#key} from ${this.#fromSec}`;
    this.deck.show(key, [this.#recorded(), ...(this.whole ? this.#modelled() : [])]);
  }

  #recorded(): DeckSource {
    const input = {
      ...{ dataset: this.#dataset, recording: this.#recording },
      ...{ fromSec: this.#fromSec, durationSec: stretchSec },
    };
    return {
      ...{ id: `${this.#key} ${this.#fromSec}`, slot: 'recording', title: 'Recording' },
      detail: 'As it is in its file',
      load: () => this.#host.call(recordingsSound, input, { signal: this.#controller.signal }),
    };
  }

  #modelled(): DeckSource[] {
    const through = this.#through;
    if (!through) return [];
    const { run, name } = through;
    // One command gives both, whichever is wanted first.
    let asked: Promise<z.output<typeof voiceReconstruct.output>> | null = null;
    const ask = () => {
      const input = { run, dataset: this.#dataset, recording: this.#recording };
      asked ??= this.#host.call(voiceReconstruct, input, { signal: this.#controller.signal });
      asked.catch(() => (asked = null));
      return asked;
    };
    return [
      {
        ...{ id: `${this.#key} ${run} ceiling`, slot: 'ceiling', title: 'Ceiling' },
        detail: `As ${name} is given it, inverted without a model: the best that could come back`,
        load: async () => (await ask()).ceiling.sound,
      },
      {
        ...{ id: `${this.#key} ${run}`, slot: 'reconstruction', title: name },
        detail: `What the best checkpoint of ${name} makes of it`,
        load: async () => (await ask()).reconstruction.sound,
      },
    ];
  }

  #ended(): void {
    if (this.whole) return;
    const atSec = this.#fromSec + this.deck.durationSec;
    const more = atSec < this.durationSec - 0.05;
    this.#restSec = more ? atSec : 0;
    this.#show(this.#restSec);
    if (more) void this.deck.play();
  }

  async #load(): Promise<void> {
    const which = { dataset: this.#dataset, recording: this.#recording };
    const options = { signal: this.#controller.signal };
    try {
      const [details, outline] = await Promise.all([
        this.#host.call(recordingsShow, which, options),
        this.#host.call(recordingsPeaks, { ...which, spans: outlineSpans }, options),
      ]);
      this.#details = details;
      this.#outline = { fromSec: 0, toSec: this.durationSec, peaks: outline.peaks };
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!isCancelled(error)) this.#error = error;
  }
}
