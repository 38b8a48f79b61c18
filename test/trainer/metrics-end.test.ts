import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMetricsEnd } from '../../src-main/trainer/metrics-end.ts';
import { mergeSegments, type MetricsRow } from '../../src-main/trainer/metrics-log.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** A run that is killed and goes back now and then, as its trainer would log it; `pad` makes the lines long. */
const histories = fc
  .array(fc.record({ back: fc.nat(8), steps: fc.nat(12) }), { minLength: 1, maxLength: 6 })
  .map((segments) => {
    const rows: MetricsRow[] = [];
    let at = 0;
    segments.forEach(({ back, steps }, segment) => {
      const began = Math.max(0, at - back);
      const row = (step: number, split: MetricsRow['split']): MetricsRow => ({
        segment,
        step,
        epoch: 1 + Math.floor(step / 5),
        wallMs: rows.length,
        processMs: step,
        split,
        values: split === 'segment' ? {} : { total: step + segment / 10 },
      });
      rows.push(row(began, 'segment'));
      for (let step = began + 1; step <= began + steps; step++) {
        rows.push(row(step, 'train'));
        if (step % 5 === 0) rows.push(row(step, 'validation'));
      }
      at = began + steps;
    });
    return rows;
  });

it('finds the rows that the whole history ends with', async () => {
  const file = path.join(await temporaryFolder(), 'metrics.jsonl');
  fc.assert(
    fc.property(histories, fc.constantFrom(0, 40_000), (rows, pad) => {
      const text = rows.map((row) => `${JSON.stringify(row)}${' '.repeat(pad)}\n`).join('');
      writeFileSync(file, `${text}{"torn":`);
      const whole = mergeSegments(text);
      const last = (split: string) => whole.rows.findLast((row) => row.split === split) ?? null;
      expect(readMetricsEnd(file)).toEqual({
        train: last('train'),
        validation: last('validation'),
        segments: whole.nextSegment,
      });
    }),
    { numRuns: 150 },
  );
});

it('finds nothing where there is nothing', async () => {
  const file = path.join(await temporaryFolder(), 'metrics.jsonl');
  const nothing = { train: null, validation: null, segments: 0 };
  expect(readMetricsEnd(file)).toEqual(nothing);
  writeFileSync(file, '');
  expect(readMetricsEnd(file)).toEqual(nothing);
});
