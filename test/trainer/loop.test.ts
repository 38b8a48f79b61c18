import { describe, expect, it } from 'vitest';
import type { OutputValue } from '../../src-main/engine/program.ts';
import { BatchReader } from '../../src-main/trainer/batches.ts';
import { initialProgress, type TrainingProgress } from '../../src-main/trainer/checkpoint.ts';
import type { ControlCommand } from '../../src-main/trainer/control.ts';
import {
  type LoopArguments,
  type LoopHost,
  type LoopOutcome,
  TrainingLoop,
} from '../../src-main/trainer/loop.ts';
import type { LatentsRow } from '../../src-main/trainer/latents-log.ts';
import type { TrainingConfig } from '../../src-main/models/training.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { FakeProgram, fakeReader, testTraining } from './fake-program.ts';

type Saved = {
  progress: TrainingProgress;
  state: Map<string, OutputValue>;
  validation: Record<string, number> | null;
};
type Row = Parameters<LoopHost['appendMetrics']>[0];

/** A loop over fakes, with everything it said. */
class Bench {
  readonly program = new FakeProgram();
  readonly saved: Saved[] = [];
  readonly rows: Row[] = [];
  readonly latents: LatentsRow[] = [];
  readonly states: string[] = [];
  readonly told: ControlCommand[] = [];
  readonly notes: string[] = [];
  readonly extendedTo: number[] = [];
  clockMs = 0;
  beforeSave: (() => void) | null = null;
  /** After how many steps in all each command is given. */
  readonly plan = new Map<number, ControlCommand[]>();
  stepsSeen = 0;
  readonly config: TrainingConfig;
  validationClips: number | null = 6;
  clips: LoopArguments['clips'] = null;
  trainingClips = 18;

  constructor(changes: Partial<TrainingConfig> = {}) {
    this.config = testTraining(changes);
  }

  /** Runs from the beginning or from what another bench saved. */
  async run(from?: Saved): Promise<LoopOutcome> {
    if (from) await this.program.writeState(from.state);
    const args: LoopArguments = {
      program: this.program,
      training: new BatchReader(fakeReader(this.trainingClips), this.config.batchSize),
      validation:
        this.validationClips === null
          ? null
          : new BatchReader(fakeReader(this.validationClips), this.config.batchSize),
      clips: this.clips,
      config: this.config,
      progress: from?.progress ?? initialProgress,
      control: { poll: () => this.told.splice(0) },
      now: () => this.clockMs,
      host: {
        saveCheckpoint: (progress, state, validation) => {
          this.beforeSave?.();
          this.saved.push({ progress, state: new Map(state), validation });
        },
        appendMetrics: (row) => this.rows.push(structuredClone(row)),
        appendLatents: (row) => this.latents.push(structuredClone(row)),
        flushMetrics: () => undefined,
        extended: (epochs) => this.extendedTo.push(epochs),
        stateChanged: (state) => this.states.push(state),
        progressed: ({ phase }) => {
          if (phase === 'training') this.stepsSeen++;
          this.told.push(...(this.plan.get(this.stepsSeen) ?? []));
          this.plan.delete(this.stepsSeen);
        },
        note: (text) => this.notes.push(text),
        epochEnded: () => undefined,
      },
    };
    return new TrainingLoop(args).run();
  }

  get last(): Saved {
    const saved = this.saved.at(-1);
    if (!saved) throw new Error('nothing was saved');
    return saved;
  }
}

const bits = ({ state }: Saved): string =>
  [...state].map(([name, { data }]) => `${name}:${Buffer.from(data.buffer).toString('hex')}`).join();

describe('training loop', () => {
  it('does all epochs of whole batches and validates every clip once, padding masked', async () => {
    const bench = new Bench({ epochs: 3 });
    const outcome = await bench.run();
    expect(outcome).toMatchObject({
      state: 'finished',
      error: null,
      progress: { step: 12, epoch: 3, stepInEpoch: 0 },
    });
    expect(bench.rows.filter(({ split }) => split === 'train').map(({ step }) => step)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    expect(bench.rows.filter(({ split }) => split === 'validation').map(({ step }) => step)).toEqual([
      4, 8, 12,
    ]);
    const masks = bench.program.calls.filter(({ entry }) => entry === 'evaluate').length;
    expect(masks).toBe(3 * 2);
  });

  it('decodes its clips before the first step and at the end of epochs, and trains to the same bits', async () => {
    const without = new Bench({ epochs: 5 });
    await without.run();
    const bench = new Bench({ epochs: 5 });
    const decoded: [step: number, epoch: number][] = [];
    bench.clips = {
      isDue: (epoch, epochs) => epoch % 2 === 0 || epoch === epochs,
      has: () => false,
      decode: async (step, epoch) => void decoded.push([step, epoch]),
    };
    await bench.run();
    expect(decoded).toEqual([
      [0, 0],
      [8, 2],
      [16, 4],
      [20, 5],
    ]);
    expect(bits(bench.last)).toBe(bits(without.last));
    expect(bench.rows).toEqual(without.rows);
  });

  it('tells of each latent dimension before the metrics of the same validation, which whoever follows them reads first', async () => {
    const bench = new Bench({ epochs: 2 });
    bench.program.tellsLatents = true;
    const toldAt: number[] = [];
    const append = bench.rows.push.bind(bench.rows);
    bench.rows.push = (row) => {
      if (row.split === 'validation') toldAt.push(bench.latents.length);
      return append(row);
    };
    await bench.run();
    expect(toldAt).toEqual([1, 2]);
    expect(bench.latents.map(({ step, epoch }) => [step, epoch])).toEqual([
      [4, 1],
      [8, 2],
    ]);
    expect(bench.latents[0]).toMatchObject({ klPerDimension: [0, 0.5, expect.any(Number)], code: null });
    expect(bench.rows.findLast(({ split }) => split === 'validation')?.values.activeUnits).toBe(2);
  });

  it('weighs validation by clips, so that padding does not count', async () => {
    const bench = new Bench({ epochs: 1 });
    await bench.run();
    const weight = bench.program.weights[0] ?? 0;
    const errors = [0, 1, 2, 3, 4, 5].map(
      (row) => (Math.fround(Math.sin(row * 1.7)) - weight + 1e-3 * Math.floor(row / 4)) ** 2,
    );
    const mean = errors.reduce((sum, error) => sum + error, 0) / 6;
    const measured = bench.rows.find(({ split }) => split === 'validation')?.values.total;
    expect(measured).toBeCloseTo(mean, 6);
  });

  it('shows every clip of an epoch at most once, in another order each epoch', async () => {
    const bench = new Bench({ epochs: 2, batchSize: 6 });
    const seen: string[][] = [];
    const reader = fakeReader(18);
    const batches = new BatchReader(
      {
        ...reader,
        read: (rows, out) => {
          seen.push([...Array.from(rows)].map(String));
          reader.read(rows, out);
        },
      },
      6,
    );
    for (const epoch of [0, 1])
      for (const index of [0, 1, 2]) batches.training(bench.config.seed, epoch, index);
    expect(new Set(seen.slice(0, 3).flat()).size).toBe(18);
    expect(seen.slice(0, 3).flat()).not.toEqual(seen.slice(3).flat());
  });

  it('saves before the first step, so that there is always a checkpoint to go back to', async () => {
    const bench = new Bench({ epochs: 1 });
    await bench.run();
    expect(bench.saved[0]?.progress.step).toBe(0);
  });

  it('warms beta and the rate up, follows the schedule and feeds free bits', async () => {
    const bench = new Bench({
      epochs: 2,
      beta: 2,
      betaWarmupEpochs: 1,
      warmupSteps: 2,
      learningRate: 0.1,
      schedule: 'cosine',
      freeBits: 0.25,
      clipNorm: 3,
    });
    await bench.run();
    const steps = bench.program.calls.filter(({ entry }) => entry === 'step').map(({ feeds }) => feeds);
    expect(steps.map(({ beta }) => beta)).toEqual([0, 0.5, 1, 1.5, 2, 2, 2, 2]);
    const cosine = (step: number) => 0.5 * (1 + Math.cos((Math.PI * step) / 8));
    expect(steps[0]?.learningRate).toBeCloseTo(0.05, 12);
    expect(steps[3]?.learningRate).toBeCloseTo(0.1 * cosine(3), 12);
    expect(steps[0]?.freeBits).toBe(0.25);
    expect(steps[0]?.clipNorm).toBe(3);
    const evaluations = bench.program.calls
      .filter(({ entry }) => entry === 'evaluate')
      .map(({ feeds }) => feeds);
    expect(new Set(evaluations.map(({ beta, freeBits }) => `${String(beta)} ${String(freeBits)}`))).toEqual(
      new Set(['2 0']),
    );
  });

  it('does not feed clipNorm when clipping is off', async () => {
    const bench = new Bench({ epochs: 1, clipNorm: 0 });
    await bench.run();
    expect(bench.program.calls[0]?.feeds).not.toHaveProperty('clipNorm');
  });

  it('draws the noise of a step from (seed, step) and never that of training in validation', async () => {
    const bench = new Bench({ epochs: 2 });
    await bench.run();
    const keys = bench.program.calls.map(({ entry, noise }) => `${entry} ${noise?.seed} ${noise?.step}`);
    const steps = keys.filter((key) => key.startsWith('step'));
    expect(new Set(steps).size).toBe(8);
    const evaluations = keys.filter((key) => key.startsWith('evaluate'));
    expect(new Set(evaluations).size).toBe(2);
    expect(evaluations.some((key) => key.startsWith(`evaluate ${bench.config.seed} `))).toBe(false);
  });

  it('goes on from any of its checkpoints to the same bits and the same metrics', async () => {
    const whole = new Bench({
      epochs: 4,
      checkpointEverySteps: 1,
      betaWarmupEpochs: 2,
      schedule: 'cosine',
      earlyStoppingPatience: 3,
    });
    await whole.run();
    expect(whole.saved.length).toBeGreaterThan(10);
    for (const saved of whole.saved) {
      const rest = new Bench(whole.config);
      const outcome = await rest.run(structuredClone(saved));
      expect(outcome.progress).toEqual(whole.last.progress);
      if (rest.saved.length > 0) expect(bits(rest.last)).toBe(bits(whole.last));
      const expected = whole.rows.filter(({ step, split }) =>
        split === 'train'
          ? step > saved.progress.step
          : step > saved.progress.step || (saved.progress.stepInEpoch === 4 && step === saved.progress.step),
      );
      expect(rest.rows).toEqual(expected);
    }
  });

  it('stops before the next step, saves, and goes on from there', async () => {
    const whole = new Bench();
    await whole.run();
    const bench = new Bench();
    bench.plan.set(6, [{ command: 'stop', reason: 'enough' }]);
    const outcome = await bench.run();
    expect(outcome).toMatchObject({ state: 'stopped', reason: 'enough', progress: { step: 6 } });
    expect(bench.stepsSeen).toBe(6);
    expect(bench.last.progress.step).toBe(6);
    const rest = new Bench();
    await rest.run(bench.last);
    expect(bits(rest.last)).toBe(bits(whole.last));
  });

  it('stops within a validation and does it again when resumed', async () => {
    const bench = new Bench({ epochs: 2, batchSize: 2 });
    bench.validationClips = 9;
    let evaluations = 0;
    bench.program.onCall = (entry) => {
      if (entry === 'evaluate' && ++evaluations === 2) bench.told.push({ command: 'stop', reason: 'now' });
    };
    const outcome = await bench.run();
    expect(outcome.state).toBe('stopped');
    expect(evaluations).toBe(2);
    expect(bench.last.progress).toMatchObject({ epoch: 0, stepInEpoch: 9, step: 9 });
    expect(bench.rows.some(({ split }) => split === 'validation')).toBe(false);
    const rest = new Bench(bench.config);
    rest.validationClips = 9;
    await rest.run(bench.last);
    const whole = new Bench(bench.config);
    whole.validationClips = 9;
    await whole.run();
    expect(bits(rest.last)).toBe(bits(whole.last));
    expect(rest.rows).toEqual(whole.rows.slice(9));
  });

  it('pauses before the next step with a checkpoint, and resumes to the same end', async () => {
    const whole = new Bench();
    await whole.run();
    const bench = new Bench();
    bench.plan.set(5, [{ command: 'pause' }]);
    setTimeout(() => {
      expect(bench.stepsSeen).toBe(5);
      expect(bench.last.progress.step).toBe(5);
      expect(bench.states.at(-1)).toBe('paused');
      bench.told.push({ command: 'resume' });
    }, 150);
    await bench.run();
    expect(bench.states).toEqual(['running', 'paused', 'running']);
    expect(bits(bench.last)).toBe(bits(whole.last));
  });

  it('answers a pause while paused, so that whoever asked need not wait', async () => {
    const bench = new Bench();
    bench.plan.set(5, [{ command: 'pause' }]);
    setTimeout(() => bench.told.push({ command: 'pause' }), 100);
    setTimeout(() => bench.told.push({ command: 'resume' }), 250);
    await bench.run();
    expect(bench.states).toEqual(['running', 'paused', 'paused', 'running']);
  });

  it('can be stopped while paused', async () => {
    const bench = new Bench();
    bench.plan.set(5, [{ command: 'pause' }]);
    setTimeout(() => bench.told.push({ command: 'stop', reason: 'no more' }), 100);
    const outcome = await bench.run();
    expect(outcome).toMatchObject({ state: 'stopped', progress: { step: 5 } });
  });

  it('trains on when extended meanwhile', async () => {
    const bench = new Bench({ epochs: 2 });
    bench.plan.set(3, [{ command: 'extend', epochs: 2 }]);
    const outcome = await bench.run();
    expect(outcome.progress.epoch).toBe(4);
    expect(bench.extendedTo).toEqual([4]);
    const whole = new Bench({ epochs: 4 });
    await whole.run();
    expect(bits(bench.last)).toBe(bits(whole.last));
  });

  it('stops at the step of a loss that is not finite, naming its batch, and saves nothing of it', async () => {
    const bench = new Bench({ checkpointEverySteps: 2 });
    bench.program.nanAtStep = 7;
    const outcome = await bench.run();
    expect(outcome.state).toBe('failed');
    expect(outcome.error?.code).toBe('runs/loss-not-finite');
    expect(outcome.error?.params).toMatchObject({ step: 7, epoch: 2, what: 'loss', value: 'NaN' });
    expect(String(outcome.error?.params.ids).split(', ')).toHaveLength(4);
    expect(bench.rows.at(-1)).toMatchObject({ step: 7, values: { total: Number.NaN } });
    expect(bench.last.progress.step).toBe(6);
    for (const { state } of bench.saved) {
      for (const { data } of state.values()) expect([...data].every(Number.isFinite)).toBe(true);
    }
  });

  it('does not save a state with a number that is not finite, and keeps the unsaved best', async () => {
    const bench = new Bench({ epochs: 5 });
    bench.program.brokenStateAtStep = 6;
    bench.plan.set(6, [{ command: 'stop', reason: 'look' }]);
    const outcome = await bench.run();
    expect(outcome.error?.code).toBe('runs/state-not-finite');
    expect(outcome.error?.params).toEqual({ name: 'weights', step: 6 });
    // The best of epoch 1 was held back to save time; it is finite and goes to the disk.
    expect(bench.last.progress).toMatchObject({ step: 4, best: { step: 4 } });
  });

  it('stops early after the given validations without a better one, and keeps the best', async () => {
    const bench = new Bench({ epochs: 100, learningRate: 0.5, earlyStoppingPatience: 2 });
    const outcome = await bench.run();
    expect(outcome.state).toBe('finished');
    expect(outcome.reason).toMatch(/2 validations without a better/);
    const values = bench.rows
      .filter(({ split }) => split === 'validation')
      .map(({ values: { total } }) => total ?? 0);
    const best = Math.min(...values);
    expect(outcome.progress.best?.value).toBe(best);
    expect(values.indexOf(best)).toBe(values.length - 3);
    const step = outcome.progress.best?.step;
    expect(
      bench.saved.some(({ progress, validation }) => progress.step === step && validation?.total === best),
    ).toBe(true);
  });

  it('chooses the best by the mean training loss where there is no validation split', async () => {
    const bench = new Bench({ epochs: 2 });
    bench.validationClips = null;
    const outcome = await bench.run();
    expect(outcome.progress.best?.split).toBe('train');
    const epochMeans = [0, 1].map((epoch) => {
      const rows = bench.rows.slice(epoch * 4, epoch * 4 + 4).map(({ values }) => values.total ?? 0);
      return rows.reduce((sum, value) => sum + value, 0) / 4;
    });
    expect(outcome.progress.best?.value).toBeCloseTo(Math.min(...epochMeans), 12);
  });

  it('holds checkpoints of fast epochs back, and writes the best before any later one', async () => {
    const bench = new Bench({ epochs: 30 });
    await bench.run();
    const steps = bench.saved.map(({ progress }) => progress.step);
    expect(steps.length).toBeLessThanOrEqual(3);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    const { best } = bench.last.progress;
    expect(steps).toContain(best?.step);
  });

  it('ends as failed, not as a crash, when a checkpoint cannot be written', async () => {
    const bench = new Bench({ checkpointEverySteps: 2 });
    bench.beforeSave = () => {
      if (bench.saved.length === 2) throw new ResynthError('runs/disk-full', { file: 'x', run: 'r' });
    };
    const outcome = await bench.run();
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'runs/disk-full' } });
    expect(bench.saved.map(({ progress }) => progress.step)).toEqual([0, 2]);
  });
});
