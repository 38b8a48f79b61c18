import {
  type AbxDesign,
  type ListeningSide,
  type ListeningTest,
  listeningSave,
  listeningShow,
} from '../../../src-preload/contract/commands/listening-tests.ts';
import type { Host } from '../../host.svelte.ts';
import { AbxSession, type AbxRefusal, type AbxSide, type AbxSound } from './abx-session.svelte.ts';
import { type AbxPair, AbxSounds } from './abx-sounds.ts';
import type { Player } from '../player.svelte.ts';
import { isCancelled } from '../shown-error.ts';

/**
 * One ABX test on the page: read from the host, so that it goes on where it was after a reload; every answer is kept at
 * once. Sounds go through the window's transport, on which switching keeps the place.
 */
export class AbxTest {
  readonly id: string;
  readonly #host: Pick<Host, 'call' | 'keepLoaded'>;
  readonly #player: Player;
  readonly #key: string;
  #shown = $state.raw<ListeningTest | null>(null);
  #session = $state.raw<AbxSession | null>(null);
  #error = $state.raw<unknown>(null);
  #soundError = $state.raw<unknown>(null);
  #saveError = $state.raw<unknown>(null);
  #unsaved = $state(0);
  #sounds: AbxSounds | null = null;
  #saving: Promise<void> = Promise.resolve();
  /** How the window played before: the design of the test says how it plays here. */
  readonly #matchedBefore: boolean;
  #closed = false;
  readonly #stop: () => void;

  constructor(host: Pick<Host, 'call' | 'keepLoaded'>, player: Player, id: string) {
    this.#host = host;
    this.#player = player;
    this.id = id;
    this.#key = `abx ${id}`;
    this.#matchedBefore = player.levelMatched;
    this.#stop = host.keepLoaded(() => this.load());
  }

  /** The test as the host has it; null before it was read. */
  get shown(): ListeningTest | null {
    return this.#shown;
  }

  /** Where the listener is; null before it was read, and of a test that is over. */
  get session(): AbxSession | null {
    return this.#session;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Why the sounds of this trial are not to be had. */
  get soundError(): unknown {
    return this.#soundError;
  }

  /** Why the last answers could not be kept yet. */
  get saveError(): unknown {
    return this.#saveError;
  }

  /** Answers that the host has not acknowledged. */
  get unsaved(): number {
    return this.#unsaved;
  }

  get playing(): boolean {
    return this.#player.key === this.#key && this.#player.playing;
  }

  get positionSec(): number {
    return this.#player.key === this.#key ? this.#player.positionSec : 0;
  }

  get durationSec(): number {
    return this.#player.key === this.#key ? this.#player.durationSec : 0;
  }

  get looping(): boolean {
    return this.#player.key === this.#key && this.#player.loop !== null;
  }

  async load(): Promise<void> {
    try {
      const shown = await this.#host.call(listeningShow, { test: this.id });
      if (this.#closed) return;
      this.#shown = shown;
      this.#error = null;
      // A test that is under way here knows more than the host does.
      if (shown.state !== 'running' || this.#session) return;
      this.#sounds = new AbxSounds(this.#host, { a: shown.a, b: shown.b }, shown.clipList);
      const answers = shown.trialList.map(({ answer, answeredMs, tookMs, heardA, heardB, heardX }) => {
        return { answer, answeredMs, tookMs, heardA, heardB, heardX };
      });
      const plan = { seed: shown.seed, trials: shown.trials, clips: shown.clipList.length };
      this.#session = new AbxSession(plan, answers);
      void this.#prepare();
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    }
  }

  /** Asks once more for the sounds of the trial. */
  retrySounds(): void {
    this.#soundError = null;
    void this.#prepare();
  }

  /** Hears A, B or X: from the beginning, or where the other one is if one sounds. */
  hear(sound: AbxSound): void {
    const side = this.#session?.hear(sound);
    if (!side) return;
    const { transport } = this.#player;
    transport.choose(side);
    if (!this.#player.playing) transport.seek(transport.loop?.fromSec ?? 0);
    this.#player.play();
  }

  /** What was heard last, from the beginning. */
  replay(): void {
    const sound = this.#session?.now ?? 'x';
    this.#player.pause();
    this.hear(sound);
  }

  toggleLoop(): void {
    if (this.#player.key !== this.#key) return;
    const { transport } = this.#player;
    transport.setLoop(transport.loop ? null : { fromSec: 0, toSec: transport.durationSec });
  }

  /** Takes X for A or B. Gives why not, where it is not taken yet. */
  answer(side: AbxSide): AbxRefusal | null {
    const refusal = this.#session?.answer(side, performance.now(), Date.now()) ?? null;
    if (refusal !== null || !this.#session) return refusal;
    this.#unsaved++;
    this.#player.pause();
    void this.save(false);
    void this.#prepare();
    return null;
  }

  /** Keeps what was answered; `abandoned` ends the test without a score. */
  save(abandoned: boolean): Promise<void> {
    // One after the other, or an earlier state could come after a later one.
    this.#saving = this.#saving.then(() => this.#save(abandoned));
    return this.#saving;
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    this.#sounds?.close();
    this.#player.unload(this.#key);
    this.#player.transport.setLevelMatched(this.#matchedBefore);
  }

  async #save(abandoned: boolean): Promise<void> {
    const { shown, session } = this;
    if (!shown || !session) return;
    const { answers } = session;
    const input = { test: this.id, startedMs: shown.startedMs, design: designOf(shown), abandoned };
    try {
      const summary = await this.#host.call(listeningSave, { ...input, answers: [...answers] });
      this.#unsaved = session.answers.length - answers.length;
      this.#saveError = null;
      if (summary.state === 'running') return;
      await this.load();
      this.#session = null;
      this.#player.unload(this.#key);
    } catch (error) {
      if (!isCancelled(error)) this.#saveError = error;
    }
  }

  /** Has the sounds of the trial on the transport, and those of the next one on their way. */
  async #prepare(): Promise<void> {
    const session = this.#session;
    const trial = session?.trial ?? null;
    if (!session || trial === null) return;
    try {
      const pair = await this.#sounds?.pair(session.clipOf(trial) ?? 0);
      if (!pair || this.#closed || session.trial !== trial) return;
      this.#put(pair);
      session.begin(performance.now());
      const next = session.clipOf(trial + 1);
      // Its failure is told when its turn has come.
      if (next !== null) this.#sounds?.pair(next).catch(() => undefined);
    } catch (error) {
      if (!isCancelled(error) && session.trial === trial) this.#soundError = error;
    }
  }

  #put({ a, b }: AbxPair): void {
    const { transport } = this.#player;
    const looping = this.looping;
    this.#player.unload(this.#key);
    this.#player.take(this.#key);
    transport.setLevelMatched(this.#shown?.levelMatched ?? true);
    transport.add(a);
    transport.add(b);
    transport.setGuide('a');
    if (looping) transport.setLoop({ fromSec: 0, toSec: transport.durationSec });
  }
}

/** The design as it was saved first: without what was found out about the runs since. */
export function designOf(test: ListeningTest): AbxDesign {
  const side = ({ kind, run, step, system }: ListeningSide): ListeningSide => {
    return { kind, run, step, ...(system === undefined ? {} : { system }) };
  };
  const { kind, listener, trials, seed, levelMatched, clipList: clips } = test;
  return { kind, listener, trials, seed, levelMatched, a: side(test.a), b: side(test.b), clips };
}
