import path from 'node:path';
import { datasetsAdd, datasetsRescan } from '../../../src-preload/contract/commands/datasets.ts';
import { extremes, median, type BenchRow } from '../report.ts';
import { AppHost } from './app-host.ts';
import { loadNote, type PartOptions, section, withScratch } from './part.ts';
import { makeTree } from './speech-folders.ts';

const folders = 1000;
const filesEach = 300;
const rounds = 3;
const targetSec = 10;

/** A tree of 300,000 files, indexed through `datasets add` as any folder is, and read again when nothing has changed. */
export function benchRescan({ progress }: PartOptions): Promise<BenchRow[]> {
  return withScratch(async (scratch) => {
    const tree = path.join(scratch, 'tree');
    progress(`app: make a tree of ${folders * filesEach} files`);
    makeTree(tree, folders, filesEach);
    const host = await AppHost.open(path.join(scratch, 'home'));
    try {
      progress('app: index it for the first time');
      const startMs = performance.now();
      const { recordings } = await host.client.call(datasetsAdd, { dir: tree, name: 'tree' });
      const firstSec = (performance.now() - startMs) / 1000;
      const seconds: number[] = [];
      const cpuBeforeMs = await host.cpuMs();
      for (let round = 0; round < rounds; round++) {
        progress(`app: read it again, round ${round + 1} of ${rounds}`);
        const begunMs = performance.now();
        const { changes } = await host.client.call(datasetsRescan, { dataset: 'tree' });
        seconds.push((performance.now() - begunMs) / 1000);
        if (changes.unchanged !== folders * filesEach) {
          throw new Error(`Nothing was changed, and the rescan tells of ${JSON.stringify(changes)}.`);
        }
      }
      const cpuSec = ((await host.cpuMs()) - cpuBeforeMs) / 1000 / rounds;
      const value = median(seconds);
      return [
        {
          section,
          what: `first index of ${recordings} tiny files in ${folders} folders`,
          value: firstSec,
          unit: 's',
          note: `${Math.round(recordings / firstSec)} files/s`,
        },
        {
          section,
          what: 're-scan of it, unchanged',
          value,
          unit: 's',
          spread: extremes(seconds),
          target: `< ${targetSec} s`,
          ok: value < targetSec,
          note: `real files in the system's cache, indexed by the command; ${cpuSec.toFixed(1)} s of processor time; ${loadNote()}`,
        },
      ];
    } finally {
      await host.stop();
    }
  });
}
