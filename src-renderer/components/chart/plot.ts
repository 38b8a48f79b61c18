import uPlot from 'uplot';
import { resolveToken } from '../../state/theme-colours.svelte.ts';
import { clockText, tickTexts } from './axis-text.ts';
import { type AlignedTable, alignCurves } from './aligned-table.ts';
import { type DrawnCurve, decimate } from './decimation.ts';
import { lowerBound } from './growing-series.ts';
import { logTicks } from './log-ticks.ts';
import { linearRange } from './value-range.ts';

/** What the horizontal axis measures; times are in seconds since the run began. */
export type PlotAxis = 'step' | 'epoch' | 'wall' | 'process';

/** One curve. Arrays are views that may be of other arrays at the next `draw`. */
export interface PlotCurve {
  id: string;
  /** A token of the theme, '--data-1', or a colour, '#aa3300'. */
  colour: string;
  /** Ascending. */
  x: Float64Array;
  /** NaN and infinities are gaps with a mark. */
  y: Float64Array;
  /** The curve before it was smoothed, drawn faintly beneath; null where `y` is as measured. */
  raw: Float64Array | null;
}

export interface PlotPicture {
  curves: readonly PlotCurve[];
  axis: PlotAxis;
  logX: boolean;
  logY: boolean;
  /** Ranges the vertical axis by 98 % of what is in view, so that a few extremes do not flatten the rest. */
  withoutExtremes: boolean;
  /** Colours are read anew with another theme. */
  theme: string;
  /** What is in view, in units of x. */
  from: number;
  to: number;
}

export interface PlotOptions {
  /** Charts with the same key share their cursor. */
  linkKey: string;
  /** The user dragged over a span of x. */
  onZoom(from: number, to: number): void;
  onZoomOut(): void;
  /** Where the cursor is, in units of x; null where there is none. */
  onCursor(x: number | null): void;
}

const axisFont = '11px system-ui, sans-serif';
/** A drag of fewer pixels is a click. */
const leastDrag = 6;

/** One uPlot: rebuilt when its curves, axis or theme are others, fed in place while they grow. */
export class Plot {
  readonly #host: HTMLElement;
  readonly #options: PlotOptions;
  #plot: uPlot | null = null;
  #builtFor = '';
  #marks: Float64Array[] = [];
  #table: AlignedTable | undefined;
  #bad = '';
  #pointCounts: number[] = [];

  constructor(host: HTMLElement, options: PlotOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Whether values at or below zero are left out of the picture that was drawn last. */
  hidesValues = false;

  draw(picture: PlotPicture): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width < 40 || height < 40) return;
    const plot = this.#build(picture, width, height);
    if (plot.width !== width || plot.height !== height) plot.setSize({ width, height });
    const columns = Math.max(16, Math.round(plot.bbox.width / devicePixelRatio));
    const view = {
      ...spanOf(picture),
      columns,
      above: picture.logY ? 0 : -Infinity,
      logX: picture.logX,
    };
    const thin = (x: Float64Array, y: Float64Array): DrawnCurve => decimate(x, y, view);
    // Beneath a smoothed curve columns of two pixels do: every spike is still there, at half the work.
    const thinner = (x: Float64Array, y: Float64Array): DrawnCurve =>
      decimate(x, y, { ...view, columns: Math.ceil(columns / 2) });
    const drawn = picture.curves.map((curve) => ({
      main: thin(curve.x, curve.y),
      raw: curve.raw ? thinner(curve.x, curve.raw) : null,
    }));
    this.#marks = drawn.map(({ main, raw }) => (raw ?? main).marks);
    this.hidesValues = drawn.some(({ main, raw }) => (raw ?? main).hidden);
    // Raw curves first: what is drawn later lies on top.
    const lines = [...drawn.flatMap(({ raw }) => (raw ? [raw] : [])), ...drawn.map(({ main }) => main)];
    this.#pointCounts = lines.map((line) => line.x.length);
    // The arrays that were drawn before are nobody's any more.
    this.#table = alignCurves(lines, this.#table);
    const { x, curves } = this.#table;
    plot.batch(() => {
      plot.setData([x, ...curves] as uPlot.AlignedData, false);
      plot.setScale('x', { min: view.from, max: view.to });
    });
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  #build(picture: PlotPicture, width: number, height: number): uPlot {
    const key = JSON.stringify([
      picture.curves.map(({ id, colour, raw }) => [id, colour, raw !== null]),
      picture.axis,
      picture.logX,
      picture.logY,
      picture.withoutExtremes,
      picture.theme,
    ]);
    if (this.#plot && this.#builtFor === key) return this.#plot;
    this.#plot?.destroy();
    this.#builtFor = key;
    this.#plot = new uPlot(this.#uplotOptions(picture, width, height), [[]], this.#host);
    return this.#plot;
  }

  #colour(token: string): string {
    return token.startsWith('--') ? resolveToken(token) : token;
  }

  #uplotOptions(picture: PlotPicture, width: number, height: number): uPlot.Options {
    this.#bad = this.#colour('--bad');
    const line = this.#colour('--line');
    const faint = this.#colour('--line-faint');
    const text = this.#colour('--text-muted');
    const series = (curve: PlotCurve, raw: boolean): uPlot.Series => ({
      stroke: this.#colour(curve.colour),
      width: raw ? 1 : 1.75,
      alpha: raw ? 0.28 : 1,
      spanGaps: false,
      points: {
        size: 5,
        show: (plot, index) =>
          !raw && (this.#pointCounts[index - 1] ?? 0) <= plot.bbox.width / devicePixelRatio / 14,
      },
    });
    const axis = { stroke: text, font: axisFont, ticks: { stroke: line, size: 4, width: 1 }, gap: 4 };
    return {
      width,
      height,
      padding: [8, 24, 0, 0],
      legend: { show: false },
      scales: {
        // Exactly what is in view: a logarithmic scale would round it to whole decades.
        x: {
          time: false,
          auto: false,
          distr: picture.logX ? 3 : 1,
          range: (_plot, low, high) => [low, high],
        },
        y: {
          distr: picture.logY ? 3 : 1,
          range: (plot, low, high) => verticalRange(plot, low, high, picture),
        },
      },
      series: [
        {},
        ...picture.curves.filter((curve) => curve.raw).map((curve) => series(curve, true)),
        ...picture.curves.map((curve) => series(curve, false)),
      ],
      axes: [
        {
          ...axis,
          size: 26,
          space: 60,
          grid: { stroke: faint, width: 1 },
          ...horizontalTicks(picture.axis, picture.logX),
        },
        {
          ...axis,
          size: 56,
          space: 26,
          grid: { stroke: faint, width: 1 },
          values: (_plot, ticks) => tickTexts(ticks),
          ...(picture.logY ? { ...logAxis, values: (_plot, ticks) => ticks.map(oneTick) } : {}),
        },
      ],
      cursor: {
        y: false,
        points: { size: 7, width: 1.5 },
        drag: { x: true, y: false, setScale: false, dist: leastDrag },
        dataIdx: nearestWithValue,
        sync: {
          key: this.#options.linkKey,
          scales: ['x', null],
          // Only where the cursor is: a drag zooms through the page's own state, once.
          filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' },
        },
        bind: { dblclick: () => () => (this.#options.onZoomOut(), null) },
      },
      hooks: {
        setCursor: [
          (plot) => {
            const left = plot.cursor.left ?? -1;
            this.#options.onCursor(left < 0 ? null : plot.posToVal(left, 'x'));
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width: dragged } = plot.select;
            if (dragged < leastDrag) return;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            this.#options.onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + dragged, 'x'));
          },
        ],
        draw: [(plot) => this.#drawMarks(plot)],
      },
    };
  }

  /** A triangle and a thin line where a value is no number: a gap alone would be overlooked. */
  #drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const size = 5 * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top - size, bbox.width, bbox.height + size);
    ctx.clip();
    for (const places of this.#marks) {
      for (const [from, to] of markSpans(plot, places)) {
        const middle = (from + to) / 2;
        ctx.fillStyle = this.#bad;
        ctx.globalAlpha = 0.22;
        ctx.fillRect(from - devicePixelRatio / 2, bbox.top, to - from + devicePixelRatio, bbox.height);
        ctx.globalAlpha = 1;
        ctx.beginPath();
        ctx.moveTo(middle - size, bbox.top);
        ctx.lineTo(middle + size, bbox.top);
        ctx.lineTo(middle, bbox.top + size * 1.6);
        ctx.fill();
      }
    }
    ctx.restore();
  }
}

/** Marks as spans of canvas pixels: those that are closer than they can be told apart are one. */
function markSpans(plot: uPlot, places: Float64Array): [number, number][] {
  const spans: [number, number][] = [];
  for (const place of places) {
    const x = plot.valToPos(place, 'x', true);
    const last = spans.at(-1);
    if (last && x - last[1] < 12 * devicePixelRatio) last[1] = x;
    else spans.push([x, x]);
  }
  return spans;
}

/** The point of a curve that is nearest to the cursor: in a table of several curves most rows are another's. */
function nearestWithValue(plot: uPlot, seriesIndex: number, hovered: number): number {
  const values = plot.data[seriesIndex];
  if (seriesIndex === 0 || !values || typeof values[hovered] === 'number') return hovered;
  for (let distance = 1; distance < values.length; distance++) {
    if (typeof values[hovered - distance] === 'number') return hovered - distance;
    if (typeof values[hovered + distance] === 'number') return hovered + distance;
  }
  return hovered;
}

function verticalRange(
  plot: uPlot,
  low: number | null,
  high: number | null,
  picture: PlotPicture,
): [number, number] {
  if (low === null || high === null) return picture.logY ? [0.1, 10] : [0, 1];
  const [bottom, top] = picture.withoutExtremes ? centralRange(plot, picture, low, high) : [low, high];
  if (picture.logY) {
    const room = Math.max(1.08, (top / bottom) ** 0.05);
    return [bottom / room, top * room];
  }
  return linearRange(bottom, top);
}

/** From the 1st to the 99th percentile of the points in view. */
function centralRange(plot: uPlot, picture: PlotPicture, low: number, high: number): [number, number] {
  const [x, ...curves] = plot.data;
  const values: number[] = [];
  for (const curve of curves) {
    curve.forEach((value, row) => {
      const at = x[row] ?? 0;
      if (typeof value === 'number' && at >= picture.from && at <= picture.to) values.push(value);
    });
  }
  if (values.length < 50) return [low, high];
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? low;
  return [at(0.01), at(0.99)];
}

/** What is in view; a logarithmic axis begins where the first curve does, as it has no zero. */
function spanOf({ curves, from, to, logX }: PlotPicture): { from: number; to: number } {
  if (!logX || from > 0) return { from, to };
  let first = Infinity;
  for (const { x } of curves) {
    const at = lowerBound(x, x.length, Number.MIN_VALUE);
    if (at < x.length) first = Math.min(first, x[at] as number);
  }
  // A span of nothing would have no picture: a decade is shown at least.
  return first < to ? { from: first, to } : { from: to > 0 ? to / 10 : 0.1, to: to > 0 ? to : 1 };
}

/** Round ticks, which uPlot's own are not on an axis that does not end at decades; none of them is left out. */
const logAxis: Partial<uPlot.Axis> = {
  splits: (_plot, _axis, low, high) => logTicks(low, high),
  filter: (_plot, ticks) => ticks,
};

/** On a logarithmic axis each tick has its own size, and its own digits. */
function oneTick(tick: number | null): string {
  return tickTexts([tick])[0] ?? '';
}

const wholeNumbers = new Intl.NumberFormat('en-US');

function horizontalTicks(axis: PlotAxis, logX: boolean): Partial<uPlot.Axis> {
  if (logX) {
    const text = axis === 'wall' || axis === 'process' ? clockText : wholeNumbers.format.bind(wholeNumbers);
    return { ...logAxis, values: (_plot, ticks) => ticks.map((tick) => (tick === null ? '' : text(tick))) };
  }
  if (axis === 'wall' || axis === 'process') {
    return {
      incrs: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400],
      values: (_plot, ticks) => ticks.map(clockText),
    };
  }
  return {
    incrs: [1, 2, 5]
      .flatMap((first) => Array.from({ length: 9 }, (_, power) => first * 10 ** power))
      .sort((a, b) => a - b),
    values: (_plot, ticks) => ticks.map((tick) => wholeNumbers.format(tick)),
  };
}
