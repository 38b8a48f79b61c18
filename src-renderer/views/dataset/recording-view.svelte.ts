import type { z } from 'zod';
import {
  recordingsPeaks,
  recordingsShow,
  recordingsSound,
  recordingsSpectrogram,
} from '../../../src-preload/contract/commands/recordings.ts';
import type { SpectrogramPicture } from '../../components/spectrogram-picture.ts';
import type { Host } from '../../host.svelte.ts';
import { Act } from '../../state/act.svelte.ts';
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
}

/** One recording on screen: its outline, its spectrum, and its sound once it is wanted. */
export class RecordingView {
  readonly #host: Host;
  readonly #player: Player;
  readonly #dataset: string;
  readonly #recording: string;
  readonly durationSec: number;
  readonly #key: string;
  readonly #controller = new AbortController();
  readonly sound = new Act();
  #details = $state.raw<ShownRecording | null>(null);
  #peaks = $state.raw<Float32Array | null>(null);
  #picture = $state.raw<SpectrogramPicture | null>(null);
  #error = $state.raw<unknown>(null);
  /** Where the loaded stretch begins in the recording, and where the playhead is while none is loaded. */
  #fromSec = $state(0);
  #restSec = $state(0);

  constructor(host: Host, player: Player, dataset: string, recording: string, durationSec: number) {
    this.#host = host;
    this.#player = player;
    this.#dataset = dataset;
    this.#recording = recording;
    this.durationSec = durationSec;
    this.#key = `${dataset}/${recording}`;
  }

  get details(): ShownRecording | null {
    return this.#details;
  }

  get peaks(): Float32Array | null {
    return this.#peaks;
  }

  get picture(): SpectrogramPicture | null {
    return this.#picture;
  }

  get error(): unknown {
    return this.#error;
  }

  get loaded(): boolean {
    return this.#player.key === this.#key;
  }

  get playing(): boolean {
    return this.loaded && this.#player.playing;
  }

  get positionSec(): number {
    return this.loaded ? this.#fromSec + this.#player.positionSec : this.#restSec;
  }

  /** Fetches what is shown, a moment from now; gives the way to give up and to end the sound. */
  begin(): () => void {
    const timer = setTimeout(() => void this.#load(), stayMs);
    return () => {
      clearTimeout(timer);
      this.#controller.abort();
      this.#player.unload(this.#key);
    };
  }

  /** Draws the spectrum again with other settings; gives the way to give up. */
  paint(settings: SpectrogramSettings): () => void {
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

  async toggle(): Promise<void> {
    if (this.playing) this.#player.pause();
    else if (this.loaded) this.#player.play();
    else await this.#playFrom(this.#restSec >= this.durationSec ? 0 : this.#restSec);
  }

  seek(sec: number): void {
    const inside = this.loaded && sec >= this.#fromSec && sec <= this.#fromSec + this.#player.durationSec;
    if (inside) {
      this.#player.seek(sec - this.#fromSec);
      return;
    }
    const goOn = this.playing;
    this.#player.unload(this.#key);
    this.#restSec = sec;
    if (goOn) void this.#playFrom(sec);
  }

  async #playFrom(sec: number): Promise<void> {
    // A recording that fits is fetched whole, so that seeking in it costs nothing.
    const fromSec = this.durationSec <= stretchSec ? 0 : sec;
    await this.sound.run(async () => {
      const input = { dataset: this.#dataset, recording: this.#recording, fromSec, durationSec: stretchSec };
      const sound = await this.#host.call(recordingsSound, input, { signal: this.#controller.signal });
      if (this.#controller.signal.aborted) return;
      this.#fromSec = sound.fromSec;
      this.#player.load(this.#key, sound, {
        positionSec: sec - sound.fromSec,
        onended: () => this.#ended(sound.fromSec + sound.durationSec),
      });
      this.#player.play();
    });
  }

  #ended(atSec: number): void {
    this.#player.unload(this.#key);
    const more = atSec < this.durationSec - 0.05;
    this.#restSec = more ? atSec : 0;
    if (more) void this.#playFrom(atSec);
  }

  async #load(): Promise<void> {
    const which = { dataset: this.#dataset, recording: this.#recording };
    const options = { signal: this.#controller.signal };
    try {
      const [details, outline] = await Promise.all([
        this.#host.call(recordingsShow, which, options),
        this.#host.call(recordingsPeaks, { ...which, spans: 1600 }, options),
      ]);
      this.#details = details;
      this.#peaks = outline.peaks;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!isCancelled(error)) this.#error = error;
  }
}
