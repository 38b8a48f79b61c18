import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  benchmarkCsv,
  benchmarkLatex,
  bestOf,
  evaluateInput,
  lackOf,
  notesOf,
  papersRows,
  printed,
} from '../../../src-preload/contract/comparison/benchmark.ts';
import { latexText } from '../../../src-preload/contract/comparison/latex.ts';
import { evaluate } from '../../../src-preload/contract/commands/evaluate.ts';
import { cell, published, row, speed, table, vrnn } from '../../helpers/benchmark-table.ts';

const vae = row('vae_1', { rmse_normalised: cell(0.051), pesq_nb_raw: cell(2.05) });
const better = row(
  'vrnn',
  { rmse_normalised: cell(0.0267), pesq_nb_raw: cell(3.6) },
  {
    dynamical: vrnn,
    published: { name: 'VRNN', figures: { rmse_normalised: 0.0267, pesq_nb_raw: 3.6 }, note: null },
  },
);

describe('the best of a column', () => {
  it('is the lowest or the highest mean, as the metric has it', () => {
    const both = table([vae, better]);
    expect(bestOf(both, 'rmse_normalised')).toEqual([better.system]);
    const worse = row('other', { rmse_normalised: cell(0.01), pesq_nb_raw: cell(1) });
    expect(bestOf(table([vae, worse]), 'rmse_normalised')).toEqual([worse.system]);
    expect(bestOf(table([vae, worse]), 'pesq_nb_raw')).toEqual([vae.system]);
  });

  it('is both where they read the same, and none where there is but one to judge', () => {
    const same = row('same', { pesq_nb_raw: cell(2.0504) });
    expect(bestOf(table([vae, same]), 'pesq_nb_raw')).toEqual([vae.system, same.system]);
    const broken = { ...better, state: 'interrupted' as const };
    expect(bestOf(table([vae, broken]), 'pesq_nb_raw')).toEqual([]);
    expect(bestOf(table([vae, row('blank', { pesq_nb_raw: cell(null) })]), 'pesq_nb_raw')).toEqual([]);
  });
});

describe('what a system lacks', () => {
  it('is its figures, its time, or nothing', () => {
    expect(lackOf(vae)).toBeNull();
    expect(lackOf({ ...vae, speed: null })).toBe('speed');
    expect(lackOf({ ...vae, speed: null, kind: 'baseline' })).toBeNull();
    // Nothing of it can be timed.
    expect(lackOf({ ...vae, speed: null, failed: 4 })).toBeNull();
    for (const state of ['none', 'interrupted', 'cancelled', 'failed'] as const)
      expect(lackOf({ ...vae, state })).toBe('figures');
    for (const state of ['running', 'gone'] as const) expect(lackOf({ ...vae, state })).toBeNull();
  });
});

describe('what judges a system', () => {
  const of = { dataset: { id: 'd', name: 'speech' }, split: 'test', limit: 3, metrics: ['stoi'] } as const;

  it('is an evaluation of a run at a step, a baseline, or a folder', () => {
    const inputOf = (system: string) =>
      evaluate.input.parse(evaluateInput({ ...of, metrics: ['stoi'] }, system));
    expect(inputOf('some-run@40')).toMatchObject({ run: 'some-run', checkpoint: 40, dataset: 'd', limit: 3 });
    expect(inputOf('baseline:opus:12')).toMatchObject({ baseline: 'opus:12', metrics: ['stoi'] });
    expect(inputOf('external:e1')).toMatchObject({ system: 'e1' });
    expect(inputOf('some-run@40')).toMatchObject({ latent: 'mean', feedback: 'recording' });
    expect(inputOf('some-run@40+sample+own')).toMatchObject({
      ...{ run: 'some-run', checkpoint: 40, latent: 'sample', feedback: 'own' },
    });
  });
});

describe('the table as text', () => {
  it('is a row a system in CSV, with exact figures', () => {
    const lines = benchmarkCsv(table([vae, better], { published }))
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(3);
    const [titles = [], first = [], second = []] = lines.map((line) => line.split(','));
    const at = (cells: string[], title: string) => cells[titles.indexOf(title)];
    expect(at(first, 'rmse_normalised_mean')).toBe('0.051');
    expect(at(first, 'rmse_normalised_published')).toBe('');
    expect(at(second, 'rmse_normalised_published')).toBe('0.0267');
    expect(at(second, 'autoregressive')).toBe('true');
    expect(at(second, 'real_time_factor')).toBe('0.05');
    expect(at(first, 'codes')).toBe('mean');
    expect(at(first, 'frames_before')).toBe('');
    expect(at(second, 'frames_before')).toBe('recording');
    expect(titles).not.toContain('rmse_normalised_p');
    expect(benchmarkCsv(table([vae, better], { against: vae.system }))).toContain('rmse_normalised_p');
  });

  it("has the paper's figures of a model once, however often it was judged", () => {
    const own = { ...better, system: `${better.system}+own`, title: 'vrnn, free-running' };
    expect(papersRows([vae, better, own])).toEqual([better]);
    const tex = benchmarkLatex(table([vae, better, own], { published }));
    expect(tex.match(/^ *VRNN &/gm)).toHaveLength(1);
    expect(tex).toContain('vrnn, free-running &');
  });

  it('is a LaTeX table with the best in bold and the paper below', () => {
    const tex = benchmarkLatex(table([vae, better], { published }));
    expect(tex).toContain(String.raw`vae\_1 & -- & -- & -- & $5.10 \pm 0.51$`);
    expect(tex).toContain(String.raw`$\mathbf{3.60} \pm 0.36$`);
    expect(tex).toContain(String.raw`VRNN & $\checkmark$ &  & $\checkmark$ & $2.67$ & $3.60$`);
    expect(tex).toContain(String.raw`some\_speech`);
    const widths = [...tex.matchAll(/^ {4}(?!\\)(.*) \\\\$/gm)].map(
      ([, line = '']) => line.split(' & ').length,
    );
    expect(new Set(widths)).toEqual(new Set([/\{tabular\}\{(\w+)\}/.exec(tex)?.[1]?.length]));
  });

  it('lets no name be a command of TeX', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bare = latexText(text).replace(
          /\\(?:textbackslash|textasciitilde|textasciicircum)\{\}|\\[{}&%$#_]/g,
          '',
        );
        expect(bare).not.toMatch(/[\\{}&%$#_~^]/);
      }),
    );
  });

  it('says how its figures came about', () => {
    const clips = row('clips', {});
    const notes = (...rows: Parameters<typeof table>[0]) => notesOf(table(rows)).join(' ');
    expect(notes(clips)).not.toMatch(/phase|AR/);
    expect(notes(better)).toMatch(/phase of the recording\..*true frames before/);
    expect(notes(better, clips)).toContain('Griffin-Lim');
    expect(notes(better)).not.toContain('papers/004 (');
    const slower = { ...better, system: 'x', speed: { ...speed, threads: 1 } };
    expect(notes(better, slower)).toContain('not all on the same machine');
    expect(notesOf(table([better], { published })).at(-1)).toContain('To be set beside.');
  });

  it('prints RMSE times a hundred, as papers/004 does', () => {
    expect(printed('rmse_normalised', 0.051)).toBe('5.10');
    expect(printed('stoi', 0.8604)).toBe('0.860');
  });
});
