import { evaluateSound } from '../../../src-preload/contract/commands/evaluate.ts';
import { Deck } from '../../audio/deck.svelte.ts';
import type { App } from '../../state/app.svelte.ts';

/** An evaluation whose sounds are heard, and what its system is called. */
export interface HeardEvaluation {
  evaluation: string;
  title: string;
}

/** What is heard of evaluations: one recording, as it was judged and as each system made it. */
export class EvaluationDeck {
  readonly deck: Deck;
  readonly #host: App['host'];
  #recording = $state<string | null>(null);

  constructor({ host, player }: Pick<App, 'host' | 'player'>) {
    this.#host = host;
    this.deck = new Deck(host, player);
  }

  /** The one that is on the deck. */
  get recording(): string | null {
    return this.#recording;
  }

  /** Puts a recording on the deck, the original first, and plays it. */
  play(recording: string, evaluations: readonly HeardEvaluation[]): void {
    const [first] = evaluations;
    if (!first) return;
    this.#recording = recording;
    const ids = evaluations.map(({ evaluation }) => evaluation).join(' ');
    this.deck.show(`evaluations ${ids} ${recording}`, [
      {
        id: `${first.evaluation} ${recording} original`,
        slot: 'original',
        title: 'Original',
        detail: 'The recording as it was compared: one channel, at the rate of the figures',
        load: (signal) => this.#load(first.evaluation, recording, 'original', signal),
      },
      ...evaluations.map(({ evaluation, title }) => ({
        id: `${evaluation} ${recording} evaluated`,
        slot: evaluation,
        title,
        detail: 'What the system made of it, at the rate of the figures',
        load: (signal: AbortSignal) => this.#load(evaluation, recording, 'evaluated', signal),
      })),
    ]);
    void this.deck.play();
  }

  close(): void {
    this.deck.close();
  }

  async #load(evaluation: string, recording: string, kind: 'original' | 'evaluated', signal: AbortSignal) {
    const { sampleRateHz, channels, samples } = await this.#host.call(
      evaluateSound,
      { evaluation, recording, kind },
      { signal },
    );
    return { sampleRateHz, channels, samples };
  }
}
