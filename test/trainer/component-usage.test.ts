import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ComponentShares,
  deadAmong,
  DeadComponentAlarm,
  findDeadComponents,
  perplexityOf,
} from '../../src-main/trainer/component-usage.ts';

const row = (step: number, ...componentShares: number[]) => ({ step, componentShares });
const matrix = (rows: number[][]) => ({
  responsibilities: { data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0]!.length] },
});

describe('perplexityOf', () => {
  it('is how many components are used where those are used alike', () => {
    expect(perplexityOf([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(4, 12);
    expect(perplexityOf([0.5, 0.5, 0])).toBeCloseTo(2, 12);
    expect(perplexityOf([1])).toBe(1);
  });

  it('lies between 1 and the number of components', () => {
    const weights = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(weights, (given) => {
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const perplexity = perplexityOf(given.map((weight) => weight / total));
        expect(perplexity).toBeGreaterThan(1 - 1e-9);
        expect(perplexity).toBeLessThan(given.length + 1e-9);
      }),
    );
  });
});

describe('deadAmong', () => {
  it('names those below a tenth of an equal share', () => {
    expect(deadAmong([0.94, 0.04, 0.02])).toEqual([2]);
    expect(deadAmong([1])).toEqual([]);
  });
});

describe('findDeadComponents', () => {
  it('tells those that every validation over a hundred steps found dead, and since when', () => {
    const rows = [row(0, 0.5, 0.5, 0), row(50, 1, 0, 0), row(100, 1, 0, 0), row(150, 1, 0, 0)];
    expect(findDeadComponents(rows)).toEqual({ dead: [1, 2], components: 3, sinceStep: 50, step: 150 });
  });

  it('keeps quiet in the first steps, of what came back, and of what died just now', () => {
    expect(findDeadComponents([row(0, 1, 0), row(99, 1, 0)])).toBeNull();
    expect(findDeadComponents([row(0, 1, 0), row(100, 0.5, 0.5)])).toBeNull();
    expect(findDeadComponents([row(0, 0.5, 0.5), row(100, 1, 0)])).toBeNull();
  });

  it('has nothing to tell of other priors', () => {
    expect(findDeadComponents([{ step: 0, componentShares: null }])).toBeNull();
    expect(findDeadComponents([])).toBeNull();
  });
});

describe('ComponentShares', () => {
  it('leaves out the padding of a partial batch', () => {
    const shares = new ComponentShares();
    shares.add(
      matrix([
        [1, 0],
        [0, 1],
      ]),
      2,
    );
    shares.add(
      matrix([
        [1, 0],
        [0.3, 0.7],
      ]),
      1,
    );
    expect(shares.result()).toEqual([2 / 3, 1 / 3]);
  });

  it('is null where a family tells none', () => {
    const shares = new ComponentShares();
    shares.add({}, 4);
    expect(shares.result()).toBeNull();
  });
});

describe('DeadComponentAlarm', () => {
  it('tells once, and again when others have died', () => {
    const alarm = new DeadComponentAlarm();
    const told = [
      row(0, 0.5, 0.5, 0),
      row(100, 0.5, 0.5, 0),
      row(200, 0.5, 0.5, 0),
      row(300, 1, 0, 0),
      row(400, 1, 0, 0),
      row(500, 0.5, 0.5, 0),
    ].map((one) => alarm.heed(one));
    expect(told.map((text) => text !== null)).toEqual([false, true, false, false, true, false]);
    expect(told[1]).toMatch(/1 of 3 components of the prior is dead since step 0: .* component 3\./);
    expect(told[4]).toContain('components 2, 3.');
  });
});
