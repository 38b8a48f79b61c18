import { expect, it } from 'vitest';
import { samplersCsv } from '../../../src-preload/contract/comparison/samplers-csv.ts';

it('has a line a source under a heading, with empty cells for what is not known', () => {
  const figures = {
    ...{ count: 8, accuracy: null, confidence: 0.5, confidenceOfReal: 0.6, labelEntropyBits: 2 },
    ...{ labels: 4, diversity: 3, nearestDistance: 1 },
  };
  const none = { run: null, preset: null, step: null, set: null, clips: [] };
  const csv = samplersCsv({
    sources: [
      { kind: 'run', name: 'a, b', ...none, run: 'r', preset: 'realnvp', step: 7, figures },
      { kind: 'real', name: 'Real', ...none, figures: { ...figures, accuracy: 0.9 } },
    ],
  });
  const [head, run, real] = csv.split('\r\n');
  expect(head).toMatch(/^kind,name,preset,step,clips,accuracy,confidence,/);
  expect(run).toBe('run,"a, b",realnvp,7,8,,0.5,0.6,2,4,3,1');
  expect(real).toBe('real,Real,,,8,0.9,0.5,0.6,2,4,3,1');
});
