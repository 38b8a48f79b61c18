import { describe, expect, it } from 'vitest';
import { isCurveSettings } from '../../../src-renderer/views/run/curve-settings.ts';
import { configRows } from '../../../src-renderer/views/run/config-rows.ts';
import { actsOf } from '../../../src-renderer/views/runs/run-acts.ts';
import { epochRangeText } from '../../../src-renderer/views/train/estimate-text.ts';
import { parametersText } from '../../../src-renderer/views/train/model-text.ts';
import { FakeHost } from '../fake-host.ts';
import { FakeRuns } from '../fake-runs.ts';

describe('an estimate in words', () => {
  const epoch = (
    epochSec: number,
    stepMsRange: [number, number],
    stepMs = 1000,
    stepsPerEpoch = 40,
  ): string => epochRangeText({ epochSec, stepMs, stepMsRange, stepsPerEpoch });

  it('has the range of what was measured, validation not scaled with it', () => {
    expect(epoch(41, [930, 1100])).toBe('41 s (38 to 45)');
    expect(epoch(4.1, [93, 110], 100)).toBe('4.1 s (3.8 to 4.5)');
    expect(epoch(600, [14_000, 16_000], 15_000)).toBe('10 min (9 min to 11 min)');
  });

  it('has none where nothing varied', () => {
    expect(epoch(40, [1000, 1000])).toBe('40 s');
  });
});

describe('numbers of parameters', () => {
  it('are short', () => {
    expect(parametersText(934)).toBe('934 parameters');
    expect(parametersText(12_345)).toBe('12.3 k parameters');
    expect(parametersText(617_472)).toBe('617 k parameters');
    expect(parametersText(4_212_545)).toBe('4.21 M parameters');
  });
});

describe('kept settings of curves', () => {
  it('are taken only if they are ours', () => {
    const kept = { axis: 'epoch', logX: false, logY: true, smoothing: 0.5, withoutExtremes: false };
    expect(isCurveSettings(kept)).toBe(true);
    expect(isCurveSettings({ ...kept, axis: 'moon' })).toBe(false);
    expect(isCurveSettings({ ...kept, smoothing: 1 })).toBe(false);
    expect(isCurveSettings(null)).toBe(false);
  });
});

describe('what can be done with a run', () => {
  const runs = new FakeRuns(new FakeHost());
  const acts = (state: string, step = 10): string[] =>
    actsOf(
      runs.add(`${state} ${step}`, { state, step, ...(state === 'queued' ? { queuePlace: 1 } : {}) }).summary,
    ).map((act) => act.id);

  it('follows from its state', () => {
    expect(acts('running')).toEqual(expect.arrayContaining(['pause', 'stop', 'discard']));
    expect(acts('running')).not.toEqual(expect.arrayContaining(['resume']));
    expect(acts('running')).not.toContain('delete');
    expect(acts('paused')).toEqual(expect.arrayContaining(['resume', 'stop', 'discard']));
    expect(acts('interrupted')).toEqual(expect.arrayContaining(['resume', 'queue', 'delete']));
    expect(acts('finished')).not.toContain('resume');
    expect(acts('finished')).toContain('extend');
    expect(acts('queued', 0)).toContain('unqueue');
    expect(acts('queued', 0)).not.toContain('fork');
  });

  it('has a line for a terminal that names the run', () => {
    const { summary } = runs.add('line', { state: 'running', step: 3 });
    for (const act of actsOf(summary)) {
      const line = act.line(summary);
      if (line !== null)
        expect(line).toMatch(new RegExp(`^npm run resynth -- (runs|report run) .*${summary.run}`));
    }
  });
});

describe('the configuration of a run as a table', () => {
  it('marks what differs, and gives what belongs to no setting a place of its own', () => {
    const deviation = { setting: 'split', paper: 'a', ours: 'b', why: 'c' };
    const sections = configRows(
      {
        config: { family: 'f', preset: 'p', model: { latentDim: 64 }, training: { seed: 0 }, features: {} },
        differences: [{ setting: 'model.latentDim', preset: 128, chosen: 64, derived: false }],
        deviations: [deviation],
      },
      [],
    );
    expect(sections[0]?.rows[0]).toMatchObject({
      setting: 'model.latentDim',
      value: 64,
      preset: 128,
      changed: true,
    });
    expect(sections[1]?.rows[0]).toMatchObject({ value: 0, changed: false });
    expect(sections.at(-1)?.rows).toEqual([expect.objectContaining({ setting: 'split', deviation })]);
  });
});
