import type { SpectrogramPicture } from '../components/spectrogram-picture.ts';
import type { Look } from './look.ts';
import { isCancelled } from './shown-error.ts';

/** A picture that is to be read, and how. */
interface Wished {
  key: string;
  read(): Promise<SpectrogramPicture>;
}

/** Pictures of clips, read once each. */
export class WishedPictures {
  #pictures = $state.raw<ReadonlyMap<string, Look<SpectrogramPicture>>>(new Map());

  of(key: string): Look<SpectrogramPicture> {
    return this.#pictures.get(key) ?? { state: 'loading' };
  }

  /** Reads those that nobody has asked for before, one after the other; ends where reading was cancelled. */
  async wish(wanted: readonly Wished[]): Promise<void> {
    for (const { key, read } of wanted) {
      if (this.#pictures.has(key)) continue;
      this.#put(key, { state: 'loading' });
      try {
        this.#put(key, { state: 'ready', value: await read() });
      } catch (error) {
        if (isCancelled(error)) return;
        this.#put(key, { state: 'failed', error });
      }
    }
  }

  #put(key: string, look: Look<SpectrogramPicture>): void {
    this.#pictures = new Map(this.#pictures).set(key, look);
  }
}
