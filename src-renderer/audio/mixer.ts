import { Ramp, fadeSec, fadeShape } from './fade.ts';
import type { LoopRegion, Order, Report, TrackSamples } from './messages.ts';
import { Voice } from './voice.ts';

/** Length of the grains that sound while the play head is dragged. */
const grainSec = 0.08;
const reportSec = 0.02;

interface Track {
  left: Float32Array<ArrayBuffer>;
  right: Float32Array<ArrayBuffer>;
  gain: Ramp;
  /** To be forgotten as soon as nothing is heard of it. */
  dropped: boolean;
}

/**
 * The sound of a transport, a sample at a time; the audio thread runs it, and knows nothing else. All tracks are read at
 * the same frame of the clip by the same heads, so that they cannot run apart, whatever is switched, looped or sought.
 */
export class Mixer {
  readonly #rateHz: number;
  readonly #fadeFrames: number;
  readonly #tracks = new Map<string, Track>();
  /** Those of which something may be heard; brought up to date when the mix changes. */
  #audible: Track[] = [];
  #fading = false;
  /** Orders for a frame to come, soonest first. */
  #waiting: Order[] = [];
  #main: Voice | null = null;
  /** Heads that fade out after a jump or a stop. */
  #leaving: Voice[] = [];
  #grain: { voice: Voice; at: number } | null = null;
  #oldGrain: { voice: Voice; at: number } | null = null;
  #nextGrain: number | null = null;
  /** Where it is while nothing plays. */
  #restPosition = 0;
  #loop: LoopRegion | null = null;
  #speed = 1;
  #guide: string | null = null;
  #setLength: number | null = null;
  #longest = 0;
  #done = 0;
  #ended = false;
  #frame = 0;
  #reportAt = 0;

  constructor(sampleRateHz: number) {
    this.#rateHz = sampleRateHz;
    this.#fadeFrames = Math.round(fadeSec * sampleRateHz);
  }

  /** Takes an order: at once, or when its frame comes. */
  take(order: Order): void {
    if (order.atFrame === undefined || order.atFrame <= this.#frame) {
      this.#carryOut(order);
      return;
    }
    const at = this.#waiting.findIndex((other) => (other.atFrame ?? 0) > (order.atFrame ?? 0));
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, order);
  }

  /** Writes the next samples into both channels; `frame` is the context's number of the first. */
  render(frame: number, left: Float32Array, right: Float32Array): void {
    for (let n = 0; n < left.length; n++) {
      this.#frame = frame + n;
      let due = this.#waiting[0];
      while (due && (due.atFrame ?? 0) <= this.#frame) {
        this.#waiting.shift();
        this.#carryOut(due);
        due = this.#waiting[0];
      }
      this.#sample(left, right, n);
    }
    this.#frame = frame + left.length;
  }

  /** Where it is now, when it is time to say so; null in between. */
  report(): Report | null {
    if (this.#frame < this.#reportAt && !this.#ended) return null;
    this.#reportAt = this.#frame + Math.round(reportSec * this.#rateHz);
    const report: Report = {
      frame: this.#frame,
      position: this.#main?.position ?? this.#restPosition,
      playing: this.#main !== null,
      ended: this.#ended,
      done: this.#done,
    };
    this.#ended = false;
    return report;
  }

  get #length(): number {
    return this.#setLength ?? this.#longest;
  }

  /** Where the head turns back or stops: behind the loop it plays on to the end of the clip. */
  #endFor(position: number): number {
    return this.#loop && position <= this.#loop.to ? this.#loop.to : this.#length;
  }

  #carryOut(order: Order): void {
    this.#done = order.number;
    this.#reportAt = 0;
    switch (order.kind) {
      case 'track':
        return this.#addTrack(order.track);
      case 'drop':
        return this.#dropTrack(order.id);
      case 'mix':
        return this.#setMix(order.gains);
      case 'play':
        return this.#play();
      case 'pause':
        return this.#pause();
      case 'seek':
        return this.#seek(order.position);
      case 'grain':
        this.#nextGrain = order.position;
        return this.#rest(order.position);
      case 'loop':
        return this.#setLoop(order.region);
      case 'speed':
        this.#speed = order.speed;
        return;
      case 'guide':
        this.#guide = order.id;
        return;
      case 'length':
        this.#setLength = order.frames;
        return;
    }
  }

  #addTrack({ id, channels }: TrackSamples): void {
    const left = channels[0] ?? new Float32Array(0);
    for (const channel of channels) this.#fadeEnd(channel);
    this.#replaced(id);
    this.#tracks.set(id, { left, right: channels[1] ?? left, gain: new Ramp(0), dropped: false });
    this.#measure();
  }

  /** A track that ends before the others must not do so with a click. */
  #fadeEnd(samples: Float32Array): void {
    for (let n = 1; n <= Math.min(this.#fadeFrames, samples.length); n++) {
      samples[samples.length - n]! *= fadeShape(n / this.#fadeFrames);
    }
  }

  /** What sounds under this name fades out under another. */
  #replaced(id: string): void {
    const track = this.#tracks.get(id);
    if (!track) return;
    this.#tracks.delete(id);
    this.#tracks.set(`${id} ${this.#done}`, track);
    track.dropped = true;
    track.gain.go(0, this.#fadeFrames);
  }

  #dropTrack(id: string): void {
    const track = this.#tracks.get(id);
    if (!track) return;
    track.dropped = true;
    track.gain.go(0, this.#fadeFrames);
    this.#measure();
  }

  #setMix(gains: Readonly<Record<string, number>>): void {
    for (const [id, track] of this.#tracks) {
      if (track.dropped) continue;
      const gain = gains[id] ?? 0;
      if (gain !== track.gain.target) track.gain.go(gain, this.#fadeFrames);
    }
    this.#measure();
  }

  #measure(): void {
    for (const [id, { dropped, gain }] of this.#tracks) {
      if (dropped && gain.settled) this.#tracks.delete(id);
    }
    const tracks = [...this.#tracks.values()];
    this.#audible = tracks.filter(({ gain }) => gain.target !== 0 || !gain.settled);
    this.#fading = tracks.some(({ gain }) => !gain.settled);
    // One that fades out still has its length: the clip must not end under it.
    this.#longest = tracks.reduce((most, { left }) => Math.max(most, left.length), 0);
  }

  #play(): void {
    if (this.#main || this.#length === 0) return;
    const behind = this.#restPosition >= this.#endFor(this.#restPosition);
    this.#main = new Voice(behind ? (this.#loop?.from ?? 0) : this.#restPosition, this.#rateHz);
  }

  #pause(): void {
    if (!this.#main) return;
    this.#rest(this.#main.position);
  }

  /** Stops, with the head at `position`. */
  #rest(position: number): void {
    this.#letGo();
    this.#restPosition = Math.max(0, Math.min(position, this.#length));
  }

  #letGo(): void {
    if (!this.#main) return;
    this.#main.leave();
    this.#leaving.push(this.#main);
    this.#main = null;
  }

  #seek(position: number): void {
    const inside = Math.max(0, Math.min(position, this.#length));
    if (!this.#main) {
      this.#restPosition = inside;
      return;
    }
    this.#letGo();
    this.#main = new Voice(inside, this.#rateHz);
  }

  /** What plays outside of the loop goes to its beginning. Only here is it known where the head is now. */
  #setLoop(region: LoopRegion | null): void {
    this.#loop = region;
    const position = this.#main?.position;
    if (!region || position === undefined) return;
    if (position < region.from || position > region.to) this.#seek(region.from);
  }

  #sample(left: Float32Array, right: Float32Array, n: number): void {
    left[n] = 0;
    right[n] = 0;
    const main = this.#main;
    if (main) {
      main.watchEdge(this.#endFor(main.position), this.#speed);
      this.#add(main, main.level.step(), left, right, n);
    }
    for (const voice of this.#leaving) this.#add(voice, voice.level.step(), left, right, n);
    this.#grains(left, right, n);
    this.#advance();
  }

  #add(voice: Voice, level: number, left: Float32Array, right: Float32Array, n: number): void {
    const { frame, before, weight } = voice;
    for (const track of this.#audible) {
      const gain = level * track.gain.value;
      const length = track.left.length;
      if (frame >= 0 && frame < length) {
        left[n]! += gain * weight * track.left[frame]!;
        right[n]! += gain * weight * track.right[frame]!;
      }
      if (before >= 0 && before < length) {
        left[n]! += gain * (1 - weight) * track.left[before]!;
        right[n]! += gain * (1 - weight) * track.right[before]!;
      }
    }
  }

  #grains(left: Float32Array, right: Float32Array, n: number): void {
    const half = Math.round((grainSec / 2) * this.#rateHz);
    if (this.#nextGrain !== null && (!this.#grain || this.#grain.at >= half)) {
      this.#oldGrain = this.#grain;
      this.#grain = { voice: new Voice(this.#nextGrain, this.#rateHz), at: 0 };
      this.#nextGrain = null;
    }
    for (const grain of [this.#oldGrain, this.#grain]) {
      if (!grain || grain.at >= 2 * half) continue;
      this.#add(grain.voice, fadeShape(1 - Math.abs(grain.at / half - 1)), left, right, n);
      grain.voice.frame++;
      grain.at++;
    }
    if (this.#grain && this.#grain.at >= 2 * half) this.#grain = null;
  }

  /** On by one sample, everything. */
  #advance(): void {
    if (this.#fading) {
      let still = false;
      for (const { gain } of this.#tracks.values()) {
        gain.step();
        still ||= !gain.settled;
      }
      if (!still) this.#measure();
    }
    const guide = this.#speed === 1 ? null : this.#guideSamples();
    for (const voice of this.#leaving) voice.advance(this.#speed, guide);
    if (this.#leaving.some(({ gone }) => gone)) this.#leaving = this.#leaving.filter(({ gone }) => !gone);
    const main = this.#main;
    if (!main) return;
    const end = this.#endFor(main.position);
    main.advance(this.#speed, guide);
    if (main.position < end) return;
    if (this.#loop && end === this.#loop.to) {
      main.wrapTo(this.#loop.from + main.position - end);
      return;
    }
    this.#main = null;
    this.#restPosition = this.#length;
    this.#ended = true;
  }

  #guideSamples(): Float32Array<ArrayBuffer> | null {
    return (this.#tracks.get(this.#guide ?? '') ?? this.#audible[0])?.left ?? null;
  }
}
