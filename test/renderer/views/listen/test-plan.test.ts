import { describe, expect, it } from 'vitest';
import type { Host } from '../../../../src-renderer/host.svelte.ts';
import { TestPlan } from '../../../../src-renderer/views/listen/test-plan.svelte.ts';
import {
  otherSystemText,
  parseOtherSystem,
} from '../../../../src-preload/contract/comparison/other-systems.ts';
import { ResynthError } from '../../../../src-preload/contract/errors/error.ts';

type Call = { name: string; input: Record<string, unknown> };

/** A host whose runs have two clips, in another order in the second run; 'theirs' lacks two.wav. */
function planOf() {
  const calls: Call[] = [];
  const call = async ({ name }: { name: string }, input: Record<string, unknown>): Promise<unknown> => {
    calls.push({ name, input });
    if (name === 'runs clips') {
      const names = input['run'] === 'second' ? ['two.wav', 'one.wav'] : ['one.wav', 'two.wav'];
      const clips = names.map((recording, index) => {
        return { index, recording, contentHash: recording, speaker: null, label: null, durationSec: 1 };
      });
      return { run: input['run'], clips, steps: [{ step: 4, epoch: 1, mse: [0, 0] }] };
    }
    if (name === 'runs clip' && input['system'] === 'theirs' && input['clip'] === 1) {
      throw new ResynthError('evaluations/not-matched', { system: 'theirs', recording: 'two.wav' });
    }
    return {};
  };
  return { plan: new TestPlan({ call: call as unknown as Host['call'] }), calls };
}

const opus = { kind: 'baseline', system: 'opus:12' } as const;
const theirs = { kind: 'external', system: 'theirs' } as const;

describe('a listening test with other systems', () => {
  it("puts a baseline beside a run, on the run's clips", async () => {
    const { plan } = planOf();
    plan.against = 'run';
    plan.chooseOther('a', opus);
    await plan.chooseRun('b', 'second');
    expect(plan.gap).toBeNull();
    const { a, b, clips } = plan.design();
    expect(a).toEqual({ ...opus, run: 'second', step: null });
    expect(b).toEqual({ kind: 'reconstruction', run: 'second', step: 4 });
    expect(clips.map(({ recording, indexInA, indexInB }) => [recording, indexInA, indexInB])).toEqual([
      ['two.wav', 0, 0],
      ['one.wav', 1, 1],
    ]);
  });

  it('keeps the places that two runs have a clip at', async () => {
    const { plan } = planOf();
    plan.against = 'run';
    await plan.chooseRun('a', 'first');
    await plan.chooseRun('b', 'second');
    expect(plan.design().clips.map(({ indexInA, indexInB }) => [indexInA, indexInB])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('asks whose clips are heard where neither side is a run, and refuses the same twice', async () => {
    const { plan } = planOf();
    plan.chooseOther('b', opus);
    expect(plan.gap).toBe('no-clips-of');
    await plan.chooseRun('clips', 'first');
    expect(plan.gap).toBeNull();
    expect(plan.design()).toMatchObject({
      a: { kind: 'original', run: 'first' },
      b: { ...opus, run: 'first' },
    });
    plan.against = 'run';
    plan.chooseOther('a', { ...opus });
    expect(plan.gap).toBe('same');
    plan.chooseOther('a', theirs);
    expect(plan.gap).toBeNull();
  });

  it('does not begin with a clip that a system lacks', async () => {
    const { plan, calls } = planOf();
    plan.chooseOther('b', theirs);
    await plan.chooseRun('clips', 'first');
    await expect(plan.begin()).rejects.toMatchObject({ code: 'evaluations/not-matched' });
    expect(calls.some(({ name }) => name === 'listening save')).toBe(false);
    plan.take(plan.rows[1]!, false);
    await plan.begin();
    expect(calls.at(-1)?.name).toBe('listening save');
  });

  it('reads systems from an address as they were written', () => {
    for (const system of [opus, theirs]) expect(parseOtherSystem(otherSystemText(system))).toEqual(system);
    for (const text of ['', 'opus:12', 'baseline:', 'run:x']) expect(parseOtherSystem(text)).toBeNull();
  });
});
