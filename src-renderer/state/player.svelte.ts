import type { z } from 'zod';
import type { soundSchema } from '../../src-preload/contract/commands/recordings.ts';

export type Sound = z.output<typeof soundSchema>;

export interface LoadOptions {
  positionSec?: number;
  keepPlaying?: boolean;
  /** It has sounded to its end. */
  onended?: () => void;
}

/** Long enough that no click is heard where a sound is cut, short enough that nobody hears it as a fade. */
const fadeSec = 0.004;

/**
 * Plays one sound at a time at the file's own rate, through Web Audio. `key` says what is loaded, so that whoever shows a
 * sound knows whether it is theirs that plays. Positions are in seconds from the start of the sound.
 */
export class Player {
  #context: AudioContext | null = null;
  #source: AudioBufferSourceNode | null = null;
  #gain: GainNode | null = null;
  #buffer: AudioBuffer | null = null;
  /** Context time at which position 0 would have sounded. */
  #zeroAt = 0;
  #frame = 0;
  #onended: (() => void) | undefined;

  #key = $state<string | null>(null);
  #playing = $state(false);
  #positionSec = $state(0);
  #durationSec = $state(0);
  #volume = $state(1);

  get key(): string | null {
    return this.#key;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get positionSec(): number {
    return this.#positionSec;
  }

  get durationSec(): number {
    return this.#durationSec;
  }

  get volume(): number {
    return this.#volume;
  }

  setVolume(volume: number): void {
    this.#volume = Math.min(1, Math.max(0, volume));
    if (this.#gain && this.#context) {
      this.#gain.gain.setTargetAtTime(this.#volume, this.#context.currentTime, fadeSec);
    }
  }

  /**
   * Makes a sound the one to play, at its beginning or at `positionSec`; one that sounds goes on in the new one with
   * `keepPlaying`. Has to be called in a click or key press the first time, as browsers allow no sound before one.
   */
  load(key: string, sound: Sound, options: LoadOptions = {}): void {
    const goOn = this.#playing && options.keepPlaying === true;
    this.#silence();
    const context = this.#contextAt(sound.sampleRateHz);
    this.#buffer = toBuffer(context, sound);
    this.#key = key;
    this.#onended = options.onended;
    this.#durationSec = this.#buffer?.duration ?? 0;
    this.#positionSec = Math.min(options.positionSec ?? 0, this.#durationSec);
    if (goOn) this.play();
  }

  play(): void {
    const context = this.#context;
    if (!context || !this.#buffer || this.#playing) return;
    void context.resume();
    const from = this.#positionSec >= this.#durationSec ? 0 : this.#positionSec;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, context.currentTime);
    gain.gain.linearRampToValueAtTime(this.#volume, context.currentTime + fadeSec);
    gain.connect(context.destination);
    const source = context.createBufferSource();
    source.buffer = this.#buffer;
    source.connect(gain);
    source.onended = () => {
      if (this.#source === source) this.#ended();
    };
    source.start(0, from);
    this.#source = source;
    this.#gain = gain;
    this.#zeroAt = context.currentTime - from;
    this.#playing = true;
    this.#follow();
  }

  pause(): void {
    if (!this.#playing) return;
    this.#positionSec = this.#now();
    this.#silence();
  }

  toggle(): void {
    if (this.#playing) this.pause();
    else this.play();
  }

  seek(positionSec: number): void {
    const goOn = this.#playing;
    this.#silence();
    this.#positionSec = Math.min(Math.max(0, positionSec), this.#durationSec);
    if (goOn) this.play();
  }

  /** Ends whatever sounds and forgets it, if it is `key`. */
  unload(key: string): void {
    if (this.#key !== key) return;
    this.#silence();
    this.#buffer = null;
    this.#onended = undefined;
    this.#key = null;
    this.#positionSec = 0;
    this.#durationSec = 0;
  }

  #contextAt(sampleRateHz: number): AudioContext {
    if (this.#context?.sampleRate === sampleRateHz) return this.#context;
    void this.#context?.close();
    try {
      this.#context = new AudioContext({ sampleRate: sampleRateHz });
    } catch {
      // A rate that the device does not take: the buffer keeps the file's rate, and the context resamples as it plays.
      this.#context = new AudioContext();
    }
    return this.#context;
  }

  #silence(): void {
    cancelAnimationFrame(this.#frame);
    this.#playing = false;
    const { currentTime } = this.#context ?? { currentTime: 0 };
    this.#gain?.gain.setTargetAtTime(0, currentTime, fadeSec / 2);
    this.#source?.stop(currentTime + 2 * fadeSec);
    this.#source = null;
    this.#gain = null;
  }

  #ended(): void {
    cancelAnimationFrame(this.#frame);
    this.#source = null;
    this.#gain = null;
    this.#playing = false;
    this.#positionSec = 0;
    this.#onended?.();
  }

  #now(): number {
    const elapsed = (this.#context?.currentTime ?? 0) - this.#zeroAt;
    return Math.min(Math.max(0, elapsed), this.#durationSec);
  }

  #follow(): void {
    this.#frame = requestAnimationFrame(() => {
      if (!this.#playing) return;
      this.#positionSec = this.#now();
      this.#follow();
    });
  }
}

function toBuffer(context: BaseAudioContext, sound: Sound): AudioBuffer | null {
  const { channels, samples, sampleRateHz } = sound;
  const length = Math.floor(samples.length / channels);
  if (length === 0) return null;
  const buffer = context.createBuffer(channels, length, sampleRateHz);
  for (let channel = 0; channel < channels; channel++) {
    const into = buffer.getChannelData(channel);
    if (channels === 1) into.set(samples);
    else for (let at = 0; at < length; at++) into[at] = samples[at * channels + channel] ?? 0;
  }
  return buffer;
}
