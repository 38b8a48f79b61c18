import type { Order, ProcessorOptions } from './messages.ts';
import { Mixer } from './mixer.ts';
import { processorName } from './processor-name.ts';

/** The audio thread's side: runs the mixer for as long as the page's context does. A module of its own worklet. */

// What only the audio thread has; the DOM's types leave it out.
declare const currentFrame: number;
declare const sampleRate: number;
declare const registerProcessor: (name: string, make: new (options: never) => unknown) => void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

class TransportProcessor extends AudioWorkletProcessor {
  readonly #mixer = new Mixer(sampleRate);

  constructor({ processorOptions }: { processorOptions?: ProcessorOptions }) {
    super();
    for (const order of processorOptions?.orders ?? []) this.#mixer.take(order);
    this.port.onmessage = ({ data }: MessageEvent<Order>) => this.#mixer.take(data);
  }

  process(_inputs: unknown, [output]: Float32Array[][]): boolean {
    const [left, right] = output ?? [];
    // The node is made with two channels out.
    if (left && right) this.#mixer.render(currentFrame, left, right);
    const report = this.#mixer.report();
    if (report) this.port.postMessage(report);
    return true;
  }
}

registerProcessor(processorName, TransportProcessor);
