import type { z } from 'zod';
import {
  type differencePictureSchema,
  runsClip,
  runsClips,
  runsDifference,
} from '../../../src-preload/contract/commands/runs-live.ts';
import { runClipsDecoded } from '../../../src-preload/contract/events/runs.ts';
import type { SpectrogramPicture } from '../../components/spectrogram-picture.ts';
import type { Host } from '../../host.svelte.ts';
import type { Sound } from '../player.svelte.ts';
import { isCancelled } from '../shown-error.ts';
import { ClipAnswers, type Known, type Wish } from './clip-answers.svelte.ts';
import { wavePeaks } from './wave-peaks.ts';

export type ClipKind = 'original' | 'ceiling' | 'reconstruction';
type Listing = z.output<typeof runsClips.output>;
export type RunClip = Listing['clips'][number];
export type ClipStep = Listing['steps'][number];
export type DifferencePicture = z.output<typeof differencePictureSchema>;

/** One clip as it is known: on its way, here, or refused. */
export type ClipPicture = Known<{ picture: SpectrogramPicture; mse: number | null }>;
/** A reconstruction less its original. */
export type ClipDifference = Known<{ picture: DifferencePicture; rmsDb: number; meanDb: number }>;
/** The outline of a clip's sound: [min0, max0, ...]. */
export type ClipWave = Known<{ peaks: Float32Array; durationSec: number }>;

/** Kept: some 20 kB each for pictures, 1 kB for waves. */
const keptPictures = 360;
const keptWaves = 720;
const waveSpans = 160;

/** Of no step: originals and ceilings stay, whatever step is shown. */
const isOfNoStep = (key: string): boolean => key.endsWith(' -');

/**
 * The validation clips of one run, at one step for all of them. The step is 'latest' or one that was chosen; a chosen
 * one stays when new steps arrive, and 'latest' moves on once everything of the new step is here, so that clips of
 * different steps are never beside each other. All that is of a step is known by it: a late answer is never shown for another.
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
  #withWaves = $state(false);
  readonly #pictures = new ClipAnswers<{ picture: SpectrogramPicture; mse: number | null }>(
    keptPictures,
    isOfNoStep,
    () => this.#moveOn(),
  );
  readonly #differences = new ClipAnswers<{ picture: DifferencePicture; rmsDb: number; meanDb: number }>(
    keptPictures,
    () => false,
    () => this.#moveOn(),
  );
  readonly #waves = new ClipAnswers<{ peaks: Float32Array; durationSec: number }>(
    keptWaves,
    isOfNoStep,
    () => undefined,
  );
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
    this.#pictures.drop();
    this.#differences.drop();
    this.#waves.drop();
    this.#wishFor(step === 'latest' ? latest : step);
  }

  /** Whether waves are shown: their sound is made only then. */
  set withWaves(on: boolean) {
    if (on === this.#withWaves) return;
    this.#withWaves = on;
    if (on) this.#wishForWaves();
    else this.#waves.drop();
  }

  /** The picture of one clip. `step` is of a reconstruction. */
  picture(clip: number, kind: ClipKind, step: number | null): ClipPicture {
    return this.#pictures.get(keyOf(clip, kind, step));
  }

  /** How the reconstruction of one clip at a step differs from its original. */
  difference(clip: number, step: number): ClipDifference {
    return this.#differences.get(keyOf(clip, 'difference', step));
  }

  /** The outline of one clip's sound; on its way for ever where waves are not shown. */
  wave(clip: number, kind: ClipKind, step: number | null): ClipWave {
    return this.#waves.get(keyOf(clip, kind, step));
  }

  /** The sound of one clip, made by the host when it is asked for. @throws ResynthError where it cannot be made. */
  async sound(clip: number, kind: ClipKind, step: number | null): Promise<Sound | null> {
    return (await this.#ask(clip, kind, step, true)).sound;
  }

  /** Asks again for what was refused. */
  retry(clip: number, kind: ClipKind | 'difference', step: number | null): void {
    if (kind !== 'difference') this.#pictures.retry(this.#pictureWish(clip, kind, step));
    else if (step !== null) this.#differences.retry(this.#differenceWish(clip, step));
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
    this.#pictures.close();
    this.#differences.close();
    this.#waves.close();
  }

  #takeSteps(steps: readonly ClipStep[]): void {
    this.#steps = steps;
    // A resume went back behind the chosen step: it is not there any more.
    if (this.#chosen !== 'latest' && !steps.some((one) => one.step === this.#chosen)) this.#chosen = 'latest';
    if (!steps.some((one) => one.step === this.#followed)) this.#followed = null;
    const latest = steps.at(-1)?.step ?? null;
    if (this.#followed === null) this.#followed = latest;
    if (this.#clips.length === 0 && latest !== null) void this.load();
    this.#wishFor(this.#chosen === 'latest' ? latest : this.#chosen);
  }

  #wishFor(step: number | null): void {
    this.#pictures.wish(
      this.#clips.flatMap(({ index }) => [
        ...(step === null ? [] : [this.#pictureWish(index, 'reconstruction', step)]),
        this.#pictureWish(index, 'original', null),
        this.#pictureWish(index, 'ceiling', null),
      ]),
    );
    if (step !== null)
      this.#differences.wish(this.#clips.map(({ index }) => this.#differenceWish(index, step)));
    this.#moveOn();
    this.#wishForWaves();
  }

  /** Of what is shown, not of what is on its way: making their sound may take as long as a step of training. */
  #wishForWaves(): void {
    if (!this.#withWaves) return;
    const step = this.shown?.step ?? null;
    this.#waves.wish(
      this.#clips.flatMap(({ index }) => [
        this.#waveWish(index, 'original', null),
        this.#waveWish(index, 'ceiling', null),
        ...(step === null ? [] : [this.#waveWish(index, 'reconstruction', step)]),
      ]),
    );
  }

  #pictureWish(
    clip: number,
    kind: ClipKind,
    step: number | null,
  ): Wish<{ picture: SpectrogramPicture; mse: number | null }> {
    return {
      key: keyOf(clip, kind, step),
      ask: async () => {
        const { picture, mse } = await this.#ask(clip, kind, step, false);
        return { picture, mse };
      },
    };
  }

  #differenceWish(
    clip: number,
    step: number,
  ): Wish<{ picture: DifferencePicture; rmsDb: number; meanDb: number }> {
    return {
      key: keyOf(clip, 'difference', step),
      ask: async () => {
        const { picture, rmsDb, meanDb } = await this.#host.call(
          runsDifference,
          { run: this.run, clip, step },
          { signal: this.#end.signal },
        );
        return { picture, rmsDb, meanDb };
      },
    };
  }

  #waveWish(
    clip: number,
    kind: ClipKind,
    step: number | null,
  ): Wish<{ peaks: Float32Array; durationSec: number }> {
    return {
      key: keyOf(clip, kind, step),
      ask: async () => {
        const sound = await this.sound(clip, kind, step);
        if (!sound) return { peaks: new Float32Array(0), durationSec: 0 };
        return { peaks: wavePeaks(sound, waveSpans), durationSec: sound.durationSec };
      },
    };
  }

  #ask(clip: number, kind: ClipKind, step: number | null, sound: boolean) {
    return this.#host.call(
      runsClip,
      { run: this.run, clip, kind, sound, ...(step === null ? {} : { step }) },
      { signal: this.#end.signal },
    );
  }

  /** Moves on to the latest step once all of it is here. */
  #moveOn(): void {
    if (this.#chosen !== 'latest') return;
    const latest = this.#steps.at(-1)?.step;
    if (latest === undefined || latest === this.#followed) return;
    const settled = this.#clips.every(
      ({ index }) =>
        this.#pictures.settled(keyOf(index, 'reconstruction', latest)) &&
        this.#differences.settled(keyOf(index, 'difference', latest)),
    );
    if (!settled) return;
    this.#followed = latest;
    this.#wishForWaves();
  }
}

function keyOf(clip: number, kind: ClipKind | 'difference', step: number | null): string {
  return `${clip} ${kind} ${step ?? '-'}`;
}
