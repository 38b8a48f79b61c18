import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { AudioLine } from './audio-line.ts';
import { type TrackLevel, commonAttenuationDb, factor, peakOf } from './levels.ts';
import { type LoopRegion, type OrderBody, type Report, supersedes } from './messages.ts';
import { type TrackSound, channelsOf } from './track-sound.ts';

/** One version of the clip. */
export interface TrackInput {
  id: string;
  sound: TrackSound;
  /** What makes it as loud as the reference; 0 if left out. */
  gainDb?: number;
  /** Its largest magnitude; that of its samples if left out. */
  peak?: number;
}

export interface LoopSec {
  fromSec: number;
  toSec: number;
}

/** What can be heard at once, beside each other: enough for a dozen runs at two steps, or minutes of speech. */
const mostTracks = 32;
const mostBytes = 256 << 20;
/** A loop shorter than its fades would be silence. */
const leastLoopSec = 0.03;
export const speedRange = { least: 0.5, most: 1 };

interface HeldTrack extends TrackLevel {
  id: string;
  frames: number;
  bytes: number;
}

/**
 * Plays versions of one clip against each other: all run in step on one clock, one is heard, and switching keeps the place.
 * Tracks are at one rate and in their places already (`signals align`); this class holds no samples, the audio thread
 * does. Times are in seconds from the start of the clip. Nothing is made before the first `play`, `scrub` or `resume`.
 */
export class Transport {
  /** Called after every change of what the getters say, except the position while playing. */
  onchange: () => void = () => undefined;
  /** It came to its end by itself. */
  onended: () => void = () => undefined;
  /** No sound can be made: ResynthError listening/no-audio. */
  onerror: (error: unknown) => void = () => undefined;

  #line: AudioLine | null = null;
  #sampleRateHz: number | null = null;
  /** Orders before the first click: no context may sound yet. */
  #kept: { body: OrderBody; transfer: Transferable[] }[] = [];
  #tracks = new Map<string, HeldTrack>();
  #chosen: string | null = null;
  #before: string | null = null;
  #matched = true;
  #volume = 1;
  #speed = 1;
  #loop: LoopSec | null = null;
  #playing = false;
  #position = 0;
  #report: Report | null = null;
  /** Reports from before this order tell of what is not so any more. */
  #awaited = 0;
  #scrubbing: { goOn: boolean } | null = null;

  get trackIds(): readonly string[] {
    return [...this.#tracks.keys()];
  }

  /** The track that is heard. */
  get chosen(): string | null {
    return this.#chosen;
  }

  /** The one that was heard before it, for going to and fro. */
  get chosenBefore(): string | null {
    return this.#before;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get scrubbing(): boolean {
    return this.#scrubbing !== null;
  }

  get loop(): LoopSec | null {
    return this.#loop;
  }

  get speed(): number {
    return this.#speed;
  }

  get levelMatched(): boolean {
    return this.#matched;
  }

  get volume(): number {
    return this.#volume;
  }

  get durationSec(): number {
    const frames = [...this.#tracks.values()].reduce((most, track) => Math.max(most, track.frames), 0);
    return this.#sampleRateHz === null ? 0 : frames / this.#sampleRateHz;
  }

  /** What every track is made quieter by, so that none clips. */
  get attenuationDb(): number {
    return commonAttenuationDb([...this.#tracks.values()], this.#matched);
  }

  /** Where the sound that is heard now lies in the clip. */
  get positionSec(): number {
    const rate = this.#sampleRateHz ?? 1;
    const report = this.#report;
    if (!this.#playing || !this.#line || !report?.playing) return this.#position / rate;
    const passed = (this.#line.heardFrame - report.frame) * this.#speed;
    let position = report.position + passed;
    const loop = this.#loop;
    if (loop && report.position <= loop.toSec * rate) {
      const [from, to] = [loop.fromSec * rate, loop.toSec * rate];
      if (position > to) position = from + ((position - to) % (to - from));
      // The head has turned back already, but the end of the loop is what is heard.
      if (position < from && report.position >= from) position += to - from;
    }
    return Math.max(0, Math.min(position / rate, this.durationSec));
  }

  /** The gain at which a track is played, in dB, the common attenuation included. */
  playedGainDb(id: string): number {
    return (this.#matched ? (this.#tracks.get(id)?.gainDb ?? 0) : 0) - this.attenuationDb;
  }

  /**
   * Adds a track, or puts another sound in its place; while others play it joins them in step. The first one is chosen.
   *
   * @throws ResynthError listening/too-many-tracks; RangeError for another rate than that of the tracks here.
   */
  add({ id, sound, gainDb = 0, peak }: TrackInput): void {
    if (this.#tracks.size > 0 && sound.sampleRateHz !== this.#sampleRateHz) {
      throw new RangeError(`A track at ${sound.sampleRateHz} Hz beside tracks at ${this.#sampleRateHz} Hz.`);
    }
    const channels = channelsOf(sound);
    const frames = channels[0]?.length ?? 0;
    const bytes = channels.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#refuseTooMany(id, bytes);
    if (sound.sampleRateHz !== this.#sampleRateHz) this.#changeRate(sound.sampleRateHz);
    this.#tracks.set(id, { id, frames, bytes, gainDb, peak: peak ?? peakOf(channels) });
    this.#send(
      { kind: 'track', track: { id, channels } },
      channels.map(({ buffer }) => buffer),
    );
    this.#chosen ??= id;
    this.#mix();
  }

  /** Takes a track away; where it was heard, another is. */
  remove(id: string): void {
    if (!this.#tracks.delete(id)) return;
    this.#send({ kind: 'drop', id });
    if (this.#before === id) this.#before = null;
    if (this.#chosen === id) {
      this.#chosen = this.#before ?? [...this.#tracks.keys()][0] ?? null;
      this.#before = null;
    }
    if (this.#tracks.size === 0) this.#stop(0);
    this.#mix();
  }

  /** Takes all tracks away, and the loop. Speed and volume stay. */
  clear(): void {
    this.#stop(0);
    for (const id of this.#tracks.keys()) this.#send({ kind: 'drop', id });
    this.#tracks.clear();
    this.#chosen = null;
    this.#before = null;
    this.setLoop(null);
  }

  /** Makes a track the one that is heard, without a break. */
  choose(id: string): void {
    if (!this.#tracks.has(id) || id === this.#chosen) return;
    this.#before = this.#chosen;
    this.#chosen = id;
    this.#mix();
  }

  /** Back to the track that was heard before, and to and fro. */
  toggleBefore(): void {
    if (this.#before !== null) this.choose(this.#before);
  }

  /** By which track slowed-down sound is cut. The reference, mostly. */
  setGuide(id: string | null): void {
    this.#send({ kind: 'guide', id });
  }

  setGain(id: string, level: TrackLevel): void {
    const track = this.#tracks.get(id);
    if (!track) return;
    this.#tracks.set(id, { ...track, ...level });
    this.#mix();
  }

  setLevelMatched(matched: boolean): void {
    this.#matched = matched;
    this.#mix();
  }

  setVolume(volume: number): void {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#line?.setVolume(this.#volume);
    this.onchange();
  }

  /** 0.5 to 1: slower at the same pitch. */
  setSpeed(speed: number): void {
    this.#position = this.#now();
    this.#speed = Math.min(speedRange.most, Math.max(speedRange.least, speed));
    this.#awaited = this.#send({ kind: 'speed', speed: this.#speed });
    this.onchange();
  }

  /** Repeats a stretch; null plays on to the end and stops there. What plays outside of it goes to its beginning. */
  setLoop(loop: LoopSec | null): void {
    const region = loop && this.#regionOf(loop);
    this.#position = this.#now();
    const rate = this.#sampleRateHz ?? 1;
    this.#loop = region && { fromSec: region.from / rate, toSec: region.to / rate };
    this.#awaited = this.#send({ kind: 'loop', region });
    this.onchange();
  }

  /** To be called while a click or key press is handled, the first time at least. */
  play(): void {
    if (this.#tracks.size === 0 || this.#playing || !this.#wake()) return;
    const atEnd = this.#position >= Math.round(this.durationSec * (this.#sampleRateHz ?? 1));
    if (atEnd) this.#position = 0;
    this.#playing = true;
    this.#send({ kind: 'seek', position: this.#position });
    this.#awaited = this.#send({ kind: 'play' });
    this.onchange();
  }

  /** The place is kept. */
  pause(): void {
    if (this.#playing) this.#stop(this.#now());
  }

  toggle(): void {
    if (this.#playing) this.pause();
    else this.play();
  }

  seek(positionSec: number): void {
    this.#position = this.#frameOf(positionSec);
    this.#awaited = this.#send({ kind: 'seek', position: this.#position });
    this.onchange();
  }

  /** The play head is dragged: a grain of what lies under it is heard at each place. */
  scrub(positionSec: number): void {
    if (this.#tracks.size === 0 || !this.#wake()) return;
    this.#scrubbing ??= { goOn: this.#playing };
    this.#playing = false;
    this.#position = this.#frameOf(positionSec);
    this.#awaited = this.#send({ kind: 'grain', position: this.#position });
    this.onchange();
  }

  /** The play head is let go of: what played before goes on from there. */
  endScrub(): void {
    const goOn = this.#scrubbing?.goOn;
    this.#scrubbing = null;
    if (goOn) this.play();
    else this.onchange();
  }

  /** Lets go of the sound device. The transport can be used again afterwards, with new tracks. */
  close(): void {
    this.clear();
    this.#line?.close();
    this.#line = null;
    this.#kept = [];
    this.#sampleRateHz = null;
  }

  #refuseTooMany(id: string, bytes: number): void {
    const others = [...this.#tracks.values()].filter((track) => track.id !== id);
    const held = others.reduce((sum, track) => sum + track.bytes, 0);
    if (others.length < mostTracks && held + bytes <= mostBytes) return;
    const frames = others.reduce((sum, track) => sum + track.frames, 0);
    const seconds = Math.round(frames / (this.#sampleRateHz ?? 1));
    throw new ResynthError('listening/too-many-tracks', { count: others.length, seconds });
  }

  #changeRate(sampleRateHz: number): void {
    this.#line?.close();
    this.#line = null;
    this.#kept = [];
    this.#report = null;
    this.#awaited = 0;
    this.#position = 0;
    this.#sampleRateHz = sampleRateHz;
  }

  #regionOf({ fromSec, toSec }: LoopSec): LoopRegion | null {
    const least = this.#frameOf(leastLoopSec);
    const [from, to] = [this.#frameOf(Math.min(fromSec, toSec)), this.#frameOf(Math.max(fromSec, toSec))];
    return to - from < least ? null : { from, to };
  }

  #frameOf(sec: number): number {
    const rate = this.#sampleRateHz ?? 1;
    return Math.round(Math.max(0, Math.min(sec, this.durationSec)) * rate);
  }

  #now(): number {
    return Math.round(this.positionSec * (this.#sampleRateHz ?? 1));
  }

  #stop(position: number): void {
    this.#playing = false;
    this.#scrubbing = null;
    this.#position = position;
    this.#send({ kind: 'pause' });
    this.#awaited = this.#send({ kind: 'seek', position });
    this.onchange();
  }

  #mix(): void {
    const gains = this.#chosen === null ? {} : { [this.#chosen]: factor(this.playedGainDb(this.#chosen)) };
    this.#send({ kind: 'mix', gains });
    this.onchange();
  }

  /** Makes the context where there is none: only in a click or key press. False where there can be no sound. */
  #wake(): boolean {
    if (this.#sampleRateHz === null) return false;
    if (!this.#line) {
      try {
        this.#line = new AudioLine(this.#sampleRateHz, (report) => this.#take(report));
      } catch (error) {
        this.onerror(error);
        return false;
      }
      const line = this.#line;
      line.ready.catch((error: unknown) => {
        if (this.#line === line) this.#fail(error);
      });
      line.setVolume(this.#volume);
      line.send({ kind: 'speed', speed: this.#speed });
      for (const { body, transfer } of this.#kept) line.send(body, transfer);
      this.#kept = [];
    }
    this.#line.resume().catch((error: unknown) => this.#fail(error));
    return true;
  }

  #fail(error: unknown): void {
    this.#playing = false;
    this.onerror(error);
    this.onchange();
  }

  #send(body: OrderBody, transfer: Transferable[] = []): number {
    if (this.#line) return this.#line.send(body, transfer);
    // Of what was set before the first click, play and places need no memory: they are sent with it.
    if (body.kind === 'track' || body.kind === 'drop' || body.kind === 'loop' || body.kind === 'guide') {
      this.#kept = this.#kept.filter((one) => !supersedes(body, one.body));
      this.#kept.push({ body, transfer });
    } else if (body.kind === 'mix') {
      this.#kept = [...this.#kept.filter((one) => one.body.kind !== 'mix'), { body, transfer }];
    }
    return 0;
  }

  #take(report: Report): void {
    if (report.done < this.#awaited) return;
    this.#report = report;
    if (report.ended && this.#playing) {
      this.#playing = false;
      this.#position = report.position;
      this.onchange();
      this.onended();
    }
  }
}
