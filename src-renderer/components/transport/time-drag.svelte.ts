import type { Deck } from '../../audio/deck.svelte.ts';
import type { LoopSec } from '../../audio/transport.ts';

interface TimeDragOptions {
  deck(): Deck;
  /** The place in the clip under a pointer. */
  secAt(clientX: number): number;
  /** A press that went nowhere. */
  pick(sec: number): void;
  /** A loop is being marked: what is under the pointer has to be on the deck. */
  claim(): void;
  mode(): 'loop' | 'scrub';
}

/** Pixels that a pointer may stray before a press becomes a drag. */
const stray = 4;

/** What the pointer does on anything that shows the time of a clip: a click, marking a loop, dragging the play head. */
export class TimeDrag {
  readonly #options: TimeDragOptions;
  #began: { x: number; sec: number; scrub: boolean; dragged: boolean } | null = null;
  #marked = $state.raw<LoopSec | null>(null);

  constructor(options: TimeDragOptions) {
    this.#options = options;
  }

  /** The stretch that is being marked. */
  get marked(): LoopSec | null {
    return this.#marked;
  }

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const sec = this.#options.secAt(event.clientX);
    const scrub = this.#options.mode() === 'scrub' || event.shiftKey;
    this.#began = { x: event.clientX, sec, scrub, dragged: false };
    if (scrub) this.#scrub(sec);
  }

  move(event: PointerEvent): void {
    const began = this.#began;
    if (!began) return;
    const sec = this.#options.secAt(event.clientX);
    if (!began.dragged && Math.abs(event.clientX - began.x) > stray) {
      began.dragged = true;
      if (!began.scrub) this.#options.claim();
    }
    if (began.scrub) this.#scrub(sec);
    else if (began.dragged) {
      this.#marked = { fromSec: Math.min(began.sec, sec), toSec: Math.max(began.sec, sec) };
    }
  }

  up(event: PointerEvent): void {
    const began = this.#began;
    const marked = this.#marked;
    this.cancel();
    if (!began || began.scrub) return;
    if (began.dragged) void this.#loop(marked);
    else this.#options.pick(this.#options.secAt(event.clientX));
  }

  cancel(): void {
    if (this.#began?.scrub) this.#options.deck().player.transport.endScrub();
    this.#began = null;
    this.#marked = null;
  }

  #scrub(sec: number): void {
    const deck = this.#options.deck();
    if (deck.mine) deck.player.transport.scrub(sec);
  }

  /** Repeats what was marked, from its beginning. */
  async #loop(marked: LoopSec | null): Promise<void> {
    const deck = this.#options.deck();
    if (!marked) return;
    if (!deck.mine) await deck.play(undefined, marked.fromSec);
    if (!deck.mine) return;
    deck.player.transport.setLoop(marked);
    if (!deck.playing) await deck.play(undefined, marked.fromSec);
  }
}
