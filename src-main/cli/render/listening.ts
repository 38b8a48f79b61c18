import type { z } from 'zod';
import type {
  listeningExport,
  listeningList,
  ListeningSummary,
} from '../../../src-preload/contract/commands/listening-tests.ts';
import { oneLine, table } from '../layout.ts';
import { count, significant } from '../numbers.ts';
import { date } from './anything.ts';

/** A line a listening test, the newest first. */
export function renderListeningList(output: unknown, columns: number): string[] {
  const { tests } = output as z.output<typeof listeningList.output>;
  if (tests.length === 0)
    return ['No listening tests yet. Begin one in the window: Runs, Compare, Listening test.'];
  return table(
    [
      { title: 'test' },
      { title: 'kind', optional: true },
      { title: 'A' },
      { title: 'B' },
      { title: 'right', align: 'right' },
      { title: 'p', align: 'right' },
      { title: 'listener', optional: true },
      { title: 'begun', optional: true },
    ],
    tests.map((test) => [
      test.test.slice(0, 8),
      test.kind,
      sideText(test.a),
      sideText(test.b),
      test.result
        ? `${test.result.correct} of ${test.trials}`
        : `${test.state} at ${test.answered} of ${test.trials}`,
      test.result ? significant(test.result.pValue, 3) : '-',
      oneLine(test.listener),
      date(test.startedMs),
    ]),
    columns,
  );
}

/** The table or the JSON itself, to be piped on; where it went into a file, a line about it. */
export function renderListeningExport(output: unknown): string[] {
  const { text, file, tests, trials } = output as z.output<typeof listeningExport.output>;
  if (text !== null) return text.trimEnd().split(/\r?\n/);
  return [`${count(trials)} trials of ${count(tests)} tests are in ${oneLine(file ?? '')}`];
}

function sideText({ kind, name, step }: ListeningSummary['a']): string {
  const run = oneLine(name);
  return step === null ? `${kind} (${run})` : `${run} at step ${count(step)}`;
}
