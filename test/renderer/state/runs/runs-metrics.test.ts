// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { runsMetrics } from '../../../../src-preload/contract/commands/runs-live.ts';
import { runMeasured } from '../../../../src-preload/contract/events/runs.ts';
import { RunMetrics } from '../../../../src-renderer/state/runs/runs-metrics.svelte.ts';
import { FakeLine } from '../../fake-line.ts';

function series(
  split: string,
  steps: number[],
  value: (step: number) => number = (step) => step,
  key = 'total',
) {
  return {
    split,
    key,
    steps: Float64Array.from(steps),
    values: Float64Array.from(steps, value),
    epochs: Float64Array.from(steps, (step) => Math.ceil(step / 10)),
    wallMs: Float64Array.from(steps, (step) => 5000 + 100 * step),
    processMs: Float64Array.from(steps, (step) => 80 * step),
  };
}

const told = (...all: ReturnType<typeof series>[]) => ({ run: 'r1', superseded: false, series: all });
const read = (...all: ReturnType<typeof series>[]) => ({ run: 'r1', lastStep: 0, series: all });
const values = (metrics: RunMetrics, label: string) => [
  ...(metrics.curves('total', 'step', 0).find((curve) => curve.label === label)?.y ?? []),
];

describe('the curves of a run', () => {
  it('are what was read, and grow by what is told', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    expect(metrics.loaded).toBe(false);
    await line.answer(runsMetrics, read(series('train', [1, 2]), series('validation', [10])));
    line.tell(runMeasured, told(series('train', [3])));
    expect(values(metrics, 'train')).toEqual([1, 2, 3]);
    expect(values(metrics, 'validation')).toEqual([10]);
    expect(metrics.loaded).toBe(true);
    metrics.close();
  });

  it('count rows once that were read and told, in whatever order', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    line.tell(runMeasured, told(series('train', [2, 3])));
    line.tell(runMeasured, told(series('train', [4])));
    await line.answer(runsMetrics, read(series('train', [1, 2, 3])));
    expect(values(metrics, 'train')).toEqual([1, 2, 3, 4]);
    line.tell(runMeasured, told(series('train', [3, 4, 5])));
    expect(values(metrics, 'train')).toEqual([1, 2, 3, 4, 5]);
    metrics.close();
  });

  it('are read again when a resume went back, and never zig-zag', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    await line.answer(runsMetrics, read(series('train', [1, 2, 3, 4, 5])));
    line.tell(runMeasured, { ...told(series('train', [3], () => 30)), superseded: true });
    line.tell(runMeasured, told(series('train', [4], () => 40)));
    // Until it was read, what is shown is what was: never a mixture.
    expect(values(metrics, 'train')).toEqual([1, 2, 3, 4, 5]);
    await line.answer(runsMetrics, read(series('train', [1, 2, 3], (step) => (step === 3 ? 30 : step))));
    expect(values(metrics, 'train')).toEqual([1, 2, 30, 40]);
    const [curve] = metrics.curves('total', 'step', 0);
    expect([...(curve?.x ?? [])]).toEqual([1, 2, 3, 4]);
    metrics.close();
  });

  it('take only the last of several answers', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    line.resync();
    const [first, second] = line.calls;
    second?.resolve(read(series('train', [1, 2, 3])));
    await Promise.resolve();
    first?.resolve(read(series('train', [1])));
    await new Promise((resolve) => setTimeout(resolve));
    expect(values(metrics, 'train')).toEqual([1, 2, 3]);
    metrics.close();
  });

  it('say why they could not be read, and keep what they had', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    await line.answer(runsMetrics, read(series('train', [1])));
    metrics.retry();
    line.tell(runMeasured, told(series('train', [2])));
    await line.refuse(runsMetrics, new Error('gone'));
    expect(metrics.error).toBeInstanceOf(Error);
    expect(values(metrics, 'train')).toEqual([1, 2]);
    metrics.close();
  });

  it('add nothing to superseded rows that could not be read again', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    await line.answer(runsMetrics, read(series('train', [1, 2, 3, 4])));
    line.tell(runMeasured, { ...told(series('train', [2])), superseded: true });
    await line.refuse(runsMetrics, new Error('gone'));
    line.tell(runMeasured, told(series('train', [5])));
    expect(values(metrics, 'train')).toEqual([1, 2, 3, 4]);
    metrics.retry();
    await line.answer(runsMetrics, read(series('train', [1, 2, 5])));
    expect(values(metrics, 'train')).toEqual([1, 2, 5]);
    expect(metrics.error).toBeNull();
    metrics.close();
  });

  it('hear nothing of other runs, nor after they were closed', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    await line.answer(runsMetrics, read(series('train', [1])));
    line.tell(runMeasured, { ...told(series('train', [2])), run: 'r2' });
    metrics.close();
    line.tell(runMeasured, told(series('train', [2])));
    expect(values(metrics, 'train')).toEqual([1]);
  });

  it('lie over steps, epochs, time and training time', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    await line.answer(
      runsMetrics,
      read(series('train', [5, 10, 15]), { ...series('validation', [10]), epochs: Float64Array.of(1) }),
    );
    const x = (axis: Parameters<RunMetrics['domain']>[0]) => [
      ...(metrics.curves('total', axis, 0)[0]?.x ?? []),
    ];
    expect(x('step')).toEqual([5, 10, 15]);
    expect(x('epoch')).toEqual([0.5, 1, 1.5]);
    expect(x('wall')).toEqual([0, 0.5, 1]);
    expect(x('process')).toEqual([0.4, 0.8, 1.2]);
    expect(metrics.domain('epoch')).toEqual([0, 1.5]);
    // The trainer knows better than the rows.
    metrics.tellStepsPerEpoch(5);
    expect(x('epoch')).toEqual([1, 2, 3]);
    line.tell(runMeasured, told(series('train', [20])));
    expect(x('epoch')).toEqual([1, 2, 3, 4]);
    metrics.close();
  });

  it('smooth training alone, with what was measured beneath', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    await line.answer(
      runsMetrics,
      read(
        series('train', [1, 2], (step) => step * 2),
        series('validation', [2]),
      ),
    );
    const [train, validation] = metrics.curves('total', 'step', 0.5);
    expect([...(train?.raw ?? [])]).toEqual([2, 4]);
    expect(train?.y[1]).toBeCloseTo((0.5 * 0.5 * 2 + 0.5 * 4) / 0.75, 10);
    expect(validation?.raw).toBeNull();
    expect(metrics.curves('total', 'step', 0)[0]?.raw).toBeNull();
    metrics.close();
  });

  it('come losses first, the learning rate last', async () => {
    const line = new FakeLine();
    const metrics = new RunMetrics(line, 'r1');
    const keys = ['learningRate', 'activeUnits', 'kl', 'total', 'reconstruction'];
    await line.answer(runsMetrics, read(...keys.map((key) => series('train', [1], undefined, key))));
    expect(metrics.keys).toEqual(['total', 'reconstruction', 'kl', 'activeUnits', 'learningRate']);
    metrics.close();
  });
});
