import { type OtherSystemKind, runsClip } from '../../src-preload/contract/commands/runs-live.ts';
import type { Host } from '../host.svelte.ts';
import type { SpectrogramPicture } from '../components/spectrogram-picture.ts';
import type { Sound } from './player.svelte.ts';
import type { ClipKind, ClipPicture } from './runs/runs-clips.svelte.ts';
import { isCancelled } from './shown-error.ts';

/** One picture or sound of a run's clip. `step` is of a reconstruction, `system` of what no run made. */
export interface ClipRequest {
  run: string;
  clip: number;
  kind: ClipKind | OtherSystemKind;
  step: number | null;
  system?: string;
}

/** Pictures kept: some 20 kB each. */
const keptPictures = 600;
/** Asked for at once: the host makes them one after another anyway, and the newest wish should not wait for old ones. */
const atOnce = 4;

export function requestKey({ run, clip, kind, step, system }: ClipRequest): string {
  return `${run} ${clip} ${kind} ${system ?? step ?? '-'}`;
}

/** Pictures and sounds of the clips of many runs, each asked for once. What is on screen now is asked for first. */
export class ClipMedia {
  readonly #host: Pick<Host, 'call'>;
  #pictures = $state.raw<ReadonlyMap<string, ClipPicture>>(new Map());
  #wanted: ClipRequest[] = [];
  readonly #asked = new Set<string>();
  readonly #sounds = new Map<string, Promise<Sound>>();
  #asking = 0;
  readonly #end = new AbortController();

  constructor(host: Pick<Host, 'call'>) {
    this.#host = host;
  }

  /** What is known of a picture; one that nobody wanted yet is on its way as well. */
  picture(request: ClipRequest): ClipPicture {
    return this.#pictures.get(requestKey(request)) ?? { state: 'loading' };
  }

  /** Every picture that is here. */
  readonly pictures: readonly SpectrogramPicture[] = $derived.by(() =>
    [...this.#pictures.values()].flatMap((known) => (known.state === 'ready' ? [known.picture] : [])),
  );

  /** The pictures that are on screen now, the most wanted first. What was wanted before, and is not here, is dropped. */
  want(requests: readonly ClipRequest[]): void {
    this.#wanted = requests.filter((request) => {
      const key = requestKey(request);
      return !this.#pictures.has(key) && !this.#asked.has(key);
    });
    this.#ask();
  }

  /** Asks again for what was refused. */
  retry(request: ClipRequest): void {
    const left = new Map(this.#pictures);
    left.delete(requestKey(request));
    this.#pictures = left;
    this.#wanted.unshift(request);
    this.#ask();
  }

  /** The sound of a clip, made by the host the first time. @throws ResynthError where it cannot be made. */
  sound(request: ClipRequest): Promise<Sound> {
    const key = requestKey(request);
    const known = this.#sounds.get(key);
    if (known) return known;
    const sound = this.#fetchSound(request);
    this.#sounds.set(key, sound);
    // What failed may go well the next time.
    sound.catch(() => this.#sounds.delete(key));
    return sound;
  }

  close(): void {
    this.#end.abort();
    this.#wanted = [];
    this.#sounds.clear();
  }

  async #fetchSound(request: ClipRequest): Promise<Sound> {
    const { sound } = await this.#call(request, true);
    // The host always has sound where it was asked for; a clip without a sample is refused by it.
    if (!sound) throw new Error(`There is no sound of clip ${request.clip}.`);
    return sound;
  }

  #call({ run, clip, kind, step, system }: ClipRequest, sound: boolean) {
    const of = { ...(step === null ? {} : { step }), ...(system === undefined ? {} : { system }) };
    const input = { run, clip, kind, sound, ...of };
    return this.#host.call(runsClip, input, { signal: this.#end.signal });
  }

  #ask(): void {
    while (this.#asking < atOnce) {
      const request = this.#wanted.shift();
      if (!request) return;
      const key = requestKey(request);
      this.#asking++;
      this.#asked.add(key);
      void this.#fetch(request).finally(() => {
        this.#asking--;
        this.#asked.delete(key);
        this.#ask();
      });
    }
  }

  async #fetch(request: ClipRequest): Promise<void> {
    try {
      const { picture, mse, step } = await this.#call(request, false);
      if (step !== request.step) throw new Error(`Step ${step} came where ${request.step} was asked for.`);
      this.#put(request, { state: 'ready', picture, mse });
    } catch (error) {
      if (!isCancelled(error)) this.#put(request, { state: 'failed', error });
    }
  }

  #put(request: ClipRequest, picture: ClipPicture): void {
    const next = new Map(this.#pictures).set(requestKey(request), picture);
    for (const old of next.keys()) {
      if (next.size <= keptPictures) break;
      next.delete(old);
    }
    this.#pictures = next;
  }
}
