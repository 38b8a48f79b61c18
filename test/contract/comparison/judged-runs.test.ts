import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgedRunText,
  judgedWords,
  parseJudgedRun,
} from '../../../src-preload/contract/comparison/judged-runs.ts';

describe('a run as it is judged', () => {
  it('is the run as it stands where nothing is said', () => {
    expect(parseJudgedRun('vrnn')).toEqual({
      run: 'vrnn',
      step: null,
      latent: 'mean',
      feedback: 'recording',
    });
    expect(parseJudgedRun('vrnn@500')).toMatchObject({ run: 'vrnn', step: 500, latent: 'mean' });
  });

  it('has its options behind the step, in any order', () => {
    const both = { run: 'vrnn', step: 500, latent: 'sample', feedback: 'own' };
    expect(parseJudgedRun('vrnn@500+sample+own')).toEqual(both);
    expect(parseJudgedRun('vrnn@500+own+sample')).toEqual(both);
    expect(parseJudgedRun('vrnn+own')).toMatchObject({ run: 'vrnn', step: null, latent: 'mean' });
  });

  it('takes nothing else for an option', () => {
    expect(parseJudgedRun('a+b@3')).toMatchObject({ run: 'a+b', step: 3, latent: 'mean' });
    expect(parseJudgedRun('vrnn+samples')).toMatchObject({ run: 'vrnn+samples', latent: 'mean' });
    expect(parseJudgedRun('+own')).toMatchObject({ run: '+own', feedback: 'recording' });
  });

  it('reads what it writes, for any name that ends in no option itself', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((name) => !/(@\d+|\+sample|\+own)$/.test(name)),
        fc.option(fc.nat()),
        fc.constantFrom('mean' as const, 'sample' as const),
        fc.constantFrom('recording' as const, 'own' as const),
        (run, step, latent, feedback) => {
          const judged = { run, step, latent, feedback };
          expect(parseJudgedRun(judgedRunText(judged))).toEqual(judged);
        },
      ),
    );
  });

  it('is told in words where it is not the usual way', () => {
    expect(judgedWords({ latent: 'mean', feedback: 'recording' })).toBe('');
    expect(judgedWords({ latent: 'sample', feedback: 'own' })).toBe('sampled z, free-running');
  });
});
