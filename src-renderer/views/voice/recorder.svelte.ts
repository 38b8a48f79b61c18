import type { z } from 'zod';
import {
  recordingsPlan,
  recordingsSaveTake,
  recordingsTrim,
} from '../../../src-preload/contract/commands/recorder.ts';
import { LevelTrigger } from '../../audio/recording/level-trigger.ts';
import { Microphone } from '../../audio/recording/microphone.svelte.ts';
import { floatWav } from '../../audio/recording/recording-wav.ts';
import type { RecordedTake } from '../../audio/recording/take-buffer.ts';
import type { App } from '../../state/app.svelte.ts';
import type { Sound } from '../../state/player.svelte.ts';
import { dropoutError } from '../../state/voice/dropout-error.ts';
import { discardUpload } from '../../state/upload.ts';
import { type UploadedSound, uploadSound } from '../../state/voice/upload.ts';
import {
  isRecorded,
  nextMissing,
  type Place,
  placesOf,
  type Plan,
  samePlace,
  withRecorded,
} from './plan-order.ts';
import { promptsOf, type RecorderSetup, takeForm } from './recorder-setup.ts';

export type Trimmed = z.output<typeof recordingsTrim.output>;

/**
 * setup: nothing has begun. ready: a prompt is shown. waiting: it listens for somebody to speak. recording. trimming: the
 * host makes a take of it. review: it can be heard, kept or said again. saving. done: no take is missing.
 */
export type RecorderPhase =
  'setup' | 'ready' | 'waiting' | 'recording' | 'trimming' | 'review' | 'saving' | 'done';

/** Takes of this session that can still be heard. */
const keptSounds = 40;
/** So long a prompt is shown before it listens for the next one: the end of the last word has died away. */
const pauseMs = 350;

/** A session of the prompted recorder. The folder is its memory: what is in it needs not be said again. */
export class Recorder {
  readonly microphone = new Microphone();
  readonly #app: Pick<App, 'host' | 'player'>;
  #setup: RecorderSetup | null = null;
  #phase = $state<RecorderPhase>('setup');
  #plan = $state.raw<Plan | null>(null);
  #place = $state.raw<Place | null>(null);
  #trimmed = $state.raw<Trimmed | null>(null);
  #error = $state.raw<unknown>(null);
  #thresholdDb = $state<number | null>(null);
  #uploaded: UploadedSound | null = null;
  #trigger: LevelTrigger | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;
  readonly #sounds = new Map<string, Sound>();

  constructor(app: Pick<App, 'host' | 'player'>) {
    this.#app = app;
    this.microphone.onblock = (samples) => this.#listen(samples);
    this.microphone.onended = (take) => void this.#work(take);
  }

  get phase(): RecorderPhase {
    return this.#phase;
  }

  get plan(): Plan | null {
    return this.#plan;
  }

  /** The take that is asked for. */
  get place(): Place | null {
    return this.#place;
  }

  /** The take that can be heard and kept. */
  get trimmed(): Trimmed | null {
    return this.#trimmed;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Of the automatic start, while it listens. */
  get thresholdDb(): number | null {
    return this.#thresholdDb;
  }

  /** The take that is asked for is there already: it will be put aside. */
  get redoes(): boolean {
    return this.#plan !== null && this.#place !== null && isRecorded(this.#plan, this.#place);
  }

  /** Reads what the folder holds and shows the first prompt that is missing. @throws ResynthError of the plan. */
  async begin(setup: RecorderSetup): Promise<void> {
    const plan = await this.#app.host.call(recordingsPlan, planInput(setup));
    this.#setup = setup;
    this.#plan = plan;
    this.#place = nextMissing(plan, setup.order, null);
    this.#phase = this.#place ? 'ready' : 'done';
    if (this.microphone.state !== 'open') await this.microphone.open();
    this.#arm();
  }

  /** Back to the setup; what was recorded and not kept is thrown away. */
  leave(): void {
    this.#drop();
    this.microphone.cancel();
    this.#phase = 'setup';
    this.#error = null;
  }

  /** Goes to a take; one that is there already is redone, or heard. */
  goTo(place: Place): void {
    if (this.#phase === 'saving' || this.#phase === 'trimming') return;
    this.microphone.cancel();
    this.#drop();
    this.#error = null;
    this.#place = place;
    this.#phase = 'ready';
    this.hearKept(place);
  }

  /** Begins or ends a recording: the space bar. */
  toggle(): void {
    if (this.microphone.state !== 'open') {
      void this.microphone.open().then((open) => open && this.#arm());
      return;
    }
    if (this.#phase === 'recording') {
      const take = this.microphone.end();
      if (take) void this.#work(take);
    } else if (this.#phase === 'ready' || this.#phase === 'waiting') {
      this.#record();
    }
  }

  /** Says it again: what is to be heard is thrown away. */
  redo(): void {
    if (!['review', 'recording', 'ready', 'waiting'].includes(this.#phase)) return;
    this.microphone.cancel();
    this.#drop();
    this.#error = null;
    this.#phase = 'ready';
    this.#arm();
  }

  /** Keeps the take, and goes on to the next that is missing. A failure leaves it to be kept once more. */
  async accept(): Promise<void> {
    const [setup, place, uploaded, plan] = [this.#setup, this.#place, this.#uploaded, this.#plan];
    if (this.#phase !== 'review' || !setup || !place || !uploaded || !plan) return;
    this.#phase = 'saving';
    this.#error = null;
    this.#app.player.pause();
    try {
      const { takes: _takes, ...about } = planInput(setup);
      const { file } = await this.#app.host.call(recordingsSaveTake, {
        ...about,
        ...takeForm(setup),
        upload: uploaded.upload,
        prompt: place.prompt,
        take: place.take,
        whole: hasPauses(place.prompt),
        redo: isRecorded(plan, place),
      });
      if (this.#trimmed) this.#remember(file, this.#trimmed.sound);
      const now = withRecorded(plan, place);
      this.#plan = now;
      this.#drop();
      const next = nextMissing(now, setup.order, place);
      if (next) this.#place = next;
      this.#phase = next ? 'ready' : 'done';
      this.#arm();
    } catch (error) {
      this.#error = error;
      this.#phase = 'review';
    }
  }

  /** Hears the take that was just made. */
  hear(): void {
    if (this.#trimmed) this.#play(this.#trimmed.sound);
  }

  /** Hears a take that was kept in this session; nothing where it was another. */
  hearKept(place: Place): void {
    const file = this.#fileOf(place);
    const sound = file === undefined ? undefined : this.#sounds.get(file);
    if (sound) this.#play(sound);
  }

  /** The one before or after the place, recorded or not. */
  step(by: 1 | -1): void {
    if (!this.#plan || !this.#setup) return;
    const places = placesOf(this.#plan, this.#setup.order);
    const at = places.findIndex((one) => samePlace(one, this.#place));
    const next = places[at + by];
    if (next) this.goTo(next);
  }

  close(): void {
    this.#drop();
    this.microphone.close();
    this.#app.player.unload(playerKey);
  }

  #record(): void {
    this.#app.player.pause();
    clearTimeout(this.#timer);
    this.#error = null;
    this.microphone.begin();
    this.#phase = 'recording';
  }

  /** Listens for somebody to speak, where that is how takes begin. */
  #arm(): void {
    clearTimeout(this.#timer);
    this.#trigger = null;
    this.#thresholdDb = null;
    if (this.#setup?.start !== 'level' || this.#phase !== 'ready' || this.microphone.state !== 'open') return;
    this.#timer = setTimeout(() => {
      if (this.#phase !== 'ready' || this.microphone.state !== 'open') return;
      this.#trigger = new LevelTrigger(this.microphone.sampleRateHz, { thresholdDb: null });
      this.#phase = 'waiting';
    }, pauseMs);
  }

  #listen(samples: Float32Array): void {
    const trigger = this.#trigger;
    if (!trigger || (this.#phase !== 'waiting' && this.#phase !== 'recording')) return;
    const event = trigger.add(samples);
    this.#thresholdDb = trigger.thresholdDb;
    if (event === 'begin' && this.#phase === 'waiting') this.#record();
    else if (event === 'end' && this.#phase === 'recording') this.toggle();
  }

  async #work(take: RecordedTake): Promise<void> {
    const setup = this.#setup;
    if (!setup || !this.#place) return;
    const turn = ++this.#turn;
    this.#trigger = null;
    this.#thresholdDb = null;
    this.#phase = 'trimming';
    const lost = dropoutError(take);
    const { host } = this.#app;
    try {
      const file = new Blob([floatWav(take.samples, take.sampleRateHz)]);
      const uploaded = await uploadSound(host, file, `${this.#place.prompt}.wav`);
      if (turn !== this.#turn) {
        discardUpload(host, uploaded);
        return;
      }
      this.#uploaded = uploaded;
      const trimmed = await host.call(recordingsTrim, {
        upload: uploaded.upload,
        whole: hasPauses(this.#place.prompt),
        ...takeForm(setup),
      });
      if (turn !== this.#turn) return;
      this.#trimmed = trimmed;
      this.#error = lost;
      this.#phase = 'review';
      if (setup.keepsByItself && trimmed.warnings.length === 0 && !lost) await this.accept();
      else this.hear();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#drop();
      this.#error = error;
      // It waits for a key here: what went wrong is to be read first.
      this.#phase = 'ready';
    }
  }

  #drop(): void {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#trigger = null;
    this.#thresholdDb = null;
    if (this.#uploaded) discardUpload(this.#app.host, this.#uploaded);
    this.#uploaded = null;
    this.#trimmed = null;
  }

  #play(sound: Sound): void {
    this.#app.player.load(playerKey, sound);
    this.#app.player.play();
  }

  #remember(file: string, sound: Sound): void {
    this.#sounds.delete(file);
    this.#sounds.set(file, sound);
    const [oldest] = this.#sounds.keys();
    if (this.#sounds.size > keptSounds && oldest !== undefined) this.#sounds.delete(oldest);
  }

  #fileOf({ prompt, take }: Place): string | undefined {
    return this.#plan?.prompts.find((one) => one.prompt === prompt)?.takes.find((one) => one.take === take)
      ?.file;
  }
}

const playerKey = 'recorder';

/** Of more than one word: what is said between them may be a pause. */
function hasPauses(prompt: string): boolean {
  return /\s/.test(prompt);
}

/** What the plan of a setup is asked with. */
export function planInput(setup: RecorderSetup) {
  return {
    prompts: promptsOf(setup.promptText),
    speaker: setup.speaker.trim(),
    out: setup.folder.trim(),
    takes: setup.takes,
  };
}
