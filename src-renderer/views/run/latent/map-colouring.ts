import type { LatentPoints } from '../../../../src-preload/contract/commands/latent.ts';
import { colourTable } from '../../../state/colour-maps.ts';

/** What the points of a map may be coloured by. */
export const colourings = {
  label: { title: 'Label' },
  speaker: { title: 'Speaker' },
  split: { title: 'Split' },
  component: { title: 'Component' },
  durationSec: { title: 'Length', unit: 's' },
  klNats: { title: 'KL', unit: 'nats' },
  mse: { title: 'Reconstruction error' },
} as const satisfies Record<string, { title: string; unit?: string }>;
export type ColourBy = keyof typeof colourings;

/** Points in classes: colour and shape together tell which. */
export interface ByClass {
  kind: 'class';
  names: string[];
  /** Class of each point. */
  classOf: Uint16Array;
  counts: number[];
}

/** Points along a scale. */
export interface ByNumber {
  kind: 'number';
  low: number;
  high: number;
  values: Float32Array;
  /** Colour of each point among `scaleSteps`. */
  classOf: Uint16Array;
}
export type Colouring = ByClass | ByNumber;

/** Colours of a scale: more cannot be told apart. */
export const scaleSteps = 24;
/** Tokens of the data palette, which are told apart by every common kind of colour blindness. */
const paletteSize = 8;
/** After as many classes as there are colours comes the next shape. */
export const shapes = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;
export type Shape = (typeof shapes)[number];
const noClass = 'none';

/** What there is to colour by: not by what no point has. */
export function colouringsOf(points: LatentPoints): ColourBy[] {
  return (Object.keys(colourings) as ColourBy[]).filter((by) => {
    if (by === 'label') return points.labels.some((one) => one !== null);
    if (by === 'speaker') return points.speakers.some((one) => one !== null);
    if (by === 'component') return points.component !== null;
    return by !== 'mse' || points.mse !== null;
  });
}

export function colouringOf(points: LatentPoints, by: ColourBy): Colouring {
  if (by === 'label') return byClass(points.labels);
  if (by === 'speaker') return byClass(points.speakers);
  if (by === 'split') return byClass(points.splits);
  if (by === 'component') return byClass(Array.from(points.component ?? [], String));
  return byNumber(by === 'mse' ? (points.mse ?? new Float32Array()) : points[by]);
}

function byClass(values: readonly (string | null)[]): ByClass {
  const names = [...new Set(values.map((value) => value ?? noClass))].sort((a, b) =>
    a.localeCompare(b, undefined, { numeric: true }),
  );
  const places = new Map(names.map((name, at) => [name, at]));
  const classOf = Uint16Array.from(values, (value) => places.get(value ?? noClass) ?? 0);
  const counts = names.map(() => 0);
  for (const one of classOf) counts[one] = (counts[one] ?? 0) + 1;
  return { kind: 'class', names, classOf, counts };
}

function byNumber(values: Float32Array): ByNumber {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high > low ? high - low : 1;
  const classOf = Uint16Array.from(values, (value) =>
    Number.isFinite(value) ? Math.min(scaleSteps - 1, Math.floor((scaleSteps * (value - low)) / span)) : 0,
  );
  return {
    kind: 'number',
    low: Number.isFinite(low) ? low : 0,
    high: Number.isFinite(high) ? high : 0,
    values,
    classOf,
  };
}

/** The token of a class: eight colours, then the same with the next shape. */
export function tokenOf(at: number): string {
  return `--data-${(at % paletteSize) + 1}`;
}

export function shapeOf(at: number): Shape {
  return shapes[Math.floor(at / paletteSize) % shapes.length] ?? 'circle';
}

/** Colours of a scale, dark to light, without the ends that vanish on the page. */
export function scaleColours(): string[] {
  const table = colourTable('viridis');
  return Array.from({ length: scaleSteps }, (_, at) => {
    const packed = table[Math.round((0.04 + (0.88 * at) / (scaleSteps - 1)) * (table.length - 1))] ?? 0;
    return `rgb(${packed & 255} ${(packed >> 8) & 255} ${(packed >> 16) & 255})`;
  });
}
