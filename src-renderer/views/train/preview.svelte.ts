import type { z } from 'zod';
import { trainPreview } from '../../../src-preload/contract/commands/train-form.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../../state/shown-error.ts';

export type ShownPreview = z.output<typeof trainPreview.output>;

const typingMs = 450;

/** What a model would be given of one recording, and the best that could come back; made anew as settings change. */
export class Preview {
  readonly #host: Pick<Host, 'call'>;
  #shown = $state.raw<ShownPreview | null>(null);
  #error = $state.raw<unknown>(null);
  #busy = $state(false);
  #wanted: z.input<typeof trainPreview.input> | null = null;
  #recording: string | undefined;
  #asked: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Pick<Host, 'call'>) {
    this.#host = host;
  }

  get shown(): ShownPreview | null {
    return this.#shown;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Whether what is shown is not yet of the settings of now. */
  get busy(): boolean {
    return this.#busy;
  }

  /** The settings are these now. Only those of the sound matter: the same ones again change nothing. */
  want(dataset: string, preset: string, set: Readonly<Record<string, string>>): void {
    const features = Object.fromEntries(
      Object.entries(set).filter(([setting]) => !/^(model|training)\./.test(setting)),
    );
    const wanted = { dataset, preset, set: features };
    if (JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return;
    if (this.#wanted?.dataset !== dataset) {
      this.#recording = undefined;
      this.#shown = null;
    }
    const first = this.#shown === null;
    this.#wanted = wanted;
    this.#ask(first ? 0 : typingMs);
  }

  /** Shows another recording. */
  go(recording: string): void {
    this.#recording = recording;
    this.#ask(0);
  }

  retry(): void {
    this.#ask(0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  #ask(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#busy = true;
    this.#timer = setTimeout(() => void this.#askNow(), afterMs);
  }

  async #askNow(): Promise<void> {
    if (!this.#wanted) return;
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    try {
      const shown = await this.#host.call(
        trainPreview,
        { ...this.#wanted, ...(this.#recording === undefined ? {} : { recording: this.#recording }) },
        { signal: asked.signal },
      );
      if (asked.signal.aborted) return;
      this.#shown = shown;
      this.#recording = shown.recording;
      this.#error = null;
    } catch (error) {
      if (isCancelled(error) || asked.signal.aborted) return;
      this.#error = error;
    }
    this.#busy = false;
  }
}
