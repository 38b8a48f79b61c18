import { describe, expect, it } from 'vitest';
import { CollapseAlarm, findUnusedCode, KlPerDimension } from '../../src-main/trainer/active-units.ts';

const batch = (...values: number[]) => ({
  klPerDimension: { data: Float32Array.from(values), shape: [values.length] },
});

describe('active units', () => {
  it('are those above 0.01 nats over all clips, batches weighed by their clips', () => {
    const kl = new KlPerDimension();
    kl.add(batch(1, 0.012, 0), 4);
    kl.add(batch(1, 0, 0.009), 1);
    expect(kl.values()).toEqual({ activeUnits: 1 });
    const other = new KlPerDimension();
    other.add(batch(1, 0.0126, 0), 4);
    other.add(batch(1, 0, 0.06), 1);
    expect(other.values()).toEqual({ activeUnits: 3 });
  });

  it('are not made up for a family that does not tell', () => {
    const kl = new KlPerDimension();
    kl.add({ total: { data: Float32Array.of(1), shape: [] } }, 4);
    expect(kl.values()).toEqual({});
  });
});

describe('alarm of posterior collapse', () => {
  const collapsed = { activeUnits: 0, kl: 0.002 };

  it('comes once, at the second validation in a row', () => {
    const alarm = new CollapseAlarm();
    const told = [80, 180, 280, 380].map((step) => alarm.heed(collapsed, { beta: 1, step }));
    expect(told.map((text) => text !== null)).toEqual([false, true, false, false]);
    expect(told[1]).toMatch(/Posterior collapse at step 180.*0.002/);
  });

  it('waits for 100 steps, in which a code may yet come to life', () => {
    const alarm = new CollapseAlarm();
    for (const step of [6, 12, 18, 100]) expect(alarm.heed(collapsed, { beta: 1, step })).toBeNull();
    expect(alarm.heed(collapsed, { beta: 1, step: 106 })).not.toBeNull();
  });

  it('begins anew after a validation that found a unit', () => {
    const alarm = new CollapseAlarm();
    alarm.heed(collapsed, { beta: 1, step: 80 });
    expect(alarm.heed({ activeUnits: 1, kl: 1 }, { beta: 1, step: 160 })).toBeNull();
    expect(alarm.heed(collapsed, { beta: 1, step: 240 })).toBeNull();
    expect(alarm.heed(collapsed, { beta: 1, step: 340 })).not.toBeNull();
  });

  it('is silent where the KL costs nothing, or is not known', () => {
    const alarm = new CollapseAlarm();
    for (const step of [8, 116, 224]) {
      expect(alarm.heed(collapsed, { beta: 0, step })).toBeNull();
      expect(alarm.heed({ total: 1 }, { beta: 1, step })).toBeNull();
    }
  });
});

describe('an unused code', () => {
  const row = (step: number, active: number) => ({
    step,
    klPerDimension: Array.from({ length: 20 }, (_, dimension) => (dimension < active ? 0.5 : 0.001)),
  });

  it('is told once validations over a hundred steps have found fewer than a tenth active', () => {
    expect(findUnusedCode([row(50, 8), row(100, 1), row(150, 1), row(200, 0)])).toEqual({
      activeUnits: 0,
      dimensions: 20,
      sinceStep: 100,
      step: 200,
    });
  });

  it('is not told early in training, of one validation, or of a tenth', () => {
    expect(findUnusedCode([])).toBeNull();
    expect(findUnusedCode([row(10, 0), row(20, 0), row(30, 0)])).toBeNull();
    expect(findUnusedCode([row(500, 0)])).toBeNull();
    expect(findUnusedCode([row(100, 2), row(300, 2)])).toBeNull();
  });

  it('is over as soon as a validation finds enough of it used', () => {
    expect(findUnusedCode([row(100, 0), row(300, 0), row(400, 9)])).toBeNull();
  });
});
