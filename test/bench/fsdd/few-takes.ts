import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { datasetsExclude, datasetsExport } from '../../../src-preload/contract/commands/datasets-analysis.ts';
import { datasetsAdd, datasetsList } from '../../../src-preload/contract/commands/datasets.ts';
import { parseFsddName } from '../../../src-main/corpora/fsdd.ts';
import type { Workshop } from './workshop.ts';

/** Takes of each speaker and digit that the splits keep, besides all that are for testing. */
const kept = { train: [10, 14], validation: [5, 7] } as const;

/** What `fewTakes` leaves of FSDD, in words. */
export const fewTakesText = `takes ${kept.train[0]} to ${kept.train[1] - 1} of each speaker and digit to train, 5 and 6 to validate, outliers in length dropped`;

/**
 * A dataset of a few takes of each speaker and digit, in the splits of all, for models whose steps are long: as papers/003 has
 * it, without those that stand out by their length. Made once; gives its name.
 */
export async function fewTakes({ client, dataset, home }: Workshop): Promise<string> {
  const name = `${dataset}-few-takes`;
  const { datasets } = await client.call(datasetsList, {});
  if (datasets.some((one) => one.name === name)) return name;
  const whole = path.join(home, `${dataset}.jsonl`);
  const list = path.join(home, `${name}.jsonl`);
  await client.call(datasetsExport, { dataset, out: whole, overwrite: true });
  const lines = (await readFile(whole, 'utf8')).trim().split('\n');
  await writeFile(list, `${lines.filter(isKept).join('\n')}\n`);
  await client.call(datasetsAdd, { dir: list, name });
  await client.call(datasetsExclude, { dataset: name, outliers: true, measures: ['durationSec'] });
  return name;
}

function isKept(line: string): boolean {
  const { path: file, split } = JSON.parse(line) as { path: string; split: string };
  const { index } = parseFsddName(path.posix.basename(file)) ?? {};
  if (index === undefined) throw new Error(`${file} is not named as FSDD's recordings are`);
  const [from, to] = split === 'train' || split === 'validation' ? kept[split] : [0, Infinity];
  return index >= from && index < to;
}
