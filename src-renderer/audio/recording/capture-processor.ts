import { type CapturedBlock, captureName } from './capture-name.ts';

/** The audio thread's side of a recording: hands on what comes in, as it is, in blocks that do not flood the page. */

// What only the audio thread has; the DOM's types leave it out.
declare const currentFrame: number;
declare const registerProcessor: (name: string, make: new () => unknown) => void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

/** Samples a message: some 20 ms at 48 kHz, which a level meter follows smoothly. */
const blockLength = 1024;

class CaptureProcessor extends AudioWorkletProcessor {
  #samples = new Float32Array(blockLength);
  #filled = 0;
  #frame = 0;

  process([input]: Float32Array[][]): boolean {
    const count = input?.[0]?.length ?? 0;
    // No channel: the microphone is not connected yet, or was taken away.
    if (!input || count === 0) return true;
    // The audio thread was too late for some of it: what there is goes out, so that the gap is seen.
    if (this.#filled > 0 && currentFrame !== this.#frame + this.#filled) this.#send();
    if (this.#filled === 0) this.#frame = currentFrame;
    if (this.#filled + count > this.#samples.length) {
      this.#send();
      this.#frame = currentFrame;
    }
    for (const channel of input) {
      for (let at = 0; at < count; at++) this.#samples[this.#filled + at]! += channel[at]! / input.length;
    }
    this.#filled += count;
    if (this.#filled === this.#samples.length) this.#send();
    return true;
  }

  #send(): void {
    const samples = this.#samples.slice(0, this.#filled);
    const block: CapturedBlock = { frame: this.#frame, samples };
    this.port.postMessage(block, [samples.buffer]);
    this.#samples.fill(0);
    this.#filled = 0;
  }
}

registerProcessor(captureName, CaptureProcessor);
