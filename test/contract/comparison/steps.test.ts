import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stepAtOrBefore, unionOfSteps } from '../../../src-preload/contract/comparison/steps.ts';

const steps = fc.uniqueArray(fc.integer({ min: 0, max: 500 })).map((list) => list.sort((a, b) => a - b));

it('the step shown is the last kept one that is not ahead of the slider', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: -10, max: 510 }), (kept, wanted) => {
      const shown = stepAtOrBefore(kept, wanted);
      expect(shown).toBe(kept.findLast((step) => step <= wanted) ?? null);
    }),
  );
});

it('the slider stops at every kept step of any run, and there shows that run exactly', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 6 }), (lists) => {
      const union = unionOfSteps(lists);
      expect(union).toEqual([...new Set(lists.flat())].sort((a, b) => a - b));
      for (const kept of lists) for (const step of kept) expect(stepAtOrBefore(kept, step)).toBe(step);
      // At the end every run shows its own last one.
      const end = union.at(-1);
      if (end !== undefined)
        for (const kept of lists) expect(stepAtOrBefore(kept, end)).toBe(kept.at(-1) ?? null);
    }),
  );
});
