import type { BenchRow } from '../report.ts';
import { benchCompare } from './compare.ts';
import { benchEventLoop } from './event-loop.ts';
import { benchFrames } from './frames.ts';
import { benchIndexing } from './indexing.ts';
import { benchMemoryFlat } from './memory-flat.ts';
import { benchPaging } from './paging.ts';
import { benchPaint } from './paint.ts';
import type { Part, PartOptions } from './part.ts';
import { benchReconstruct } from './reconstruct.ts';
import { benchRescan } from './rescan.ts';
import { benchStart } from './start.ts';
import { benchSwitch } from './switch.ts';

/** The parts of `npm run bench -- app` by name; `--only NAME` chooses. */
const parts: Record<string, Part> = {
  index: benchIndexing,
  rescan: benchRescan,
  page: benchPaging,
  loop: benchEventLoop,
  start: benchStart,
  frames: benchFrames,
  paint: benchPaint,
  compare: benchCompare,
  switch: benchSwitch,
  reconstruct: benchReconstruct,
  memory: benchMemoryFlat,
};

export async function benchApp(options: PartOptions & { only: string | undefined }): Promise<BenchRow[]> {
  const { only } = options;
  const chosen = Object.entries(parts).filter(([name]) => only === undefined || name.includes(only));
  if (chosen.length === 0) {
    throw new Error(`There is no part ${String(only)}. The parts are: ${Object.keys(parts).join(', ')}.`);
  }
  const rows: BenchRow[] = [];
  for (const [, part] of chosen) rows.push(...(await part(options)));
  return rows;
}
