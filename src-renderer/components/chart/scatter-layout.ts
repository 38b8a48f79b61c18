import { tickTexts } from './axis-text.ts';
import { evenTicks, logTicks } from './log-ticks.ts';
import { linearRange } from './value-range.ts';

/** One thing in a plane, with how sure its y is. */
export interface ScatterPoint {
  id: string;
  label: string;
  x: number;
  y: number;
  interval: { low: number; high: number } | null;
}

interface Tick {
  at: number;
  text: string;
}

interface Place {
  x: number;
  y: number;
}

export interface ScatterLayout {
  /** The plane, in px. */
  plane: { left: number; top: number; right: number; bottom: number };
  xTicks: Tick[];
  yTicks: Tick[];
  points: (Place & {
    id: string;
    label: Place & { text: string; anchor: 'start' | 'middle' | 'end' };
    /** Ends of the interval in px, the lower value first. */
    bar: { from: number; to: number } | null;
  })[];
}

const margin = { left: 52, top: 12, right: 16, bottom: 44 };
/** Of a mark, and of a letter of its label at 12 px: near enough to keep labels apart. */
const radius = 7;
/** Half the width that an interval takes. */
const whisker = 4;
const letter = 6.4;
const line = 14;
/** Even one point alone, or several that are one, has so much of an axis around it. */
const leastDecades = 0.5;

/** Where points lie with a logarithmic x, ticks of both axes, and labels where they hide no point, no interval and no other label. */
export function scatterLayout(
  points: readonly ScatterPoint[],
  { width, height }: { width: number; height: number },
): ScatterLayout {
  const plane = {
    left: margin.left,
    top: margin.top,
    right: Math.max(margin.left + 1, width - margin.right),
    bottom: Math.max(margin.top + 1, height - margin.bottom),
  };
  const shown = points.filter(({ x, y }) => x > 0 && Number.isFinite(x) && Number.isFinite(y));
  if (shown.length === 0) return { plane, xTicks: [], yTicks: [], points: [] };
  const x = logScale(
    shown.map((point) => point.x),
    plane.left,
    plane.right,
  );
  const values = shown.flatMap(({ y, interval }) => (interval ? [y, interval.low, interval.high] : [y]));
  const [low, high] = linearRange(Math.min(...values), Math.max(...values));
  const toY = (value: number): number =>
    plane.bottom - ((value - low) / (high - low)) * (plane.bottom - plane.top);
  const places = shown.map((point) => ({
    ...{ point, x: x.at(point.x), y: toY(point.y) },
    bar: point.interval ? { from: toY(point.interval.low), to: toY(point.interval.high) } : null,
  }));
  const taken: Box[] = places.flatMap((place) => [
    around(place, radius),
    ...(place.bar
      ? [{ left: place.x - whisker, right: place.x + whisker, top: place.bar.to, bottom: place.bar.from }]
      : []),
  ]);
  return {
    plane,
    xTicks: x.ticks,
    yTicks: withTexts(evenTicks(low, high, 6), toY),
    points: places.map(({ point, x: left, y: top, bar }) => ({
      id: point.id,
      x: left,
      y: top,
      label: freeLabel(point.label, { x: left, y: top }, plane, taken),
      bar,
    })),
  };
}

function logScale(values: readonly number[], from: number, to: number) {
  const logs = values.map(Math.log10);
  const middle = (Math.min(...logs) + Math.max(...logs)) / 2;
  const half = 0.5 * Math.max(leastDecades, (Math.max(...logs) - Math.min(...logs)) * 1.24);
  const at = (value: number): number =>
    from + ((Math.log10(value) - middle + half) / (2 * half)) * (to - from);
  const all = logTicks(10 ** (middle - half), 10 ** (middle + half));
  // As many as have room for their texts.
  const stride = Math.max(1, Math.ceil((all.length * 56) / Math.max(1, to - from)));
  return {
    at,
    ticks: withTexts(
      all.filter((_, place) => place % stride === 0),
      at,
    ),
  };
}

function withTexts(values: readonly number[], at: (value: number) => number): Tick[] {
  const texts = tickTexts(values);
  return values.map((value, place) => ({ at: at(value), text: texts[place] ?? '' }));
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function around({ x, y }: Place, by: number): Box {
  return { left: x - by, top: y - by, right: x + by, bottom: y + by };
}

/** Beside the point where there is room; where there is none anywhere, where it hides the least. Takes the place that it is given. */
function freeLabel(text: string, { x, y }: Place, plane: Box, taken: Box[]) {
  const width = text.length * letter;
  const gap = radius + 3;
  const choices = [
    { x: x + gap, y: y + 4, anchor: 'start' as const },
    { x: x - gap, y: y + 4, anchor: 'end' as const },
    { x, y: y - gap, anchor: 'middle' as const },
    { x, y: y + gap + 9, anchor: 'middle' as const },
    ...[-gap, gap + 9, -gap - line, gap + 9 + line, -gap - 2 * line, gap + 9 + 2 * line].flatMap((by) => [
      { x: x + gap, y: y + by, anchor: 'start' as const },
      { x: x - gap, y: y + by, anchor: 'end' as const },
    ]),
  ];
  const boxOf = (choice: (typeof choices)[number]): Box => {
    const left =
      choice.anchor === 'start'
        ? choice.x
        : choice.anchor === 'end'
          ? choice.x - width
          : choice.x - width / 2;
    return { left, top: choice.y - line + 3, right: left + width, bottom: choice.y + 3 };
  };
  const hidden = choices.map((choice): number => {
    const box = boxOf(choice);
    const inside =
      box.left >= plane.left &&
      box.right <= plane.right &&
      box.top >= plane.top &&
      box.bottom <= plane.bottom;
    return inside ? taken.filter((other) => overlap(box, other)).length : Infinity;
  });
  const chosen = choices[hidden.indexOf(Math.min(...hidden))]!;
  taken.push(boxOf(chosen));
  return { text, ...chosen };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
