import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abxOrder } from '../../../../src-preload/contract/listening/abx-order.ts';
import { AbxSession, type AbxSound } from '../../../../src-renderer/state/listen/abx-session.svelte.ts';

const plan = { seed: 5, trials: 4, clips: 2 };
const order = abxOrder(plan.seed, plan.trials, plan.clips);

describe('a listener’s way through an ABX test', () => {
  it('takes an answer once X and one of the two were heard', () => {
    const session = new AbxSession(plan);
    expect(session.answer('a', 0, 0)).toBe('not-begun');
    expect(session.hear('x')).toBeNull();
    session.begin(100);
    session.begin(900);
    expect(session.answer('a', 0, 0)).toBe('hear-x');
    expect(session.hear('x')).toBe(order[0]?.x);
    expect(session.answer('a', 0, 0)).toBe('hear-one');
    expect(session.hear('b')).toBe('b');
    session.hear('x');
    expect(session.now).toBe('x');
    expect(session.answer('b', 1600, 42)).toBeNull();
    expect(session.answers).toEqual([
      { answer: 'b', answeredMs: 42, tookMs: 1500, heardA: 0, heardB: 1, heardX: 2 },
    ]);
  });

  it('begins each trial anew, and ends with the last', () => {
    const session = new AbxSession(plan);
    for (let trial = 0; trial < plan.trials; trial++) {
      expect(session.trial).toBe(trial);
      expect(session.clipOf(trial)).toBe(order[trial]?.clip);
      expect([session.wasHeard('x'), session.now, session.begun]).toEqual([false, null, false]);
      session.begin(0);
      expect(session.hear('x')).toBe(order[trial]?.x);
      session.hear('a');
      expect(session.answer('a', 1, 1)).toBeNull();
    }
    expect(session.trial).toBeNull();
    expect(session.clipOf(plan.trials)).toBeNull();
    session.begin(0);
    expect(session.hear('x')).toBeNull();
    expect(session.answer('a', 0, 0)).toBe('over');
    expect(session.answers).toHaveLength(plan.trials);
  });

  it('goes on where answers that were kept end', () => {
    const kept = [{ answer: 'a', answeredMs: 1, tookMs: 1, heardA: 1, heardB: 0, heardX: 1 }] as const;
    const session = new AbxSession(plan, kept);
    expect(session.trial).toBe(1);
    session.begin(0);
    expect(session.hear('x')).toBe(order[1]?.x);
  });

  it('plays A and B as they are called, and X by the hidden order, whatever is pressed', () => {
    const act = fc.oneof(
      fc.constantFrom<AbxSound>('a', 'b', 'x').map((sound) => ({ kind: 'hear', sound }) as const),
      fc.constantFrom<'a' | 'b'>('a', 'b').map((side) => ({ kind: 'answer', side }) as const),
      fc.constant({ kind: 'begin' } as const),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const session = new AbxSession(plan);
        let answered = 0;
        for (const one of acts) {
          const { trial } = session;
          if (one.kind === 'begin') session.begin(0);
          else if (one.kind === 'answer') answered += session.answer(one.side, 0, 0) === null ? 1 : 0;
          else {
            const side = session.hear(one.sound);
            if (side === null) expect(trial === null || !session.begun).toBe(true);
            else expect(side).toBe(one.sound === 'x' ? order[trial ?? 0]?.x : one.sound);
          }
          expect(session.answers).toHaveLength(answered);
          expect(session.trial).toBe(answered < plan.trials ? answered : null);
        }
        // Nobody gets an answer in without having heard what it is about.
        for (const { heardA, heardB, heardX } of session.answers) {
          expect(heardX).toBeGreaterThan(0);
          expect(heardA + heardB).toBeGreaterThan(0);
        }
      }),
    );
  });
});
