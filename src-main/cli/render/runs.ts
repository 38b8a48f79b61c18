import type { z } from 'zod';
import type { runsList, trainedSchema } from '../../../src-preload/contract/commands/runs.ts';
import { oneLine, pairs, table, wrap } from '../layout.ts';
import { count, duration, significant } from '../numbers.ts';
import { date } from './anything.ts';

/** A line a run, the newest first. */
export function renderRunsList(output: unknown, columns: number): string[] {
  const { runs, damaged } = output as z.output<typeof runsList.output>;
  const lines =
    runs.length === 0
      ? ['No runs yet. `train --dataset NAME --preset ID` makes one; `datasets list` and `models` say which.']
      : table(
          [
            { title: 'name' },
            { title: 'id' },
            { title: 'state' },
            { title: 'epoch', align: 'right' },
            { title: 'steps', align: 'right', optional: true },
            { title: 'best loss', align: 'right' },
            { title: 'at epoch', align: 'right', optional: true },
            { title: 'dataset' },
            { title: 'preset', optional: true },
            { title: 'created', optional: true },
          ],
          runs.map((run) => [
            oneLine(run.name),
            run.run,
            run.queuePlace === null ? run.state : `${run.state}, place ${run.queuePlace}`,
            `${run.epoch}/${run.epochs}`,
            count(run.step),
            run.bestValidation ? significant(run.bestValidation.value) : '-',
            run.bestValidation ? String(run.bestValidation.epoch) : '-',
            oneLine(run.dataset),
            run.preset,
            date(run.createdMs),
          ]),
          columns,
        );
  return [...lines, ...damaged.flatMap((one) => ['', `${one.run}: ${one.message}`, `  ${one.remedy}`])];
}

/** Where a run stands after a command that trains. */
export function renderTrained(output: unknown, columns: number): string[] {
  const trained = output as z.output<typeof trainedSchema>;
  const best = trained.bestValidation;
  return [
    ...pairs([
      ['run', `${oneLine(trained.name)} (${trained.run})`],
      ['state', trained.reason === null ? trained.state : `${trained.state}: ${trained.reason}`],
      ['done', `${count(trained.epoch)} of ${count(trained.epochs)} epochs, ${count(trained.steps)} steps`],
      [
        'best',
        best
          ? `${significant(best.value)} (${best.split} loss) at epoch ${best.epoch}, step ${count(best.step)}`
          : 'none yet',
      ],
      ['checkpoint', trained.checkpoint ?? 'none yet'],
      // A trainer that goes on elsewhere was only told something.
      ...(trained.state === 'running' ? [] : [['took', duration(trained.elapsedSec)] as const]),
    ]),
    ...trained.notes.flatMap((note) =>
      wrap(`note: ${oneLine(note)}`, Math.min(110, columns) - 2).map((line, at) =>
        at === 0 ? line : `  ${line}`,
      ),
    ),
  ];
}
