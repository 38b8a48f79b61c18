import type { z } from 'zod';
import { runsClip, runsClips } from '../../../src-preload/contract/commands/runs-live.ts';
import { runClipsDecoded } from '../../../src-preload/contract/events/runs.ts';
import type { Host } from '../../host.svelte.ts';
import type { SpectrogramPicture } from '../../components/spectrogram-picture.ts';
import type { Sound } from '../player.svelte.ts';
import { isCancelled } from '../shown-error.ts';

export type ClipKind = 'original' | 'ceiling' | 'reconstruction';
type Listing = z.output<typeof runsClips.output>;
export type RunClip = Listing['clips'][number];
export type ClipStep = Listing['steps'][number];

/** One clip as it is known: on its way, here, or refused. */
export type ClipPicture =
  | { state: 'loading' }
  | { state: 'ready'; picture: SpectrogramPicture; mse: number | null }
  | { state: 'failed'; error: unknown };

interface Wish {
  key: string;
  clip: number;
  kind: ClipKind;
  step: number | null;
}

/** Pictures kept: some hundred kB each. */
const keptPictures = 240;
/** Asked for at once: the host makes them one after another anyway, and the newest wish should not wait for old ones. */
const atOnce = 3;

/**
 * The validation clips of one run, at one step for all of them. The step is 'latest' or one that was chosen; a chosen
 * one stays when new steps arrive, and 'latest' moves on once everything of the new step is here, so that clips of
 * different steps are never beside each other.
 */
export class RunClips {
  readonly run: string;
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  #clips = $state.raw<readonly RunClip[]>([]);
  #steps = $state.raw<readonly ClipStep[]>([]);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);
  #chosen = $state<number | 'latest'>('latest');
  /** What is shown while the latest is followed. */
  #followed = $state<number | null>(null);
  #pictures = $state.raw<ReadonlyMap<string, ClipPicture>>(new Map());
  #wishes: Wish[] = [];
  #asking = 0;
  readonly #end = new AbortController();
  readonly #stops: (() => void)[];

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>, run: string) {
    this.#host = host;
    this.run = run;
    this.#stops = [
      host.on(runClipsDecoded, ({ run: id, ...step }) => {
        if (id === run) this.#takeSteps([...this.#steps.filter((one) => one.step < step.step), step]);
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  get clips(): readonly RunClip[] {
    return this.#clips;
  }

  /** Every step at which they were decoded, ascending. */
  get steps(): readonly ClipStep[] {
    return this.#steps;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  get following(): boolean {
    return this.#chosen === 'latest';
  }

  /** The step that is shown; null where nothing was decoded yet. */
  get shown(): ClipStep | null {
    const step = this.#chosen === 'latest' ? this.#followed : this.#chosen;
    return this.#steps.find((one) => one.step === step) ?? null;
  }

  /** The step that is on its way while the one before it is shown. */
  get coming(): number | null {
    if (this.#chosen !== 'latest') return null;
    const latest = this.#steps.at(-1)?.step ?? null;
    return latest === this.#followed ? null : latest;
  }

  choose(step: number | 'latest'): void {
    const latest = this.#steps.at(-1)?.step ?? null;
    this.#chosen = step;
    // Whoever goes to the end wants it now, with what is still on its way.
    if (step === 'latest') this.#followed = latest;
    // What was wished for an earlier place of the slider is of no use any more.
    this.#wishes = [];
    this.#wishFor(step === 'latest' ? latest : step);
  }

  /** The picture of one clip; asks for it where it is not here. `step` is of a reconstruction. */
  picture(clip: number, kind: ClipKind, step: number | null): ClipPicture {
    return this.#pictures.get(keyOf(clip, kind, step)) ?? { state: 'loading' };
  }

  /** The sound of one clip, made by the host when it is asked for. @throws ResynthError where it cannot be made. */
  async sound(clip: number, kind: ClipKind, step: number | null): Promise<Sound | null> {
    const { sound } = await this.#host.call(
      runsClip,
      { run: this.run, clip, kind, sound: true, ...(step === null ? {} : { step }) },
      { signal: this.#end.signal },
    );
    return sound;
  }

  /** Asks again for what was refused. */
  retry(clip: number, kind: ClipKind, step: number | null): void {
    this.#wish(clip, kind, step, true);
    this.#ask();
  }

  async load(): Promise<void> {
    try {
      const { clips, steps } = await this.#host.call(runsClips, { run: this.run });
      this.#clips = clips;
      this.#error = null;
      this.#loaded = true;
      this.#takeSteps([...steps].sort((a, b) => a.step - b.step));
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    }
  }

  close(): void {
    this.#end.abort();
    for (const stop of this.#stops) stop();
    this.#wishes = [];
  }

  #takeSteps(steps: readonly ClipStep[]): void {
    this.#steps = steps;
    // A resume went back behind the chosen step: it is not there any more.
    if (this.#chosen !== 'latest' && !steps.some((one) => one.step === this.#chosen)) this.#chosen = 'latest';
    if (!steps.some((one) => one.step === this.#followed)) this.#followed = null;
    const latest = steps.at(-1)?.step ?? null;
    if (this.#followed === null) this.#followed = latest;
    if (this.#clips.length === 0 && latest !== null) void this.load();
    if (this.#chosen === 'latest') this.#wishFor(latest);
    else this.#wishFor(this.#chosen);
  }

  #wishFor(step: number | null): void {
    for (const { index } of this.#clips) {
      if (step !== null) this.#wish(index, 'reconstruction', step);
      this.#wish(index, 'original', null);
      this.#wish(index, 'ceiling', null);
    }
    this.#ask();
    this.#follow();
  }

  #wish(clip: number, kind: ClipKind, step: number | null, again = false): void {
    const key = keyOf(clip, kind, step);
    const known = this.#pictures.get(key);
    if (known && known.state !== 'loading' && !again) return;
    if (this.#wishes.some((wish) => wish.key === key)) return;
    if (known?.state === 'loading') return;
    this.#wishes.push({ key, clip, kind, step });
  }

  #ask(): void {
    while (this.#asking < atOnce) {
      const wish = this.#wishes.shift();
      if (!wish) return;
      this.#asking++;
      this.#put(wish.key, { state: 'loading' });
      void this.#fetch(wish).finally(() => {
        this.#asking--;
        this.#follow();
        this.#ask();
      });
    }
  }

  async #fetch({ key, clip, kind, step }: Wish): Promise<void> {
    try {
      const { picture, mse } = await this.#host.call(
        runsClip,
        { run: this.run, clip, kind, sound: false, ...(step === null ? {} : { step }) },
        { signal: this.#end.signal },
      );
      this.#put(key, { state: 'ready', picture, mse });
    } catch (error) {
      if (!isCancelled(error)) this.#put(key, { state: 'failed', error });
    }
  }

  #put(key: string, picture: ClipPicture): void {
    const next = new Map(this.#pictures);
    next.delete(key);
    next.set(key, picture);
    for (const old of next.keys()) {
      if (next.size <= keptPictures) break;
      if (next.get(old)?.state === 'ready' && !old.endsWith(' -')) next.delete(old);
    }
    this.#pictures = next;
  }

  /** Moves on to the latest step once all of it is here. */
  #follow(): void {
    if (this.#chosen !== 'latest') return;
    const latest = this.#steps.at(-1)?.step;
    if (latest === undefined || latest === this.#followed) return;
    const settled = this.#clips.every(({ index }) => {
      const state = this.#pictures.get(keyOf(index, 'reconstruction', latest))?.state;
      return state === 'ready' || state === 'failed';
    });
    if (settled) this.#followed = latest;
  }
}

function keyOf(clip: number, kind: ClipKind, step: number | null): string {
  return `${clip} ${kind} ${step ?? '-'}`;
}
