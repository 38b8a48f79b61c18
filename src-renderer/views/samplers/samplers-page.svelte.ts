import type { z } from 'zod';
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
import { AskedWork } from '../../state/asked-work.svelte.ts';
import { ComparedClips } from '../../state/listen/compared-clips.svelte.ts';
import type { Look } from '../../state/look.ts';
import type { Sound } from '../../state/player.svelte.ts';
import { WishedPictures } from '../../state/wished-pictures.svelte.ts';

export type CompareInput = z.input<typeof samplersCompare.input>;

/** One comparison of what runs draw, with the sounds and pictures of its clips. */
export class SamplersPage {
  readonly compared: ComparedClips;
  /** The comparison that is being made. */
  readonly work = new AskedWork();
  readonly #app: Pick<App, 'host' | 'player'>;
  #comparison = $state.raw<SamplerComparison | null>(null);
  /** Of the comparison that is shown. */
  #pictures = $state.raw(new WishedPictures());
  readonly #end = new AbortController();

  constructor(app: Pick<App, 'host' | 'player'>) {
    this.#app = app;
    this.compared = new ComparedClips(app, 'drawn and real clips');
  }

  get comparison(): SamplerComparison | null {
    return this.#comparison;
  }

  async compare(input: CompareInput): Promise<void> {
    const made = await this.work.run((options) => this.#app.host.call(samplersCompare, input, options));
    if (!made) return;
    this.#pictures = new WishedPictures();
    this.#comparison = made;
  }

  picture(source: SamplerSource, clip: JudgedClip): Look<SpectrogramPicture> {
    return this.#pictures.of(keyOf(source, clip));
  }

  /** Asks for the pictures of some clips of a source, one after the other. */
  wishPictures(source: SamplerSource, clips: readonly JudgedClip[]): Promise<void> {
    return this.#pictures.wish(
      clips.map((clip) => ({ key: keyOf(source, clip), read: () => this.#readPicture(source, clip) })),
    );
  }

  /** A clip as the page's deck plays it. */
  deckSource(source: SamplerSource, clip: JudgedClip): DeckSource {
    const { run, set } = source;
    if (run === null || set === null) return this.recording(clip.name, clip.meant ?? clip.label);
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
    this.work.cancel();
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
}

function keyOf({ kind, run, set }: SamplerSource, { name }: JudgedClip): string {
  return `${kind} ${run ?? ''} ${set ?? ''} ${name}`;
}
