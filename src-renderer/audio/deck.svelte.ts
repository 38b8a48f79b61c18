import { untrack } from 'svelte';
import { type SignalsAligned, signalsAlign } from '../../src-preload/contract/commands/listening.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Host } from '../host.svelte.ts';
import type { Player } from '../state/player.svelte.ts';
import { isCancelled } from '../state/shown-error.ts';
import { type DeckSource, DeckTrack, type TrackFacts } from './deck-track.svelte.ts';
import { DeckResiduals, type Residual } from './deck-residuals.svelte.ts';
import { bare } from './track-sound.ts';
import type { TrackInput } from './transport.ts';

/**
 * Versions of one clip for comparing by ear: fetched when they are first wanted, put in time and level with the first of
 * them, the reference, by the host, and then on the window's player, where switching is at once. Several decks may be on
 * a page; the one that was last played has the player.
 */
export class Deck {
  /** What it plays came to its end by itself. */
  onended: () => void = () => undefined;
  readonly #host: Pick<Host, 'call'>;
  readonly #player: Player;
  #key = $state('');
  #tracks = $state.raw<readonly DeckTrack[]>([]);
  #wanted = $state<string | null>(null);
  #before: string | null = null;
  /** Slot of the last track but the reference that was wanted. */
  #other: string | null = null;
  /** Not the wanted track is heard, but what is left of another without it. */
  #residual = $state(false);
  #residualError = $state.raw<unknown>(null);
  /** Slot of the version that residuals are taken from; null for the reference. */
  #from = $state<string | null>(null);
  /** All of it is to be repeated once it is here. */
  #repeatWanted = $state(false);
  readonly #residuals: DeckResiduals;
  #end = new AbortController();

  constructor(host: Pick<Host, 'call'>, player: Player) {
    this.#host = host;
    this.#player = player;
    this.#residuals = new DeckResiduals(host);
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

  /** The version that a residual is taken from: the reference, unless another was chosen. */
  get residualFrom(): DeckTrack | null {
    return this.#tracks.find(({ slot }) => slot === this.#from) ?? this.#tracks[0] ?? null;
  }

  /** The version that is taken from it: the wanted one, else the one that is compared with the reference. */
  get residualOf(): DeckTrack | null {
    const from = this.residualFrom;
    const { wanted } = this;
    if (wanted !== from) return wanted;
    const others = this.#tracks.filter((track) => track !== from);
    return (
      others.find(({ slot }) => slot === this.#other) ??
      others.find((one) => one !== this.#tracks[0]) ??
      others[0] ??
      null
    );
  }

  /** Why what is left between the two could not be had. */
  get residualError(): unknown {
    return this.#residualError;
  }

  /** What is left between the two, once it is known. */
  get residual(): Residual | null {
    const { residualFrom: from, residualOf: taken } = this;
    return from && taken ? this.#residuals.get(from, taken) : null;
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

  /** A stretch or all of it is repeated, or will be once it is here. */
  get repeats(): boolean {
    return this.mine ? this.#player.loop !== null : this.#repeatWanted;
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
    this.#tracks = sources.map((source) => {
      const track = kept.get(source.id) ?? new DeckTrack(source);
      track.source = source;
      return track;
    });
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

  /** What is left of `residualFrom` when the wanted track is taken from it, or that track again. */
  toggleResidual(): void {
    const track = this.residualOf;
    if (track) void this.#hear(track.id, !this.#residual);
  }

  /** Residuals are taken from this version from now on; one that is heard goes over to it. */
  takeResidualFrom(id: string): void {
    const from = this.#tracks.find((track) => track.id === id);
    if (!from) return;
    this.#from = from.slot;
    const taken = this.residualOf;
    if (this.#residual && taken) void this.#hear(taken.id, true);
  }

  /** Repeats all of the clip, or ends what is repeated; also asked for while the sound is still on its way. */
  toggleRepeat(): void {
    if (!this.mine) this.#repeatWanted = this.loading && !this.#repeatWanted;
    else if (this.#player.loop) this.#player.transport.setLoop(null);
    else this.#repeat();
  }

  #repeat(): void {
    this.#player.transport.setLoop({ fromSec: 0, toSec: this.#player.transport.durationSec });
  }

  seek(positionSec: number): void {
    if (this.mine) this.#player.seek(positionSec);
  }

  /** Moves the play head there, also where nothing was heard yet; plays or not, as before. */
  async cue(positionSec: number): Promise<void> {
    const key = this.#key;
    const id = this.#wanted;
    if (this.mine) this.#player.seek(positionSec);
    else if (id !== null && (await this.#hear(id, this.#residual)) && this.#key === key)
      this.#player.seek(positionSec);
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
    this.#from = null;
    this.#residuals.clear();
    this.#residual = false;
    this.#repeatWanted = false;
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
    const from = this.residualFrom;
    await this.#prepare(track);
    const heard = residual && from ? await this.#residualTrack(from, track) : track.track;
    if (this.#wanted !== id || this.#residual !== residual || !this.#tracks.includes(track)) return false;
    if (!heard || (residual && from !== this.residualFrom)) return false;
    this.#take();
    this.#put(heard);
    this.#player.transport.choose(heard.id);
    if (this.#repeatWanted) this.#repeat();
    this.#repeatWanted = false;
    this.#sweep();
    void this.#prepareRest();
    return true;
  }

  async #residualTrack(from: DeckTrack, taken: DeckTrack): Promise<TrackInput | null> {
    await this.#prepare(from);
    if (from.state !== 'ready' || taken.state !== 'ready') return null;
    this.#residualError = null;
    try {
      return (await this.#residuals.prepare(from, taken, this.#end.signal))?.track ?? null;
    } catch (error) {
      if (!isCancelled(error)) this.#residualError = error;
      return null;
    }
  }

  #take(): void {
    this.#player.take(this.#key, { onended: () => this.onended() });
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
