import type { z } from 'zod';
import { voiceReady, voiceReconstruct } from '../../../../src-preload/contract/commands/voice.ts';
import { Deck } from '../../../audio/deck.svelte.ts';
import type { DeckSource } from '../../../audio/deck-track.svelte.ts';
import type { App } from '../../../state/app.svelte.ts';
import { formatCount } from '../../../state/format.ts';
import { isCancelled } from '../../../state/shown-error.ts';
import { discardUpload } from '../../../state/upload.ts';
import { type UploadedSound, uploadSound } from '../../../state/voice/upload.ts';

export type Reconstruction = z.output<typeof voiceReconstruct.output>;
export type Version = 'original' | 'ceiling' | 'reconstruction';

/** What a model is tried on. */
export type TriedSource =
  | { kind: 'upload'; name: string; sound: UploadedSound; recorded: boolean }
  | { kind: 'dataset'; name: string; dataset: string; recording: string; whole: boolean };

export const versions: readonly { kind: Version; title: string; detail: string }[] = [
  { kind: 'original', title: 'Original', detail: 'The recording as it is fed to the model' },
  {
    kind: 'ceiling',
    title: 'Ceiling',
    detail: 'Preprocessed and made audible without a model: the best that could come back',
  },
  { kind: 'reconstruction', title: 'Reconstruction', detail: 'What the model made of it' },
];

/** Trying a run on recordings that it was not made for: which, with which checkpoint, and what came of it. */
export class TrySession {
  readonly deck: Deck;
  readonly #app: Pick<App, 'host' | 'player'>;
  readonly #run: string;
  #step = $state<number | null>(null);
  #ready = $state.raw<{ step: number; device: string; tookMs: number } | null>(null);
  #loading = $state(false);
  #source = $state.raw<TriedSource | null>(null);
  #extent = $state<'pieces' | 'first'>('pieces');
  #fromSec = $state(0);
  #result = $state.raw<Reconstruction | null>(null);
  #tookMs = $state(0);
  #busy = $state<'upload' | 'model' | null>(null);
  #share = $state(0);
  #error = $state.raw<unknown>(null);
  #turn = 0;
  #end = new AbortController();

  constructor(app: Pick<App, 'host' | 'player'>, run: string) {
    this.#app = app;
    this.#run = run;
    this.deck = new Deck(app.host, app.player);
  }

  /** Of the checkpoint that is used; null before one was chosen. */
  get step(): number | null {
    return this.#step;
  }

  /** The model as it is loaded; null while it is not. */
  get ready(): { step: number; device: string; tookMs: number } | null {
    return this.#ready;
  }

  get loadingModel(): boolean {
    return this.#loading;
  }

  get source(): TriedSource | null {
    return this.#source;
  }

  get extent(): 'pieces' | 'first' {
    return this.#extent;
  }

  get fromSec(): number {
    return this.#fromSec;
  }

  /** Of the source and settings that are shown; null while there is none. */
  get result(): Reconstruction | null {
    return this.#result;
  }

  /** From the order to the answer, here in the page. */
  get tookMs(): number {
    return this.#tookMs;
  }

  get busy(): 'upload' | 'model' | null {
    return this.#busy;
  }

  /** How much of a file is at the host, 0 to 1. */
  get share(): number {
    return this.#share;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Another checkpoint: loads it, and tries what is here once more. */
  async useStep(step: number): Promise<void> {
    if (this.#step === step) return;
    this.#step = step;
    this.#ready = null;
    this.#loading = true;
    try {
      const { model, tookMs } = await this.#app.host.call(
        voiceReady,
        { run: this.#run, checkpoint: step },
        { signal: this.#end.signal },
      );
      if (this.#step !== step) return;
      this.#ready = { step: model.step, device: model.device, tookMs };
      if (this.#source) await this.reconstruct();
    } catch (error) {
      if (this.#step === step) this.#fail(error);
    } finally {
      if (this.#step === step) this.#loading = false;
    }
  }

  /** Takes a file, and tries the model on it. */
  async takeFile(file: Blob, name: string, recorded = false): Promise<void> {
    const turn = this.#begin('upload');
    try {
      const { signal } = this.#end;
      const told = (share: number): void => void (this.#share = share);
      const sound = await uploadSound(this.#app.host, file, name, { signal, told });
      if (turn !== this.#turn) {
        discardUpload(this.#app.host, sound);
        return;
      }
      this.#take({ kind: 'upload', name, sound, recorded });
      await this.reconstruct();
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  async takeRecording(dataset: string, recording: string, whole: boolean): Promise<void> {
    this.#take({ kind: 'dataset', name: recording, dataset, recording, whole });
    await this.reconstruct();
  }

  async setExtent(extent: 'pieces' | 'first'): Promise<void> {
    this.#extent = extent;
    await this.reconstruct();
  }

  async setFromSec(fromSec: number): Promise<void> {
    this.#fromSec = fromSec;
    await this.reconstruct();
  }

  /** Puts what is here through the model. What was there before stays until the answer comes. */
  async reconstruct(): Promise<void> {
    const source = this.#source;
    const step = this.#step;
    if (!source || step === null) return;
    const turn = this.#begin('model');
    try {
      const began = performance.now();
      const result = await this.#app.host.call(
        voiceReconstruct,
        {
          run: this.#run,
          checkpoint: step,
          extent: this.#extent,
          fromSec: this.#fromSec,
          ...(source.kind === 'upload'
            ? { upload: source.sound.upload }
            : { dataset: source.dataset, recording: source.recording }),
        },
        { signal: this.#end.signal },
      );
      if (turn !== this.#turn) return;
      this.#tookMs = performance.now() - began;
      this.#result = result;
      this.#busy = null;
      const key = this.#keyOf(source);
      this.deck.show(key, this.#tracks(key, result, turn));
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** Forgets what was tried; what nobody kept is thrown away. */
  clear(): void {
    this.#turn++;
    this.#busy = null;
    this.#error = null;
    this.#result = null;
    this.#leave();
    this.#source = null;
    this.deck.close();
  }

  close(): void {
    this.clear();
    this.#end.abort();
  }

  #begin(busy: 'upload' | 'model'): number {
    this.#error = null;
    this.#busy = busy;
    this.#share = 0;
    return ++this.#turn;
  }

  #take(source: TriedSource): void {
    this.#leave();
    this.#source = source;
    this.#fromSec = 0;
    this.#result = null;
  }

  #leave(): void {
    if (this.#source?.kind === 'upload') discardUpload(this.#app.host, this.#source.sound);
  }

  #fail(error: unknown): void {
    this.#busy = null;
    if (!isCancelled(error)) this.#error = error;
  }

  /** The same for the same sound, whatever checkpoint is heard: then it goes on where it is. */
  #keyOf(source: TriedSource): string {
    const what = source.kind === 'upload' ? source.sound.upload : `${source.dataset} ${source.recording}`;
    return `try ${this.#run} ${what} ${this.#extent} ${this.#fromSec}`;
  }

  #tracks(key: string, result: Reconstruction, turn: number): DeckSource[] {
    return versions.map(({ kind, title, detail }) => {
      const at = kind === 'reconstruction' ? ` at step ${formatCount(result.model.step)}` : '';
      // The original and the ceiling stay what they are when only the checkpoint changes.
      const id = kind === 'reconstruction' ? `${kind} ${turn}` : kind;
      return {
        id: `${key} ${id}`,
        slot: kind,
        title,
        detail: `${detail}${at}`,
        load: () => Promise.resolve(result[kind].sound),
      };
    });
  }
}
