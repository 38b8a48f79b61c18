import { ResynthError, messageOf } from '../../src-preload/contract/errors/error.ts';
import processorUrl from './processor.ts?worker&url';
import type { Order, OrderBody, ProcessorOptions, Report } from './messages.ts';
import { processorName } from './processor-name.ts';

/**
 * One audio context with the mixer in its audio thread, and the line of orders to it. Orders that are given before the
 * thread is up are kept, in their turn.
 */
export class AudioLine {
  readonly context: AudioContext;
  readonly #volume: GainNode;
  #node: AudioWorkletNode | null = null;
  #kept: { order: Order; transfer: Transferable[] }[] = [];
  #last = 0;
  #closed = false;
  readonly ready: Promise<void>;

  /**
   * Browsers let it sound only if it is made, or resumed, while a click or key press is handled.
   *
   * @throws ResynthError listening/no-audio, also as rejection of `ready`.
   */
  constructor(sampleRateHz: number, onReport: (report: Report) => void) {
    try {
      // At the clips' own rate: what is mixed is then the samples themselves, and the browser resamples once, well.
      this.context = new AudioContext({ sampleRate: sampleRateHz, latencyHint: 'interactive' });
    } catch (thrown) {
      throw noAudio(thrown);
    }
    this.#volume = this.context.createGain();
    this.#volume.connect(this.context.destination);
    this.ready = this.#open(onReport).catch((thrown: unknown) => {
      throw thrown instanceof ResynthError ? thrown : noAudio(thrown);
    });
  }

  get sampleRateHz(): number {
    return this.context.sampleRate;
  }

  /** The frame that is heard now: what was mixed later is still on its way to the loudspeaker. */
  get heardFrame(): number {
    const { currentTime, outputLatency, baseLatency, sampleRate } = this.context;
    return (currentTime - (outputLatency || baseLatency || 0)) * sampleRate;
  }

  /** Sends an order; gives its number. Buffers in `transfer` are the audio thread's from now on. */
  send(body: OrderBody, transfer: Transferable[] = []): number {
    const order: Order = { ...body, number: ++this.#last };
    if (this.#node) this.#node.port.postMessage(order, transfer);
    else this.#kept.push({ order, transfer });
    return order.number;
  }

  setVolume(volume: number): void {
    this.#volume.gain.setTargetAtTime(volume, this.context.currentTime, 0.01);
  }

  /** To be called while a click or key press is handled. */
  async resume(): Promise<void> {
    if (this.context.state !== 'running' && !this.#closed) await this.context.resume();
  }

  close(): void {
    this.#closed = true;
    this.#kept = [];
    this.#node?.port.close();
    this.#node?.disconnect();
    void this.context.close();
  }

  async #open(onReport: (report: Report) => void): Promise<void> {
    await this.context.audioWorklet.addModule(processorUrl);
    if (this.#closed) return;
    const node = new AudioWorkletNode(this.context, processorName, {
      numberOfInputs: 0,
      outputChannelCount: [2],
      processorOptions: {} satisfies ProcessorOptions,
    });
    node.port.onmessage = ({ data }: MessageEvent<Report>) => onReport(data);
    node.connect(this.#volume);
    for (const { order, transfer } of this.#kept) node.port.postMessage(order, transfer);
    this.#kept = [];
    this.#node = node;
  }
}

function noAudio(thrown: unknown): ResynthError {
  return new ResynthError('listening/no-audio', { detail: messageOf(thrown) }, { cause: thrown });
}
