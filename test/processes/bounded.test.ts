import { describe, expect, it } from 'vitest';
import { forEachBounded } from '../../src-main/processes/bounded.ts';

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('forEachBounded', () => {
  it('does everything, never more at once than allowed, and takes no item before there is room', async () => {
    let underWay = 0;
    let most = 0;
    let taken = 0;
    const done: number[] = [];
    const source = (function* () {
      for (; taken < 50; taken++) yield taken;
    })();
    await forEachBounded(source, 4, async (item) => {
      underWay++;
      most = Math.max(most, underWay);
      expect(taken - done.length).toBeLessThanOrEqual(4);
      await tick();
      underWay--;
      done.push(item);
    });
    expect(most).toBe(4);
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('stops at the first error, after what is under way, and throws it', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const working = forEachBounded(Array(50).keys(), 3, async (item) => {
      begun.push(item);
      await tick();
      if (item === 5) throw new Error('the fifth');
      ended.push(item);
    });
    await expect(working).rejects.toThrow('the fifth');
    expect(begun.length).toBeLessThan(12);
    expect(ended.length).toBe(begun.length - 1);
  });

  it('throws the error of its source, with nothing left running', async () => {
    let ended = 0;
    const source = (function* () {
      yield 1;
      throw new Error('the source');
    })();
    const working = forEachBounded(source, 3, async () => {
      await tick();
      ended++;
    });
    await expect(working).rejects.toThrow('the source');
    expect(ended).toBe(1);
  });
});
