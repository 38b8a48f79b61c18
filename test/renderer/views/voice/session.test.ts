import { describe, expect, test } from 'vitest';
import {
  isRecorded,
  nextMissing,
  placesOf,
  type Plan,
  withRecorded,
} from '../../../../src-renderer/views/voice/plan-order.ts';
import {
  defaultSetup,
  promptsOf,
  setupFault,
  setupFrom,
  takeForm,
} from '../../../../src-renderer/views/voice/recorder-setup.ts';
import { outlineOf } from '../../../../src-renderer/views/voice/take-outline.ts';

function planOf(recorded: Record<string, number[]>, takes = 2): Plan {
  const prompts = Object.entries(recorded).map(([prompt, there]) => ({
    prompt,
    label: prompt,
    takes: Array.from({ length: takes }, (_, take) => ({
      take,
      file: `/${prompt}_${take}.wav`,
      recorded: there.includes(take),
    })),
  }));
  const all = prompts.flatMap((prompt) => prompt.takes);
  const count = all.filter((take) => take.recorded).length;
  return { folder: '/', recorded: count, missing: all.length - count, prompts, warnings: [] };
}

describe('the order of a session', () => {
  const plan = planOf({ one: [], two: [] });
  const said = (order: 'list' | 'grouped') =>
    placesOf(plan, order).map(({ prompt, take }) => `${prompt}${take}`);

  test('is the list again and again, or all takes of a prompt in a row', () => {
    expect(said('list')).toEqual(['one0', 'two0', 'one1', 'two1']);
    expect(said('grouped')).toEqual(['one0', 'one1', 'two0', 'two1']);
  });

  test('goes on where an interrupted session was, and ends when nothing is missing', () => {
    const begun = planOf({ one: [0], two: [] });
    expect(nextMissing(begun, 'list', null)).toEqual({ prompt: 'two', take: 0 });
    expect(nextMissing(begun, 'list', { prompt: 'two', take: 1 })).toEqual({ prompt: 'two', take: 0 });
    expect(nextMissing(planOf({ one: [0, 1], two: [0, 1] }), 'list', null)).toBeNull();
  });

  test('counts a take once it is kept', () => {
    const place = { prompt: 'two', take: 1 };
    const now = withRecorded(plan, place);
    expect(now).toMatchObject({ recorded: 1, missing: 3 });
    expect(isRecorded(now, place)).toBe(true);
    expect(isRecorded(plan, place)).toBe(false);
    expect(withRecorded(now, place)).toMatchObject({ recorded: 1, missing: 3 });
  });
});

describe('the setup', () => {
  test('has the ten digits, and takes a list of its own', () => {
    expect(promptsOf(defaultSetup.promptText)).toHaveLength(10);
    expect(promptsOf('yes, no\n\nperhaps not , yes,')).toEqual(['yes', 'no', 'perhaps not']);
  });

  test('says what is missing before it begins', () => {
    const right = { ...defaultSetup, speaker: 'ana', folder: '/speech' };
    expect(setupFault(right)).toBeNull();
    expect(setupFault({ ...right, promptText: ' , ' })).toMatch(/prompt/);
    expect(setupFault({ ...right, speaker: 'a_b' })).toMatch(/speaker/);
    expect(setupFault({ ...right, speaker: '../up' })).toMatch(/speaker/);
    expect(setupFault({ ...right, folder: ' ' })).toMatch(/folder/);
  });

  test('keeps of what another version wrote only what is right', () => {
    expect(setupFrom(null)).toEqual(defaultSetup);
    expect(setupFrom({ speaker: 'ana', takes: 0, start: 'shout', levelDb: 'off', more: 1 })).toEqual({
      ...defaultSetup,
      speaker: 'ana',
      levelDb: 'off',
    });
  });

  test('asks for a rate only where one was chosen', () => {
    expect(takeForm(defaultSetup)).toEqual({ levelDb: -20 });
    expect(takeForm({ ...defaultSetup, sampleRateHz: 8000 })).toEqual({ levelDb: -20, sampleRateHz: 8000 });
  });
});

describe('the outline of a take', () => {
  test('has the lowest and the highest of every span', () => {
    const outline = outlineOf(Float32Array.from([0.1, -0.5, 0.25, 0.75]), 2);
    expect([...outline]).toEqual([-0.5, Math.fround(0.1), 0, 0.75]);
    expect(outlineOf(new Float32Array(0), 4)).toEqual(new Float32Array(2));
  });
});
