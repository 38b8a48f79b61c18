import type { Matrix, RealArray } from '../matrix.ts';
import { denormalise, extremesOf, generatedExtremes, type Extremes } from '../minmax.ts';
import { featureShape, type FeaturePipelineConfig } from '../pipeline.ts';
import { markLabel, roundMarks } from './axis.ts';
import { textWidth } from './bitmap-font.ts';
import { magma } from './magma.ts';
import { Raster } from './raster.ts';

/** One spectrogram of a figure. */
export interface SpectrogramPanel {
  /** One line, ASCII; cut where it does not fit. */
  title: string;
  /** Levels in dB `[bins, frames]`, the lowest frequency first. */
  db: Matrix;
  sampleRateHz: number;
  hopLength: number;
  /** FFT size: bin k is at `k * sampleRateHz / nFft`. */
  nFft: number;
}

export interface FigureOptions {
  /** Levels of the darkest and of the brightest colour; by default the loudest panel's maximum and 80 dB below it. */
  lowestDb?: number;
  highestDb?: number;
  /** Pixels a point, both ways; 2 by default. */
  scale?: number;
}

const paper = 0xffffff;
const ink = 0x1c1b22;
const faint = 0x6b6977;
const defaultRangeDb = 80;

/** Points. */
const layout = {
  margin: 12,
  title: 16,
  plotHeight: 192,
  leastWidth: 160,
  mostWidth: 480,
  between: 14,
  leftLabels: 36,
  bottomLabels: 28,
  tick: 4,
  barGap: 16,
  barWidth: 10,
  barLabels: 40,
};

/** A model's features `[bins, frames]` in 0..1 as a panel; `extremes` are those stored, null for -80 to 0 dB. */
export function featurePanel(
  title: string,
  features: RealArray,
  extremes: Extremes | null,
  config: FeaturePipelineConfig,
): SpectrogramPanel {
  const { bins, frames } = featureShape(config);
  const data = denormalise(features, extremes ?? generatedExtremes);
  const { sampleRateHz, hopLength, nFft } = config;
  return { title, db: { bins, frames, data }, sampleRateHz, hopLength, nFft };
}

/**
 * Paints spectrograms side by side on one scale of dB, frequency upwards, with marks for kHz, seconds and dB, as a PNG file.
 * One scale for all, so that the same level has the same colour in each: they can be compared.
 */
export function paintSpectrograms(
  panels: readonly SpectrogramPanel[],
  options: FigureOptions = {},
): Uint8Array {
  if (panels.length === 0) throw new RangeError('A figure needs at least one spectrogram.');
  const range = levelRange(panels, options);
  const widths = panels.map((panel) =>
    Math.max(layout.leastWidth, Math.min(layout.mostWidth, 3 * panel.db.frames)),
  );
  const plots = widths.reduce((sum, width) => sum + width, 0) + layout.between * (panels.length - 1);
  const { margin, title, plotHeight, leftLabels, bottomLabels, barGap, barWidth, barLabels } = layout;
  const raster = new Raster(
    margin + leftLabels + plots + barGap + barWidth + barLabels + margin,
    margin + title + plotHeight + bottomLabels + margin,
    options.scale ?? 2,
    paper,
  );
  const top = margin + title;
  let left = margin + leftLabels;
  panels.forEach((panel, index) => {
    const width = widths[index]!;
    paintLevels(raster, panel.db, left, top, width, range);
    raster.frame(left, top, width, plotHeight, ink);
    raster.text(fitted(panel.title, width), left, margin, ink);
    timeAxis(raster, panel, left, top + plotHeight, width);
    frequencyAxis(raster, panel, left, top, index === 0);
    left += width + layout.between;
  });
  levelBar(raster, left - layout.between + barGap, top, range);
  return raster.encode();
}

interface LevelRange {
  lowestDb: number;
  highestDb: number;
}

function levelRange(panels: readonly SpectrogramPanel[], options: FigureOptions): LevelRange {
  const loudest = Math.max(...panels.map((panel) => extremesOf(panel.db.data).maxDb));
  const highestDb = options.highestDb ?? loudest;
  const lowestDb = options.lowestDb ?? highestDb - defaultRangeDb;
  if (!(highestDb > lowestDb))
    throw new RangeError(`A scale from ${lowestDb} to ${highestDb} dB has no meaning.`);
  return { lowestDb, highestDb };
}

/** Each pixel shows the frame and the bin it lies in, or the loudest of those that share it. */
function paintLevels(
  raster: Raster,
  db: Matrix,
  left: number,
  top: number,
  width: number,
  range: LevelRange,
): void {
  const { scale } = raster;
  const columns = width * scale;
  const rows = layout.plotHeight * scale;
  for (let row = 0; row < rows; row++) {
    const [firstBin, lastBin] = share(rows - 1 - row, rows, db.bins);
    for (let column = 0; column < columns; column++) {
      const [firstFrame, lastFrame] = share(column, columns, db.frames);
      let level = -Infinity;
      for (let bin = firstBin; bin <= lastBin; bin++) {
        for (let frame = firstFrame; frame <= lastFrame; frame++) {
          level = Math.max(level, db.data[bin * db.frames + frame]!);
        }
      }
      raster.setPixel(left * scale + column, top * scale + row, colourOf(level, range));
    }
  }
}

/** The first and the last of `count` cells that pixel `at` of `pixels` stands for: one of them where there are fewer. */
function share(at: number, pixels: number, count: number): [first: number, last: number] {
  const first = Math.floor((at * count) / pixels);
  return [first, Math.max(first, Math.floor(((at + 1) * count) / pixels) - 1)];
}

function colourOf(levelDb: number, { lowestDb, highestDb }: LevelRange): number {
  const part = Math.max(0, Math.min(1, (levelDb - lowestDb) / (highestDb - lowestDb)));
  const at = 3 * Math.round(255 * (Number.isNaN(part) ? 0 : part));
  return (magma[at]! << 16) | (magma[at + 1]! << 8) | magma[at + 2]!;
}

function timeAxis(
  raster: Raster,
  panel: SpectrogramPanel,
  left: number,
  bottom: number,
  width: number,
): void {
  const secondsShown = (panel.db.frames * panel.hopLength) / panel.sampleRateHz;
  const marks = roundMarks(0, secondsShown, width / 40);
  for (const mark of marks) {
    const x = left + Math.round((mark / secondsShown) * (width - 1));
    raster.fill(x, bottom, 1, layout.tick, ink);
    const label = markLabel(mark) + (mark === marks.at(-1) ? ' s' : '');
    const half = textWidth(label) / 2;
    raster.text(label, Math.max(left + half, Math.min(left + width - half, x)), bottom + 8, faint, 'centre');
  }
}

function frequencyAxis(
  raster: Raster,
  panel: SpectrogramPanel,
  left: number,
  top: number,
  labelled: boolean,
): void {
  const highestKhz = (panel.db.bins * panel.sampleRateHz) / panel.nFft / 1000;
  const marks = roundMarks(0, highestKhz, 6);
  for (const mark of marks) {
    const y = top + layout.plotHeight - 1 - Math.round((mark / highestKhz) * (layout.plotHeight - 1));
    raster.fill(left - layout.tick, y, layout.tick - 1, 1, ink);
    if (!labelled) continue;
    raster.text(markLabel(mark), left - layout.tick - 4, y - 3, faint, 'right');
  }
  if (labelled) raster.text('kHz', left - layout.tick - 4, layout.margin, faint, 'right');
}

function levelBar(raster: Raster, left: number, top: number, range: LevelRange): void {
  const { scale } = raster;
  const rows = layout.plotHeight * scale;
  const span = range.highestDb - range.lowestDb;
  for (let row = 0; row < rows; row++) {
    const colour = colourOf(range.highestDb - (span * row) / (rows - 1), range);
    for (let column = 0; column < layout.barWidth * scale; column++) {
      raster.setPixel(left * scale + column, top * scale + row, colour);
    }
  }
  raster.frame(left, top, layout.barWidth, layout.plotHeight, ink);
  for (const mark of roundMarks(range.lowestDb, range.highestDb, 6)) {
    const y = top + Math.round(((range.highestDb - mark) / span) * (layout.plotHeight - 1));
    raster.fill(left + layout.barWidth + 1, y, layout.tick - 1, 1, ink);
    raster.text(markLabel(mark), left + layout.barWidth + layout.tick + 4, y - 3, faint);
  }
  raster.text('dB', left, layout.margin, faint);
}

/** The text, cut with two dots where it is wider than `width` points. */
function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = text;
  while (kept.length > 0 && textWidth(`${kept}..`) > width) kept = kept.slice(0, -1);
  return `${kept}..`;
}
