import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  mergeSegments,
  type MetricsRow,
  MetricsWriter,
  readMetrics,
} from '../../src-main/trainer/metrics-log.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const row = (
  segment: number,
  step: number,
  total: number,
  split: MetricsRow['split'] = 'train',
): MetricsRow => ({
  segment,
  step,
  epoch: 1,
  wallMs: 5,
  processMs: 6,
  split,
  values: { total },
});

const lines = (...rows: MetricsRow[]): string => rows.map((entry) => JSON.stringify(entry)).join('\n');

describe('metrics log', () => {
  it('brings NaN and Infinity back as what they were', async () => {
    const file = path.join(await temporaryFolder(), 'metrics.jsonl');
    const writer = new MetricsWriter(file);
    writer.append(row(0, 1, Number.NaN));
    writer.append(row(0, 2, Number.POSITIVE_INFINITY));
    writer.append(row(0, 3, Number.NEGATIVE_INFINITY));
    writer.append(row(0, 4, -0.1));
    writer.close();
    const totals = readMetrics(file).rows.map(({ values }) => values.total);
    expect(totals).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.1]);
  });

  it('writes nothing until 250 ms have passed or it is flushed', async () => {
    const file = path.join(await temporaryFolder(), 'metrics.jsonl');
    const writer = new MetricsWriter(file);
    writer.append(row(0, 1, 1));
    expect(readFileSync(file, 'utf8')).toBe('');
    writer.flush(true);
    expect(readMetrics(file).rows).toHaveLength(1);
    writer.append(row(0, 2, 1));
    await new Promise((resolve) => setTimeout(resolve, 260));
    writer.append(row(0, 3, 1));
    expect(readMetrics(file).rows).toHaveLength(3);
    writer.close();
  });

  it('ends a torn line instead of continuing it', async () => {
    const file = path.join(await temporaryFolder(), 'metrics.jsonl');
    appendFileSync(file, `${lines(row(0, 1, 1))}\n{"segment":0,"st`);
    const writer = new MetricsWriter(file);
    writer.append(row(1, 2, 2));
    writer.close();
    const history = readMetrics(file);
    expect(history.rows.map(({ step }) => step)).toEqual([1, 2]);
    expect(history.tornLines).toBe(1);
    expect(history.nextSegment).toBe(2);
  });

  it('lets a resumed segment supersede what was trained beyond its checkpoint', () => {
    const text = lines(
      row(0, 0, 0, 'segment'),
      row(0, 1, 0.1),
      row(0, 2, 0.2),
      row(0, 3, 0.3),
      row(0, 4, 0.4),
      row(1, 2, 0, 'segment'),
      row(1, 3, 1.3),
    );
    const { rows } = mergeSegments(text);
    expect(rows.map(({ step, values }) => [step, values.total])).toEqual([
      [1, 0.1],
      [2, 0.2],
      [3, 1.3],
    ]);
  });

  it('supersedes even when the later segment was killed before its first step, and over several segments', () => {
    const text = lines(
      row(0, 0, 0, 'segment'),
      row(0, 9, 0.9),
      row(1, 8, 0, 'segment'),
      row(1, 9, 1.9),
      row(2, 4, 0, 'segment'),
    );
    expect(mergeSegments(text).rows).toEqual([]);
  });

  it('counts a validation that was done again once, the later one', () => {
    const text = lines(
      row(0, 0, 0, 'segment'),
      row(0, 5, 0.5),
      row(0, 5, 0.7, 'validation'),
      row(1, 5, 0, 'segment'),
      row(1, 5, 0.8, 'validation'),
    );
    expect(mergeSegments(text).rows.map(({ split, values }) => [split, values.total])).toEqual([
      ['train', 0.5],
      ['validation', 0.8],
    ]);
  });

  it('is empty where there is no file yet', async () => {
    expect(readMetrics(path.join(await temporaryFolder(), 'none')).nextSegment).toBe(0);
  });
});
