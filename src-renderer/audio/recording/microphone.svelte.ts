import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { type CapturedBlock, captureName } from './capture-name.ts';
import processorUrl from './capture-processor.ts?worker&url';
import { LevelMeter, type MeterReading } from './level-meter.ts';
import { microphoneError } from './microphone-error.ts';
import { type RecordedTake, TakeBuffer } from './take-buffer.ts';

export interface MicrophoneDevice {
  id: string;
  name: string;
}

/** What the browser does to the sound, as it says itself; null where it does not say. */
export interface MicrophoneFacts {
  name: string;
  sampleRateHz: number;
  channels: number | null;
  autoGainControl: boolean | null;
  noiseSuppression: boolean | null;
  echoCancellation: boolean | null;
}

export type MicrophoneState = 'closed' | 'opening' | 'open' | 'failed' | 'lost';

/** What was said just before a key was pressed belongs to the take. */
const preRollSec = 0.3;
/** Longer takes end by themselves: whoever went away has not filled the memory. */
export const longestTakeSec = 120;

const silence: MeterReading = { peakDb: -100, rmsDb: -100, clipped: false };

/**
 * One input of the machine, as it is: what browsers do to voices for calls (gain control, noise suppression, echo
 * cancellation) is asked to be off, and what they do all the same is told. Recorded at the microphone's own rate.
 */
export class Microphone {
  /** Each block as it comes, for who waits for somebody to speak. */
  onblock: (samples: Float32Array) => void = () => undefined;
  /** The recording that ended without being asked: the microphone is gone, or it became too long. */
  onended: (take: RecordedTake) => void = () => undefined;
  #state = $state<MicrophoneState>('closed');
  #error = $state.raw<ResynthError | null>(null);
  #devices = $state.raw<readonly MicrophoneDevice[]>([]);
  #deviceId = $state('');
  #facts = $state.raw<MicrophoneFacts | null>(null);
  #reading = $state.raw<MeterReading>(silence);
  #recording = $state(false);
  #recordedSec = $state(0);
  #context: AudioContext | null = null;
  #stream: MediaStream | null = null;
  #node: AudioWorkletNode | null = null;
  #buffer: TakeBuffer | null = null;
  #meter: LevelMeter | null = null;
  #opening = 0;
  readonly #listDevices = (): void => void this.#list();

  get state(): MicrophoneState {
    return this.#state;
  }

  get error(): ResynthError | null {
    return this.#error;
  }

  /** Inputs to choose from; browsers name them only once one was allowed. */
  get devices(): readonly MicrophoneDevice[] {
    return this.#devices;
  }

  get deviceId(): string {
    return this.#deviceId;
  }

  get facts(): MicrophoneFacts | null {
    return this.#facts;
  }

  get reading(): MeterReading {
    return this.#reading;
  }

  get recording(): boolean {
    return this.#recording;
  }

  /** Of the recording that is under way. */
  get recordedSec(): number {
    return this.#recordedSec;
  }

  get sampleRateHz(): number {
    return this.#context?.sampleRate ?? 0;
  }

  /** Opens an input, the default one without an id; failing is told in `error`. To be called in a click or key press. */
  async open(deviceId = this.#deviceId): Promise<boolean> {
    this.close();
    const opening = ++this.#opening;
    this.#state = 'opening';
    this.#error = null;
    try {
      await this.#open(deviceId, opening);
      return opening === this.#opening;
    } catch (thrown) {
      if (opening !== this.#opening) return false;
      this.#release();
      this.#error = microphoneError(thrown);
      this.#state = 'failed';
      return false;
    }
  }

  /** Begins a recording. Needs an open microphone. */
  begin(): void {
    if (!this.#buffer || this.#recording) return;
    this.#buffer.begin();
    this.#recording = true;
    this.#recordedSec = 0;
  }

  /** Ends the recording and gives it; null where none was under way. */
  end(): RecordedTake | null {
    if (!this.#buffer || !this.#recording) return null;
    this.#recording = false;
    return this.#buffer.end();
  }

  cancel(): void {
    this.#recording = false;
    this.#buffer?.cancel();
  }

  clearClip(): void {
    this.#meter?.clearClip();
    this.#reading = { ...this.#reading, clipped: false };
  }

  close(): void {
    this.#opening++;
    this.#release();
    this.#state = 'closed';
    this.#error = null;
  }

  async #open(deviceId: string, opening: number): Promise<void> {
    // Browsers know no microphone in a page that came over the network unprotected.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices || typeof AudioWorkletNode === 'undefined') throw new ResynthError('microphone/not-here');
    const stream = await devices.getUserMedia({
      audio: {
        ...(deviceId === '' ? {} : { deviceId: { exact: deviceId } }),
        autoGainControl: false,
        noiseSuppression: false,
        echoCancellation: false,
      },
    });
    if (opening !== this.#opening) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.#stream = stream;
    const [track] = stream.getAudioTracks();
    if (!track) throw new ResynthError('microphone/none');
    const settings = track.getSettings();
    const context = contextAt(settings.sampleRate);
    this.#context = context;
    await context.audioWorklet.addModule(processorUrl);
    await context.resume();
    if (opening !== this.#opening) return;
    this.#buffer = new TakeBuffer(context.sampleRate, preRollSec);
    this.#meter = new LevelMeter(context.sampleRate);
    const node = new AudioWorkletNode(context, captureName, { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }: MessageEvent<CapturedBlock>) => this.#take(data);
    this.#node = node;
    context.createMediaStreamSource(stream).connect(node);
    track.addEventListener('ended', () => this.#lose(track.label));
    this.#deviceId = settings.deviceId ?? deviceId;
    this.#facts = {
      name: track.label,
      sampleRateHz: context.sampleRate,
      channels: settings.channelCount ?? null,
      autoGainControl: settings.autoGainControl ?? null,
      noiseSuppression: settings.noiseSuppression ?? null,
      // Newer browsers name which echoes they take away.
      echoCancellation: settings.echoCancellation === undefined ? null : isOn(settings.echoCancellation),
    };
    this.#state = 'open';
    devices.addEventListener('devicechange', this.#listDevices);
    await this.#list();
  }

  #take(block: CapturedBlock): void {
    if (!this.#buffer || !this.#meter) return;
    this.#buffer.add(block);
    this.#meter.add(block.samples);
    this.#reading = this.#meter.reading;
    this.onblock(block.samples);
    if (!this.#recording) return;
    this.#recordedSec = this.#buffer.durationSec;
    if (this.#recordedSec >= longestTakeSec) this.#endByItself();
  }

  #endByItself(): void {
    const take = this.end();
    if (take) this.onended(take);
  }

  #lose(name: string): void {
    this.#endByItself();
    this.#release();
    this.#error = new ResynthError('microphone/lost', { name: name || 'that was used' });
    this.#state = 'lost';
  }

  async #list(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices();
    this.#devices = all
      .filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== '')
      .map(({ deviceId, label }, at) => ({ id: deviceId, name: label || `Input ${at + 1}` }));
  }

  #release(): void {
    this.#recording = false;
    if (this.#node) this.#node.port.onmessage = null;
    this.#node?.disconnect();
    this.#node = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    void this.#context?.close();
    this.#context = null;
    this.#buffer = null;
    this.#meter = null;
    this.#reading = silence;
    this.#facts = null;
    // Where there is no microphone at all there is nobody to listen to either.
    (navigator.mediaDevices as MediaDevices | undefined)?.removeEventListener(
      'devicechange',
      this.#listDevices,
    );
  }
}

function isOn(setting: boolean | string): boolean {
  return setting !== false && setting !== '';
}

/** At the microphone's own rate, so that nothing is resampled before it is kept. */
function contextAt(sampleRateHz: number | undefined): AudioContext {
  if (sampleRateHz !== undefined) {
    try {
      return new AudioContext({ sampleRate: sampleRateHz, latencyHint: 'interactive' });
    } catch {
      // A rate that this browser's audio does not run at: it resamples then, to the rate that the facts name.
    }
  }
  return new AudioContext({ latencyHint: 'interactive' });
}
