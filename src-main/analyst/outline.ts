import type { AudioSource } from '../audio/source.ts';
import { damageOf, refuseNotFinite } from '../audio/damage.ts';

/**
 * The lowest and highest sample of every cell of a recording, a cell being so many samples of all channels. From it the
 * outline of any stretch is drawn without decoding, as long as a span is many cells.
 */
export interface Outline {
  cellSamples: number;
  /** Samples a channel of the whole recording. */
  samples: number;
  /** [min0, max0, min1, max1, ...], one pair a cell; the last cell may be shorter. */
  extremes: Float32Array<ArrayBuffer>;
}

/** Goes through a recording once, in little memory. */
export function outlineOf(file: string, source: AudioSource, cellSamples: number): Outline {
  let extremes = new Float32Array(1 << 12);
  let samples = 0;
  for (const block of source.blocks()) {
    refuseNotFinite(file, source.info, block, samples);
    const length = block[0]?.length ?? 0;
    const needed = 2 * Math.ceil((samples + length) / cellSamples);
    if (needed > extremes.length) {
      const larger = new Float32Array(Math.max(needed, 2 * extremes.length));
      larger.set(extremes);
      extremes = larger;
    }
    for (let at = 0; at < length;) {
      const cell = Math.floor((samples + at) / cellSamples);
      const end = Math.min(length, (cell + 1) * cellSamples - samples);
      const begun = (samples + at) % cellSamples > 0;
      let low = begun ? extremes[2 * cell]! : Infinity;
      let high = begun ? extremes[2 * cell + 1]! : -Infinity;
      for (const channel of block) {
        for (let i = at; i < end; i++) {
          const sample = channel[i]!;
          if (sample < low) low = sample;
          if (sample > high) high = sample;
        }
      }
      extremes[2 * cell] = low;
      extremes[2 * cell + 1] = high;
      at = end;
    }
    samples += length;
  }
  const damage = damageOf(file, source, source.reached, Infinity);
  if (damage) throw damage;
  return { cellSamples, samples, extremes: extremes.slice(0, 2 * Math.ceil(samples / cellSamples)) };
}

/** The outline in cells that are `factor` times as long. */
export function coarser(outline: Outline, factor: number): Outline {
  const cells = outline.extremes.length / 2;
  const extremes = new Float32Array(2 * Math.ceil(cells / factor));
  for (let cell = 0; cell * factor < cells; cell++) {
    const end = Math.min(cells, (cell + 1) * factor);
    const [low, high] = extremesOf(outline.extremes, cell * factor, end);
    extremes[2 * cell] = low;
    extremes[2 * cell + 1] = high;
  }
  return { cellSamples: outline.cellSamples * factor, samples: outline.samples, extremes };
}

/** The extremes of `spans` equal parts of samples `from` to `to`, from the cells that touch each. */
export function spansOf(
  outline: Outline,
  from: number,
  to: number,
  spans: number,
): Float32Array<ArrayBuffer> {
  const cells = outline.extremes.length / 2;
  const peaks = new Float32Array(2 * spans);
  for (let span = 0; span < spans; span++) {
    const first = Math.floor(spanStart(from, to, spans, span) / outline.cellSamples);
    const end = Math.ceil(spanStart(from, to, spans, span + 1) / outline.cellSamples);
    const [low, high] = extremesOf(
      outline.extremes,
      Math.min(first, cells),
      Math.min(Math.max(end, first + 1), cells),
    );
    peaks[2 * span] = low;
    peaks[2 * span + 1] = high;
  }
  return peaks;
}

/** The extremes of `spans` equal parts of samples that are there. Where a span is less than a sample long, it is that sample's. */
export function spansOfSamples(channels: readonly Float32Array[], spans: number): Float32Array<ArrayBuffer> {
  const length = channels[0]?.length ?? 0;
  const peaks = new Float32Array(2 * spans);
  if (length === 0) return peaks;
  for (let span = 0; span < spans; span++) {
    const first = Math.floor(spanStart(0, length, spans, span));
    const end = Math.max(first + 1, Math.ceil(spanStart(0, length, spans, span + 1)));
    let low = Infinity;
    let high = -Infinity;
    for (const channel of channels) {
      for (let at = first; at < end; at++) {
        const sample = channel[at]!;
        if (sample < low) low = sample;
        if (sample > high) high = sample;
      }
    }
    peaks[2 * span] = low;
    peaks[2 * span + 1] = high;
  }
  return peaks;
}

function spanStart(from: number, to: number, spans: number, span: number): number {
  return from + ((to - from) * span) / spans;
}

/** Of cells `first` to `end`; zeros where there is none. */
function extremesOf(extremes: Float32Array, first: number, end: number): [number, number] {
  if (end <= first) return [0, 0];
  let low = Infinity;
  let high = -Infinity;
  for (let cell = first; cell < end; cell++) {
    if (extremes[2 * cell]! < low) low = extremes[2 * cell]!;
    if (extremes[2 * cell + 1]! > high) high = extremes[2 * cell + 1]!;
  }
  return [low, high];
}
