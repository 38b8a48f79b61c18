import { signalsAlign } from '../../../src-preload/contract/commands/listening.ts';
import type { ListeningSide } from '../../../src-preload/contract/commands/listening-tests.ts';
import { runsClip } from '../../../src-preload/contract/commands/runs-live.ts';
import type { TrackInput } from '../../audio/transport.ts';
import type { Host } from '../../host.svelte.ts';
import type { Sound } from '../player.svelte.ts';

/** A clip of a test with the index that it has in either run. */
export interface AbxClip {
  indexInA: number;
  indexInB: number;
}

/** Both sides of a clip, in time and in level with each other: nothing but what the models did tells them apart. */
export interface AbxPair {
  a: TrackInput;
  b: TrackInput;
}

/** Clips whose sounds are kept: a test hears each of them again and again. */
const mostKept = 24;

/** Fetches the two sides of the clips of one test, each once, and puts them in step with the original of the clip. */
export class AbxSounds {
  readonly #host: Pick<Host, 'call'>;
  readonly #sides: { a: ListeningSide; b: ListeningSide };
  readonly #clips: readonly AbxClip[];
  readonly #pairs = new Map<number, Promise<AbxPair>>();
  readonly #end = new AbortController();

  constructor(
    host: Pick<Host, 'call'>,
    sides: { a: ListeningSide; b: ListeningSide },
    clips: readonly AbxClip[],
  ) {
    this.#host = host;
    this.#sides = sides;
    this.#clips = clips;
  }

  /** The two sides of a clip. @throws ResynthError where a run, its step or the recording is not there. */
  pair(clip: number): Promise<AbxPair> {
    const known = this.#pairs.get(clip);
    if (known) return known;
    const pair = this.#fetch(clip);
    this.#pairs.set(clip, pair);
    pair.catch(() => this.#pairs.delete(clip));
    const [oldest] = this.#pairs.keys();
    if (this.#pairs.size > mostKept && oldest !== undefined && oldest !== clip) this.#pairs.delete(oldest);
    return pair;
  }

  close(): void {
    this.#end.abort();
    this.#pairs.clear();
  }

  async #fetch(at: number): Promise<AbxPair> {
    const clip = this.#clips[at];
    if (!clip) throw new RangeError(`The test has no clip ${at}.`);
    const { a, b } = this.#sides;
    // The original is what both are matched to, whether it is one of them or not.
    const [reference, one, other] = await Promise.all([
      this.#sound({ kind: 'original', run: a.run, step: null }, clip.indexInA),
      this.#sound(a, clip.indexInA),
      this.#sound(b, clip.indexInB),
    ]);
    const [trackA, trackB] = await Promise.all([
      this.#inStep('a', a.kind === 'original', reference, one),
      this.#inStep('b', b.kind === 'original' && b.run === a.run, reference, other),
    ]);
    return { a: trackA, b: trackB };
  }

  async #sound({ kind, run, step, system }: ListeningSide, clip: number): Promise<Sound> {
    const of = { ...(step === null ? {} : { step }), ...(system === undefined ? {} : { system }) };
    const input = { run, clip, kind, sound: true, ...of };
    const { sound } = await this.#host.call(runsClip, input, { signal: this.#end.signal });
    // The host always has sound where it was asked for.
    if (!sound) throw new Error(`There is no sound of clip ${clip}.`);
    return sound;
  }

  async #inStep(id: 'a' | 'b', isReference: boolean, reference: Sound, sound: Sound): Promise<TrackInput> {
    if (isReference) return { id, sound };
    const { aligned, alignedPeak, level } = await this.#host.call(
      signalsAlign,
      { reference: bare(reference), degraded: bare(sound), residual: false },
      { signal: this.#end.signal },
    );
    return { id, sound: aligned, gainDb: level.gainDb, peak: alignedPeak };
  }
}

function bare({ sampleRateHz, channels, samples }: Sound) {
  return { sampleRateHz, channels, samples };
}
