import { splits } from '../../corpora/recording.ts';
import type { Columns, NamedColumn } from './column-cache.ts';
import type { Facet, Histogram, RecordingStats } from './types.ts';

const bins = 40;

/** Levels below this are counted in the lowest bin: 16-bit recordings hold nothing quieter. */
const quietestDb = -96;

/** What recordings at some positions have in common, counted in one go over each column. */
export function statsOf(all: Columns, positions: Uint32Array): RecordingStats {
  const { durationSec, bytes, peak, rms, sampleRateHz, channels } = all.numeric;
  let totalSec = 0;
  let totalBytes = 0;
  for (const position of positions) {
    totalSec += durationSec[position] as number;
    totalBytes += bytes[position] as number;
  }
  const included = positions.filter((position) => all.excluded[position] === 0);
  const loud = positions.filter((position) => (peak[position] as number) > 0);
  return {
    recordings: positions.length,
    durationSec: totalSec,
    bytes: totalBytes,
    speakers: namedFacets(all.speaker, durationSec, positions),
    labels: namedFacets(all.label, durationSec, positions),
    sexes: namedFacets(all.sex, durationSec, positions),
    subsets: namedFacets(all.subset, durationSec, positions),
    excluded: positions.length - included.length,
    warned: positions.reduce((sum, position) => sum + (all.warned[position] as number), 0),
    splits: valueFacets(all.split, durationSec, included).map(({ value, ...rest }) => ({
      value: splits[value] ?? 'train',
      ...rest,
    })),
    sampleRates: valueFacets(sampleRateHz, durationSec, positions),
    channels: valueFacets(channels, durationSec, positions),
    duration: histogramOf(
      durationEdges(durationSec, positions),
      positions,
      (at) => durationSec[at] as number,
    ),
    peakDb: histogramOf(levelEdges(peak, loud), loud, (at) => levelDb(peak[at] as number)),
    rmsDb: histogramOf(levelEdges(rms, loud), loud, (at) => levelDb(rms[at] as number)),
  };
}

function levelDb(level: number): number {
  return Math.max(20 * Math.log10(level), quietestDb);
}

function namedFacets(
  { names, code }: NamedColumn,
  durationSec: Float64Array,
  positions: Uint32Array,
): Facet<string | null>[] {
  const counts = new Float64Array(names.length + 1);
  const seconds = new Float64Array(names.length + 1);
  for (const position of positions) {
    const at = code[position] as number;
    const index = at < 0 ? names.length : at;
    counts[index] = (counts[index] as number) + 1;
    seconds[index] = (seconds[index] as number) + (durationSec[position] as number);
  }
  return [...names, null].flatMap((value, index) =>
    counts[index] ? [{ value, recordings: counts[index], durationSec: seconds[index] as number }] : [],
  );
}

function valueFacets(
  values: Float64Array | Uint8Array,
  durationSec: Float64Array,
  positions: Uint32Array,
): Facet<number>[] {
  const found = new Map<number, Facet<number>>();
  let facet: Facet<number> | undefined;
  for (const position of positions) {
    const value = values[position] as number;
    // Most recordings have the value of the one before.
    if (facet?.value !== value) {
      facet = found.get(value) ?? { value, recordings: 0, durationSec: 0 };
      found.set(value, facet);
    }
    facet.recordings++;
    facet.durationSec += durationSec[position] as number;
  }
  return [...found.values()].sort((a, b) => a.value - b.value);
}

/** Bins of a round width that hold every value, at most 40. */
function evenEdges(low: number, high: number): number[] {
  const width = roundUp((high - low) / bins || 1e-3);
  const first = Math.floor(low / width);
  const last = Math.max(Math.floor(high / width) + 1, first + 1);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * width).toPrecision(12)),
  );
}

/** 1, 2 or 5 times a power of ten, not below `width`. */
function roundUp(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return ([1, 2, 5, 10].find((step) => step * power >= width * (1 - 1e-9)) ?? 10) * power;
}

/** A histogram of round bins over all values. */
export function evenHistogram(positions: Uint32Array, valueAt: (position: number) => number): Histogram {
  let low = Infinity;
  let high = -Infinity;
  for (const position of positions) {
    const value = valueAt(position);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return histogramOf(positions.length === 0 ? evenEdges(0, 1) : evenEdges(low, high), positions, valueAt);
}

function durationEdges(durationSec: Float64Array, positions: Uint32Array): number[] {
  let longest = 0;
  for (const position of positions) longest = Math.max(longest, durationSec[position] as number);
  return evenEdges(0, longest);
}

function levelEdges(levels: Float64Array, positions: Uint32Array): number[] {
  let lowest = 0;
  let highest = quietestDb;
  for (const position of positions) {
    const db = levelDb(levels[position] as number);
    if (db < lowest) lowest = db;
    if (db > highest) highest = db;
  }
  return positions.length === 0 ? evenEdges(quietestDb, 0) : evenEdges(lowest, Math.max(highest, lowest));
}

function histogramOf(
  edges: number[],
  positions: Uint32Array,
  valueAt: (position: number) => number,
): Histogram {
  const counts = new Array<number>(edges.length - 1).fill(0);
  const low = edges[0] ?? 0;
  const width = ((edges.at(-1) ?? 1) - low) / counts.length;
  for (const position of positions) {
    const value = valueAt(position);
    let bin = Math.min(Math.max(Math.floor((value - low) / width), 0), counts.length - 1);
    // Dividing may round across an edge by the last bit.
    if (value < (edges[bin] as number) && bin > 0) bin--;
    else if (value >= (edges[bin + 1] as number) && bin < counts.length - 1) bin++;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges, counts };
}
