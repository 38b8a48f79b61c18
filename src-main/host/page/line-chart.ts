import { html, type Html } from './html.ts';

/** One line of a chart. */
export interface PageSeries {
  name: string;
  points: { x: number; value: number }[];
}

/** One chart: what is measured, in what, over what. */
export interface PageCurve {
  title: string;
  unit: string;
  /** What x is: 'epoch', 'step'. */
  axis: string;
  series: PageSeries[];
}

const WIDTH = 430;
const HEIGHT = 220;
const PLOT = { left: 46, right: 10, top: 10, bottom: 36 };

interface Scale {
  at(value: number): number;
  ticks: number[];
}

/** A curve as inline SVG with axes, a line a series, and its last value named; logarithmic where values span a decade. */
export function lineChart(curve: PageCurve, id: string): Html {
  const points = curve.series
    .flatMap((series) => series.points)
    .filter((point) => Number.isFinite(point.value));
  if (points.length === 0) return html`<p class="quiet">No ${curve.title} was recorded.</p>`;
  const x = linearScale(
    Math.min(...points.map((point) => point.x)),
    Math.max(...points.map((point) => point.x)),
    PLOT.left,
    WIDTH - PLOT.right,
    7,
  );
  const low = Math.min(...points.map((point) => point.value));
  const high = Math.max(...points.map((point) => point.value));
  const logarithmic = low > 0 && high / low > 10;
  const y = (logarithmic ? logScale : linearScale)(low, high, HEIGHT - PLOT.bottom, PLOT.top, 5);
  const bottom = HEIGHT - PLOT.bottom;
  const right = WIDTH - PLOT.right;
  return html`<figure class="chart">
    <figcaption>
      <span id="${id}"
        >${curve.title}
        <span class="quiet"
          >${[curve.unit, ...(logarithmic ? ['logarithmic'] : [])].filter((word) => word !== '').join(', ')}</span
        ></span
      >
      <span class="legend"
        >${curve.series.map((series, index) => legendEntry(series.name, lastValue(series.points), index))}</span
      >
    </figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}">
      <g class="grid">
        ${y.ticks.map((tick) => html`<line x1="${PLOT.left}" x2="${right}" y1="${round(y.at(tick))}" y2="${round(y.at(tick))}" />`)}
      </g>
      <g class="axis">
        <line x1="${PLOT.left}" x2="${right}" y1="${bottom}" y2="${bottom}" />
        ${y.ticks.map((tick) => html`<text x="${PLOT.left - 8}" y="${round(y.at(tick) + 4)}" text-anchor="end">${tickText(tick)}</text>`)}
        ${x.ticks.map(
          (tick) =>
            html`<line
                x1="${round(x.at(tick))}"
                x2="${round(x.at(tick))}"
                y1="${bottom}"
                y2="${bottom + 4}"
              /><text x="${round(x.at(tick))}" y="${bottom + 17}" text-anchor="middle"
                >${tickText(tick)}</text
              >`,
        )}
        <text x="${right}" y="${HEIGHT - 4}" text-anchor="end">${curve.axis}</text>
      </g>
      ${curve.series.map(
        (series, index) =>
          html`<path
              class="series s${index}"
              d="${pathOf(series.points, x, y)}"
            />${endDot(series.points, x, y, index)}`,
      )}
    </svg>
  </figure>`;
}

type Points = PageCurve['series'][number]['points'];

function legendEntry(name: string, last: number | undefined, index: number): Html {
  return html`<span class="key s${index}"
    ><svg viewBox="0 0 18 8" aria-hidden="true"><path class="series s${index}" d="M0 4H18" /></svg>${name}${
      last === undefined ? '' : html` <b>${valueText(last)}</b>`
    }</span
  >`;
}

function lastValue(points: Points): number | undefined {
  return points.findLast((point) => Number.isFinite(point.value))?.value;
}

// A gap in the values is a gap in the line.
function pathOf(points: Points, x: Scale, y: Scale): string {
  let pen = 'M';
  let path = '';
  for (const { x: at, value } of points) {
    if (!Number.isFinite(value)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${round(x.at(at))} ${round(y.at(value))}`;
    pen = 'L';
  }
  return path;
}

function endDot(points: Points, x: Scale, y: Scale, index: number): Html {
  const last = points.findLast((point) => Number.isFinite(point.value));
  if (!last) return html``;
  return html`<circle
    class="dot s${index}"
    cx="${round(x.at(last.x))}"
    cy="${round(y.at(last.value))}"
    r="3"
  />`;
}

function linearScale(low: number, high: number, from: number, to: number, wanted: number): Scale {
  const span = high - low || Math.abs(high) || 1;
  const step = niceStep(span / wanted);
  const start = high === low ? low - span / 2 : low;
  const end = high === low ? high + span / 2 : high;
  const ticks: number[] = [];
  for (let tick = Math.ceil(start / step); tick * step <= end + step * 1e-9; tick++) ticks.push(tick * step);
  return { at: (value) => from + ((value - start) / (end - start)) * (to - from), ticks };
}

function logScale(low: number, high: number, from: number, to: number): Scale {
  const start = Math.log10(low);
  const end = Math.log10(high);
  const factors = end - start > 3 ? [1] : end - start > 1.5 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let decade = Math.floor(start); decade <= end; decade++) {
    for (const factor of factors) {
      const tick = factor * 10 ** decade;
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return { at: (value) => from + ((Math.log10(value) - start) / (end - start)) * (to - from), ticks };
}

function niceStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * decade >= rough) ?? 10;
  return factor * decade;
}

function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e3) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (size !== 0 && size < 1e-3) return value.toExponential(0);
  return String(Number(value.toPrecision(3)));
}

/** Four digits, with a thousands separator. */
export function valueText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(2);
  return Number(value.toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 8 });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
