// What the page and the audio thread tell each other. Positions are frames at the context's rate from the start of the clip.

/** One track's samples at the context's rate, a channel each: one or two. */
export interface TrackSamples {
  id: string;
  channels: readonly Float32Array<ArrayBuffer>[];
}

export interface LoopRegion {
  from: number;
  to: number;
}

/** One change of what sounds. `atFrame` (of the context's own count) makes it happen there, to the sample; else at once. */
export type Order = { number: number; atFrame?: number } & (
  | { kind: 'track'; track: TrackSamples }
  | { kind: 'drop'; id: string }
  /** Factors on tracks, those left out being 0: choosing one track, its level and the common attenuation in one. */
  | { kind: 'mix'; gains: Readonly<Record<string, number>> }
  | { kind: 'play' }
  | { kind: 'pause' }
  | { kind: 'seek'; position: number }
  /** A short grain at a place, while the play head is dragged. */
  | { kind: 'grain'; position: number }
  | { kind: 'loop'; region: LoopRegion | null }
  /** Playing time over clip time: 1 plays the samples as they are, 0.5 takes twice as long at the same pitch. */
  | { kind: 'speed'; speed: number }
  /** By which track the pieces of slowed-down sound are fitted, so that all tracks are cut in the same places. */
  | { kind: 'guide'; id: string | null }
  /** The clip ends there, or at the end of its longest track. */
  | { kind: 'length'; frames: number | null }
);

/** An order without its number, however its kind is. */
export type OrderBody = Order extends infer One ? (One extends Order ? Omit<One, 'number'> : never) : never;

/** Where playing is; sent every few hundredths of a second, and at once when it ends. */
export interface Report {
  /** The context's frame at which this was so. */
  frame: number;
  position: number;
  playing: boolean;
  /** It came to its end by itself. */
  ended: boolean;
  /** The last order that was carried out. */
  done: number;
}

/** For the processor's constructor. */
export interface ProcessorOptions {
  /** Carried out before the first sample; for tests, where messages may come late. */
  orders?: readonly Order[];
}

/** Whether an order makes an earlier one, that was not sent yet, void. */
export function supersedes(body: OrderBody, earlier: OrderBody): boolean {
  if (body.kind === 'drop' || body.kind === 'track') {
    const id = body.kind === 'drop' ? body.id : body.track.id;
    return earlier.kind === 'track' && earlier.track.id === id;
  }
  return body.kind === earlier.kind;
}
