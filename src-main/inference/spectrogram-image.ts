import { Buffer } from 'node:buffer';
import { PNG } from 'pngjs';
import { featurePanel, paintSpectrograms } from '../dsp/figure/spectrogram-figure.ts';
import type { Extremes } from '../dsp/minmax.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';
import { representationOf } from '../dsp/representation.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';

/** One picture: features `[bins, frames]` in 0..1 with the levels that 0 and 1 stand for. */
export interface ImagePanel extends Extremes {
  title: string;
  features: Float32Array;
}

/** Writes spectrograms side by side on one dB scale: from the loudest of all to `topDb` below it. */
export async function paintPanels(
  file: string,
  pipeline: FeaturePipelineConfig,
  panels: readonly ImagePanel[],
): Promise<void> {
  await writeFileAtomic(file, paint(pipeline, panels));
}

/** Panels of a sheet's row, and how many it shows at most: more could not be told apart. */
const SHEET_COLUMNS = 6;
const SHEET_PANELS = 96;

/** Writes a sheet of many spectrograms on one dB scale, row by row; the first 96 where there are more. */
export async function paintSheet(
  file: string,
  pipeline: FeaturePipelineConfig,
  panels: readonly ImagePanel[],
): Promise<void> {
  const shown = panels.slice(0, SHEET_PANELS);
  const rows: PNG[] = [];
  for (let first = 0; first < shown.length; first += SHEET_COLUMNS) {
    rows.push(PNG.sync.read(Buffer.from(paint(pipeline, shown.slice(first, first + SHEET_COLUMNS), 1))));
  }
  const width = Math.max(...rows.map((row) => row.width));
  const sheet = new PNG({ width, height: rows.reduce((sum, row) => sum + row.height, 0) });
  sheet.data.fill(255);
  let top = 0;
  for (const row of rows) {
    PNG.bitblt(row, sheet, 0, 0, row.width, row.height, 0, top);
    top += row.height;
  }
  await writeFileAtomic(file, PNG.sync.write(sheet));
}

function paint(pipeline: FeaturePipelineConfig, panels: readonly ImagePanel[], scale?: number): Uint8Array {
  const highestDb = Math.max(...panels.map((panel) => panel.maxDb));
  const options = {
    highestDb,
    lowestDb: highestDb - representationOf(pipeline).rangeDb(pipeline),
    ...(scale === undefined ? {} : { scale }),
  };
  return paintSpectrograms(
    panels.map((panel) => featurePanel(panel.title, panel.features, panel, pipeline)),
    options,
  );
}
