import { untrack } from 'svelte';
import { type SignalsAligned, signalsAlign } from '../../src-preload/contract/commands/listening.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Host } from '../host.svelte.ts';
import type { Player } from '../state/player.svelte.ts';
import { type DeckSource, DeckTrack, type TrackFacts } from './deck-track.svelte.ts';
import type { TrackSound } from './track-sound.ts';
import type { TrackInput } from './transport.ts';

/**
 * Versions of one clip for comparing by ear: fetched when they are first wanted, put in time and level with the first of
 * them, the reference, by the host, and then on the window's player, where switching is at once. Several decks may be on
 * a page; the one that was last played has the player.
 */
export class Deck {
  readonly #host: Pick<Host, 'call'>;
  readonly #player: Player;
  #key = $state('');
  #tracks = $state.raw<readonly DeckTrack[]>([]);
  #wanted = $state<string | null>(null);
  #before: string | null = null;
  /** Slot of the last track but the reference that was wanted. */
  #other: string | null = null;
  /** Not the wanted track is heard, but what is left of the reference without it. */
  #residual = $state(false);
  #end = new AbortController();

  constructor(host: Pick<Host, 'call'>, player: Player) {
    this.#host = host;
    this.#player = player;
  }

  get key(): string {
    return this.#key;
  }

  get player(): Player {
    return this.#player;
  }

  /** In the order of their keys 1..9; the first is the reference. */
  get tracks(): readonly DeckTrack[] {
    return this.#tracks;
  }

  /** The track that is heard, or will be once it is here. */
  get wanted(): DeckTrack | null {
    return this.#tracks.find(({ id }) => id === this.#wanted) ?? null;
  }

  /** Its residual is what is heard. */
  get hearsResidual(): boolean {
    return this.#residual;
  }

  /** The player is this deck's. */
  get mine(): boolean {
    return this.#player.key === this.#key && this.#key !== '';
  }

  get playing(): boolean {
    return this.mine && this.#player.playing;
  }

  get positionSec(): number {
    return this.mine ? this.#player.positionSec : 0;
  }

  get durationSec(): number {
    return this.mine ? this.#player.durationSec : 0;
  }

  /** What is wanted is on its way. */
  get loading(): boolean {
    return this.wanted?.state === 'loading';
  }

  /**
   * The versions to compare, the reference first. With the same `key` it is the same clip: what is here already stays, and
   * where the sound behind the wanted slot changed, the new one takes over without a break once it is here.
   */
  show(key: string, sources: readonly DeckSource[]): void {
    // Mostly called by effects, which follow their sources and not what the deck does with them.
    untrack(() => this.#show(key, sources));
  }

  #show(key: string, sources: readonly DeckSource[]): void {
    if (key !== this.#key) this.#leave();
    const known = new Map(this.#tracks.map((track) => [track.id, track]));
    const slot = this.wanted?.slot;
    // Another reference: everything was compared with another sound.
    const kept = sources[0]?.id === this.#tracks[0]?.id ? known : new Map<string, DeckTrack>();
    this.#key = key;
    this.#tracks = sources.map((source) => kept.get(source.id) ?? new DeckTrack(source));
    const same = this.#tracks.find((track) => track.id === this.#wanted || track.slot === slot);
    const heard = this.#wanted;
    this.#wanted = (same ?? this.#tracks[0])?.id ?? null;
    if (this.mine && this.#wanted !== null && this.#wanted !== heard)
      void this.#hear(this.#wanted, this.#residual);
  }

  /** Makes a track the one that is heard; keeps playing, or not. */
  choose(id: string): void {
    if (id !== this.#wanted || this.#residual) this.#remember();
    void this.#hear(id, false);
  }

  /** Plays a track: from `fromSec`, or where it is. */
  async play(id: string | null = this.#wanted, fromSec?: number): Promise<void> {
    if (id === null) return;
    if (id !== this.#wanted) this.#remember();
    const key = this.#key;
    if (!(await this.#hear(id, this.#residual && id === this.#wanted)) || this.#key !== key) return;
    if (fromSec !== undefined) this.#player.seek(fromSec);
    this.#player.play();
  }

  toggle(): void {
    if (this.playing) this.#player.pause();
    else void this.play();
  }

  /** To the track that was heard before this one, and to and fro. */
  toggleBefore(): void {
    if (this.#before === null || !this.#tracks.some(({ id }) => id === this.#before)) return;
    this.choose(this.#before);
  }

  /** To the first version, by which the others are measured. */
  hearReference(): void {
    const [reference] = this.#tracks;
    if (reference) this.choose(reference.id);
  }

  /** To the version that is compared with the first: the last one that was heard, or the second. */
  hearOther(): void {
    const other = this.#tracks.find(({ slot }) => slot === this.#other && slot !== this.#tracks[0]?.slot);
    const track = other ?? this.#tracks[1];
    if (track) this.choose(track.id);
  }

  /** What is left of the reference when the wanted track is taken from it, or that track again. */
  toggleResidual(): void {
    const track = this.wanted === this.#tracks[0] ? (this.#tracks[1] ?? null) : this.wanted;
    if (track) void this.#hear(track.id, !this.#residual);
  }

  seek(positionSec: number): void {
    if (this.mine) this.#player.seek(positionSec);
  }

  /** Lets go of the player, and of what is on its way. */
  close(): void {
    this.#leave();
    this.#tracks = [];
    this.#key = '';
  }

  #leave(): void {
    this.#end.abort();
    this.#end = new AbortController();
    if (this.#key !== '') this.#player.unload(this.#key);
    this.#tracks = [];
    this.#wanted = null;
    this.#before = null;
    this.#other = null;
    this.#residual = false;
  }

  #remember(): void {
    this.#before = this.#wanted;
  }

  /** True once it is what is heard; false where it could not be had, or another was wanted meanwhile. */
  async #hear(id: string, residual: boolean): Promise<boolean> {
    this.#wanted = id;
    this.#residual = residual;
    const track = this.#tracks.find((one) => one.id === id);
    if (!track) return false;
    if (track !== this.#tracks[0]) this.#other = track.slot;
    await this.#prepare(track);
    if (this.#wanted !== id || this.#residual !== residual || !this.#tracks.includes(track)) return false;
    const heard = residual ? track.residual : track.track;
    if (!heard) return false;
    this.#take();
    this.#put(heard);
    this.#player.transport.choose(heard.id);
    this.#sweep();
    void this.#prepareRest();
    return true;
  }

  #take(): void {
    this.#player.take(this.#key);
    const [reference] = this.#tracks;
    for (const { track } of this.#tracks) if (track) this.#put(track);
    this.#player.transport.setGuide(reference?.id ?? null);
  }

  #put(track: TrackInput): void {
    if (!this.#player.transport.trackIds.includes(track.id)) this.#player.transport.add(track);
  }

  /** Takes what is not among the tracks any more off the transport: it was kept until its successor was here. */
  #sweep(): void {
    const { transport } = this.#player;
    for (const id of transport.trackIds) {
      if (id !== transport.chosen && !this.#tracks.some((track) => track.id === id)) transport.remove(id);
    }
  }

  /** Has the others ready too, so that switching to them is at once. */
  async #prepareRest(): Promise<void> {
    for (const track of this.#tracks) {
      if (track.state !== 'idle') continue;
      await this.#prepare(track);
      if (!this.mine || !this.#tracks.includes(track)) return;
      if (track.track) this.#put(track.track);
    }
  }

  async #prepare(track: DeckTrack): Promise<void> {
    const { signal } = this.#end;
    const [reference] = this.#tracks;
    if (!reference) return;
    await track.prepare(async () => {
      const sound = await track.source.load(signal);
      if (!sound)
        throw new ResynthError('listening/not-a-sound', {
          which: track.source.title,
          detail: 'there is none',
        });
      if (track === reference) return { track: { id: track.id, sound }, facts: null, residual: null };
      await this.#prepare(reference);
      if (!reference.track) throw reference.error;
      const aligned = await this.#host.call(
        signalsAlign,
        { reference: bare(reference.track.sound), degraded: bare(sound) },
        { signal },
      );
      return comparedTracks(track.id, aligned);
    });
  }
}

function comparedTracks(id: string, { aligned, alignedPeak, residual, ...facts }: SignalsAligned) {
  const { sampleRateHz } = aligned;
  const track: TrackInput = { id, sound: aligned, gainDb: facts.level.gainDb, peak: alignedPeak };
  const left: TrackInput | null = residual && {
    id: `residual ${id}`,
    sound: { sampleRateHz, channels: 1, samples: residual.samples },
    peak: residual.peak,
  };
  const { referencePeak: _peak, ...rest } = facts;
  const shown: TrackFacts = {
    ...rest,
    residual: residual && { levelDbfs: residual.levelDbfs, relativeDb: residual.relativeDb },
  };
  return { track, facts: shown, residual: left };
}

/** The command takes no more than this. */
function bare({ sampleRateHz, channels, samples }: TrackSound): TrackSound {
  return { sampleRateHz, channels, samples };
}
