import type { z } from 'zod';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { generatedClip } from '../../../src-preload/contract/commands/generate.ts';
import { recordingsSound, recordingsSpectrogram } from '../../../src-preload/contract/commands/recordings.ts';
import {
  type JudgedClip,
  type SamplerComparison,
  samplersCompare,
  type SamplerSource,
} from '../../../src-preload/contract/commands/samplers.ts';
import type { DeckSource } from '../../audio/deck-track.svelte.ts';
import type { SpectrogramPicture } from '../../components/spectrogram-picture.ts';
import type { App } from '../../state/app.svelte.ts';
import type { Sound } from '../../state/player.svelte.ts';
import { isCancelled } from '../../state/shown-error.ts';
import { ComparedClips } from '../run/generate/compared-clips.svelte.ts';

export type CompareInput = z.input<typeof samplersCompare.input>;
export type ClipPicture =
  { state: 'loading' } | { state: 'ready'; value: SpectrogramPicture } | { state: 'failed'; error: unknown };

/** One comparison of what runs draw, with the sounds and pictures of its clips. */
export class SamplersPage {
  readonly compared: ComparedClips;
  readonly #app: Pick<App, 'host' | 'player'>;
  #comparison = $state.raw<SamplerComparison | null>(null);
  #error = $state.raw<unknown>(null);
  #work = $state.raw<AbortController | null>(null);
  #progress = $state.raw<ProgressEvent | null>(null);
  #pictures = $state.raw<ReadonlyMap<string, ClipPicture>>(new Map());
  readonly #end = new AbortController();

  constructor(app: Pick<App, 'host' | 'player'>) {
    this.#app = app;
    this.compared = new ComparedClips(app);
  }

  get comparison(): SamplerComparison | null {
    return this.#comparison;
  }

  get busy(): boolean {
    return this.#work !== null;
  }

  get progress(): ProgressEvent | null {
    return this.#progress;
  }

  get error(): unknown {
    return this.#error;
  }

  async compare(input: CompareInput): Promise<void> {
    if (this.#work) return;
    const work = new AbortController();
    this.#work = work;
    this.#error = null;
    try {
      const progress = (event: ProgressEvent): void => void (this.#progress = event);
      this.#comparison = await this.#app.host.call(samplersCompare, input, { signal: work.signal, progress });
      this.#pictures = new Map();
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    } finally {
      this.#work = null;
      this.#progress = null;
    }
  }

  cancel(): void {
    this.#work?.abort();
  }

  picture(source: SamplerSource, clip: JudgedClip): ClipPicture {
    return this.#pictures.get(keyOf(source, clip)) ?? { state: 'loading' };
  }

  /** Asks for the pictures of some clips of a source, one after the other. */
  async wishPictures(source: SamplerSource, clips: readonly JudgedClip[]): Promise<void> {
    for (const clip of clips) {
      const key = keyOf(source, clip);
      if (this.#pictures.has(key)) continue;
      this.#put(key, { state: 'loading' });
      try {
        this.#put(key, { state: 'ready', value: await this.#readPicture(source, clip) });
      } catch (error) {
        if (isCancelled(error)) return;
        this.#put(key, { state: 'failed', error });
      }
    }
  }

  /** A clip as the page's deck plays it. */
  deckSource(source: SamplerSource, clip: JudgedClip): DeckSource {
    const { run, set } = source;
    if (run === null || set === null) return this.recording(clip.name, clip.label);
    return {
      id: keyOf(source, clip),
      title: `${source.name}: ${clip.label}`,
      detail: `Clip ${Number(clip.name) + 1} of the set ${set}`,
      load: async (signal) => {
        const wanted = { run, set, clip: Number(clip.name) };
        return (await this.#app.host.call(generatedClip, wanted, { signal })).sound;
      },
    };
  }

  /** A recording of the dataset as the page's deck plays it. */
  recording(recording: string, label: string): DeckSource {
    const dataset = this.#comparison?.dataset.id ?? '';
    return {
      id: `recording ${recording}`,
      title: `Real: ${label}`,
      detail: recording,
      load: (signal): Promise<Sound> =>
        this.#app.host.call(recordingsSound, { dataset, recording }, { signal }),
    };
  }

  close(): void {
    this.cancel();
    this.#end.abort();
    this.compared.close();
  }

  async #readPicture({ run, set }: SamplerSource, { name }: JudgedClip): Promise<SpectrogramPicture> {
    const { signal } = this.#end;
    const { host } = this.#app;
    if (run !== null && set !== null) {
      const wanted = { run, set, clip: Number(name), sound: false };
      return (await host.call(generatedClip, wanted, { signal })).picture;
    }
    const dataset = this.#comparison?.dataset.id ?? '';
    return host.call(recordingsSpectrogram, { dataset, recording: name, columns: 256 }, { signal });
  }

  #put(key: string, picture: ClipPicture): void {
    this.#pictures = new Map(this.#pictures).set(key, picture);
  }
}

function keyOf({ kind, run, set }: SamplerSource, { name }: JudgedClip): string {
  return `${kind} ${run ?? ''} ${set ?? ''} ${name}`;
}
