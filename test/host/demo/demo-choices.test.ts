import { describe, expect, it } from 'vitest';
import { testClips } from '../../../src-main/host/demo/demo.ts';
import { epochsFor } from '../../../src-main/host/demo/demo-training.ts';
import { noFacts, type Recording, type Split } from '../../../src-main/corpora/recording.ts';

function recording(label: string, speaker: string, split: Split, peak = 0.5): Recording {
  return {
    id: `${label}_${speaker}_${split}.wav`,
    bytes: 1,
    modifiedMs: 0,
    contentHash: '',
    sampleRateHz: 8000,
    channels: 1,
    durationSec: 0.4,
    peak,
    rms: 0.1,
    speaker,
    label,
    split,
    transcript: null,
    ...noFacts,
    warning: null,
  };
}

describe('testClips', () => {
  const labels = ['0', '1', '2', '3'];
  const all = ['a', 'b', 'c'].flatMap((speaker) => labels.map((label) => recording(label, speaker, 'test')));

  it('takes one speaker after the other, each with another label', () => {
    const { clips, split } = testClips(all, 4);
    expect(split).toBe('test');
    expect(clips.map((clip) => clip.speaker)).toEqual(['a', 'b', 'c', 'a']);
    expect(new Set(clips.map((clip) => clip.label)).size).toBe(4);
  });

  it('takes each clip once, all where fewer are there, and no silent one', () => {
    const { clips } = testClips([...all, recording('9', 'd', 'test', 0)], 99);
    expect(clips.length).toBe(12);
    expect(new Set(clips).size).toBe(12);
  });

  it('says which split it had to take', () => {
    expect(testClips([recording('0', 'a', 'train')], 3).split).toBe('train');
    expect(testClips([], 3).clips).toEqual([]);
  });
});

describe('epochsFor', () => {
  const probe = { stepSec: 0.2, stepsPerEpoch: 27, validationBatches: 5 };

  it('fills the time and does not pass it', () => {
    for (const budgetSec of [20, 60, 150, 600, 3600]) {
      const epochs = epochsFor(probe, budgetSec);
      const plannedSec = epochs * (27 * 0.2 + 0.05) + Math.min(40, epochs) * 5 * 0.2 * 0.35;
      expect(plannedSec).toBeLessThanOrEqual(budgetSec);
      expect(plannedSec).toBeGreaterThan(0.6 * budgetSec);
    }
  });

  it('trains an epoch at least', () => {
    expect(epochsFor(probe, 0)).toBe(1);
    expect(epochsFor({ ...probe, stepSec: 100 }, 150)).toBe(1);
  });
});
