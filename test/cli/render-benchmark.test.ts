import { describe, expect, it } from 'vitest';
import { renderBenchmark, renderBenchmarksList } from '../../src-main/cli/render/benchmark.ts';
import { cell, published, row, table, vrnn } from '../helpers/benchmark-table.ts';

const vae = row('vae', { rmse_normalised: cell(0.051), pesq_nb_raw: cell(2.05) });
const better = row(
  'vrnn',
  { rmse_normalised: cell(0.03), pesq_nb_raw: cell(3.2) },
  {
    dynamical: vrnn,
    published: { name: 'VRNN', figures: { rmse_normalised: 0.0267, pesq_nb_raw: 3.6 }, note: null },
  },
);

describe('a benchmark in a terminal', () => {
  it('has a star at the best, the paper below, and what to know at the end', () => {
    const waiting = row(
      'later',
      {},
      { state: 'none', done: 0, speed: null, notes: ['Something is not used.'] },
    );
    const lines = renderBenchmark(
      table([vae, better, waiting], { published, warnings: ['Take care.'] }),
      160,
    );
    const text = lines.join('\n');
    expect(text).toContain('RMSE, normalised × 10⁻²');
    expect(lines.find((line) => line.startsWith('vae, step 1'))).toMatch(/5\.10 .* 2\.05 /);
    expect(lines.find((line) => line.startsWith('vrnn, step 1'))).toMatch(
      /yes +no +yes +4 +3\.00\* .* 3\.20\*/,
    );
    expect(lines.find((line) => line.includes('papers/004, VRNN'))).toMatch(/2\.67 .*3\.60/);
    expect(lines.find((line) => line.startsWith('later, step 1'))).toMatch(/none +- /);
    expect(text).toContain('Take care.');
    expect(text).toContain('later, step 1: Something is not used.');
    expect(text).toContain('Some processor with 2 threads');
  });

  it('leaves columns out where the terminal is narrow, and prints what was asked for in another format alone', () => {
    const narrow = renderBenchmark(table([vae, better]), 80);
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(narrow.join('\n')).toContain('3.20*');
    expect(renderBenchmark(table([vae], { text: 'a,b\r\n1,2\r\n' }), 80)).toEqual(['a,b', '1,2']);
  });

  it('says how to begin where there is none', () => {
    expect(renderBenchmarksList({ benchmarks: [] }, 80)[0]).toContain('benchmark RUN RUN --dataset');
  });
});
