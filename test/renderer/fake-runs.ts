import type { z } from 'zod';
import {
  type RunSummary,
  runsDelete,
  runsExtend,
  runsFork,
  runsList,
  runsPause,
  runsResume,
  runsShow,
  runsStop,
  train,
} from '../../src-preload/contract/commands/runs.ts';
import {
  type seriesSchema,
  runsAnnotate,
  runsClip,
  runsClips,
  runsDifference,
  runsDiscard,
  runsLog,
  runsMetrics,
  runsMove,
  runsRename,
  runsRestore,
  runsUnqueue,
} from '../../src-preload/contract/commands/runs-live.ts';
import { runsBitrate, runsLatents } from '../../src-preload/contract/commands/runs-code.ts';
import { signalsAlign } from '../../src-preload/contract/commands/listening.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import {
  runChanged,
  runClipsDecoded,
  runMeasured,
  runProgressed,
  runRemoved,
} from '../../src-preload/contract/events/runs.ts';
import { alignSignals } from '../../src-main/analyst/align.ts';
import type { FakeHost } from './fake-host.ts';
import { fakeBitrate, fakeLatents } from './fake-code.ts';
import { fakePicture, fakeSamples, fakeSound } from './fake-sound.ts';
import { presetById } from './fake-training.ts';

type Series = z.output<typeof seriesSchema>;

const stepsPerEpoch = 38;

/** A run that is trained by nobody: its numbers follow from its step. */
export interface FakeRun {
  summary: RunSummary;
  set: Record<string, string>;
  error: { code: string; message: string; remedy: string } | null;
  log: string;
  parent: { run: string; name: string; step: number } | null;
  /** Steps at which something is no number. */
  diverged: readonly number[];
}

function lossAt(step: number, seed: number): number {
  const noise = Math.sin(step * 12.9898 + seed * 78.233) * 43758.5453;
  const spike = step % 997 === 996 ? 6 : 1;
  return (
    spike *
    (0.004 + 0.09 * Math.exp(-step / 300) + 0.02 * Math.exp(-step / 4000)) *
    (1 + 0.35 * (noise - Math.floor(noise) - 0.5))
  );
}

/** Runs over the real contract. `tick` trains the live ones on. */
export class FakeRuns {
  readonly host: FakeHost;
  readonly runs = new Map<string, FakeRun>();
  readonly trash = new Map<string, FakeRun>();
  #next = 1;

  constructor(host: FakeHost) {
    this.host = host;
    this.#answerReads();
    this.#answerActs();
  }

  add(name: string, part: Partial<RunSummary> = {}, more: Partial<Omit<FakeRun, 'summary'>> = {}): FakeRun {
    const id = `r${String(this.#next++).padStart(4, '0')}-${name.replace(/\W+/g, '-')}`;
    const step = part.step ?? 0;
    const summary: RunSummary = {
      run: id,
      name,
      state: 'finished',
      reason: null,
      preset: 'fsdd-vae-compact-8k',
      dataset: 'fsdd',
      step,
      epoch: Math.floor(step / stepsPerEpoch),
      epochs: 60,
      bestValidation:
        step >= stepsPerEpoch
          ? {
              step: step - (step % stepsPerEpoch),
              epoch: Math.floor(step / stepsPerEpoch),
              value: lossAt(step, 3),
              split: 'validation',
            }
          : null,
      createdMs: Date.now() - 3_600_000 * this.#next,
      updatedMs: Date.now(),
      pid: null,
      queuePlace: null,
      notes: '',
      tags: [],
      colour: null,
      progress: null,
      ...part,
    };
    const run: FakeRun = {
      summary,
      set: {},
      error: null,
      log: `12:00:01 Reading 2,400 clips of fsdd\n12:00:04 Training on cpu (TensorFlow 2.18.1, 8 threads)\n`,
      parent: null,
      diverged: [],
      ...more,
    };
    this.runs.set(id, run);
    if (['running', 'paused'].includes(summary.state)) this.#progress(run);
    return run;
  }

  get(which: string): FakeRun {
    const run = this.runs.get(which) ?? [...this.runs.values()].find((one) => one.summary.name === which);
    if (!run) throw new ResynthError('runs/not-found', { name: which });
    return run;
  }

  change(run: FakeRun, part: Partial<RunSummary>): void {
    run.summary = { ...run.summary, ...part, updatedMs: Date.now() };
    this.host.hub.publish(runChanged, { run: run.summary });
  }

  /** Takes every running one `steps` further, with the events of it. */
  tick(steps: number): void {
    for (const run of this.runs.values()) if (run.summary.state === 'running') this.advance(run, steps);
  }

  advance(run: FakeRun, steps: number): void {
    const from = run.summary.step;
    const to = from + steps;
    const before = Math.floor(from / stepsPerEpoch);
    const epoch = Math.floor(to / stepsPerEpoch);
    run.summary = { ...run.summary, step: to, epoch };
    this.#progress(run);
    this.host.hub.publish(runMeasured, {
      run: run.summary.run,
      superseded: false,
      series: this.#series(run, from + 1, to),
    });
    const { progress } = run.summary;
    if (progress) this.host.hub.publish(runProgressed, { run: run.summary.run, progress });
    run.log += `12:${String(epoch % 60).padStart(2, '0')}:00 step ${to}: loss ${lossAt(to, 1).toFixed(5)}\n`;
    if (epoch > before) {
      const best = { step: epoch * stepsPerEpoch, epoch, value: lossAt(to, 3), split: 'validation' };
      this.change(
        run,
        epoch >= run.summary.epochs
          ? { bestValidation: best, state: 'finished', progress: null, pid: null }
          : { bestValidation: best },
      );
      this.host.hub.publish(runClipsDecoded, { run: run.summary.run, ...clipStep(epoch * stepsPerEpoch) });
    }
  }

  crash(run: FakeRun): void {
    run.log += "12:31:07 terminate called after throwing an instance of 'std::bad_alloc'\n";
    run.error = {
      code: 'trainer/killed',
      message: 'The trainer was killed by signal SIGKILL, as a system does that runs out of memory.',
      remedy: 'Close other programs or set a smaller batch in a fork, then resume.',
    };
    this.change(run, { state: 'interrupted', reason: run.error.message, progress: null, pid: null });
  }

  #progress(run: FakeRun): void {
    const { step, epochs } = run.summary;
    const steps = epochs * stepsPerEpoch;
    run.summary = {
      ...run.summary,
      pid: 4711,
      progress: {
        phase: 'training',
        stage: null,
        done: null,
        total: null,
        step,
        steps,
        epoch: Math.floor(step / stepsPerEpoch) + 1,
        epochs,
        msPerStep: 104 + 6 * Math.sin(step),
        clipsPerSec: 615 - 20 * Math.sin(step),
        etaSec: (steps - step) * 0.104,
        tensors: 214,
        rssBytes: 1.12e9,
        feedingShare: 0.04,
        device: 'cpu · TensorFlow 2.18.1',
        updatedMs: Date.now(),
      },
    };
  }

  #series(run: FakeRun, from: number, to: number): Series[] {
    const steps = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
    const validation = steps.filter((step) => step % stepsPerEpoch === 0);
    const rows = (split: string, key: string, at: number[], value: (step: number) => number): Series => ({
      split,
      key,
      steps: Float64Array.from(at),
      values: Float64Array.from(at, (step) => (run.diverged.includes(step) ? Number.NaN : value(step))),
      epochs: Float64Array.from(at, (step) =>
        split === 'train' ? Math.floor((step - 1) / stepsPerEpoch) + 1 : step / stepsPerEpoch,
      ),
      wallMs: Float64Array.from(at, (step) => run.summary.createdMs + step * 110),
      processMs: Float64Array.from(at, (step) => step * 104),
    });
    const kl = (step: number): number => 12 * (1 - Math.exp(-step / 200)) + lossAt(step, 9) * 20;
    return [
      rows('train', 'total', steps, (step) => lossAt(step, 1)),
      rows('train', 'reconstruction', steps, (step) => lossAt(step, 2) * 0.9),
      rows('train', 'kl', steps, kl),
      rows(
        'train',
        'learningRate',
        steps,
        (step) => 0.001 * Math.min(1, step / 20) * (0.5 + 0.5 * Math.cos(step / 1200)),
      ),
      rows('validation', 'total', validation, (step) => lossAt(step, 3) * 1.15),
      rows('validation', 'reconstruction', validation, (step) => lossAt(step, 4)),
      rows('validation', 'kl', validation, kl),
    ];
  }

  #show(run: FakeRun): z.input<typeof runsShow.output> {
    const preset = presetById(run.summary.preset);
    const { step } = run.summary;
    const last = Math.floor(step / stepsPerEpoch) * stepsPerEpoch;
    const kept = [...new Set([last, last - stepsPerEpoch, run.summary.bestValidation?.step ?? 0])].filter(
      (one) => one > 0,
    );
    return {
      ...run.summary,
      folder: `/home/ada/.local/share/resynth/runs/${run.summary.run}`,
      log: '',
      remarks: [],
      error: run.error,
      config: {
        family: preset.family,
        preset: preset.id,
        model: preset.model,
        features: preset.features,
        training: { ...preset.training, epochs: run.summary.epochs, seed: 0 },
      },
      differences: Object.entries(run.set).map(([setting, chosen]) => {
        const [section = 'model', key = ''] = setting.split('.');
        const values = preset[section as 'model'] as Record<string, unknown>;
        return { setting, preset: values[key], chosen, derived: false };
      }),
      deviations: preset.deviations,
      codeChoices: ['bits', 'latent'],
      source: { id: 'fsdd', name: 'fsdd', folder: '/data/speech/fsdd', splitHash: 'a3f1'.repeat(16) },
      environment: { resynth: '0.1.0', node: '24.21.0', device: 'cpu', threads: 8 },
      parent: run.parent,
      extensions: [],
      metrics: { train: null, validation: null, bestValidation: null, segments: 1 },
      checkpoints: kept.map((at) => ({
        step: at,
        epoch: at / stepsPerEpoch,
        bytes: 7_404_512,
        savedMs: Date.now() - (step - at) * 100,
        best: at === run.summary.bestValidation?.step,
        last: at === last,
        readable: true,
      })),
    };
  }

  #answerReads(): void {
    const { host } = this;
    host.on(runsList, () => ({ runs: [...this.runs.values()].map((run) => run.summary), damaged: [] }));
    host.on(runsShow, ({ run }) => this.#show(this.get(run)));
    host.on(runsMetrics, ({ run: which }) => {
      const run = this.get(which);
      return {
        run: run.summary.run,
        lastStep: run.summary.step,
        series: this.#series(run, 1, run.summary.step),
      };
    });
    host.on(runsLog, ({ run: which, from }) => {
      const { log, summary } = this.get(which);
      const start = from ?? Math.max(0, log.length - 65_536);
      return { run: summary.run, from: start, next: log.length, text: log.slice(start), size: log.length };
    });
    host.on(runsClips, ({ run: which }) => {
      const { summary } = this.get(which);
      const epochs = Math.floor(summary.step / stepsPerEpoch);
      return {
        run: summary.run,
        clips: Array.from({ length: 4 }, (_, index) => ({
          index,
          recording: `recordings/${index}_theo_7.wav`,
          contentHash: null,
          speaker: 'theo',
          label: String(index),
          durationSec: 0.31 + 0.08 * index,
        })),
        steps: Array.from({ length: epochs }, (_, at) => clipStep((at + 1) * stepsPerEpoch)),
      };
    });
    host.on(runsDifference, ({ run, clip, step }) => {
      const { reference: _reference, ...picture } = fakePicture(fakeSamples(clip + 1, 8000, 0.74), 8000);
      return {
        run,
        clip,
        step: step ?? 0,
        picture: { ...picture, minDb: -30.24, maxDb: 30, reference: 'original' as const },
        rmsDb: 9.5,
        meanDb: -1.2,
      };
    });
    host.on(runsLatents, ({ run: which, sinceStep }) => {
      const { summary } = this.get(which);
      const epochs = Math.floor(summary.step / stepsPerEpoch);
      const steps = Array.from({ length: epochs }, (_, at) => (at + 1) * stepsPerEpoch);
      return fakeLatents(summary.run, steps, sinceStep);
    });
    host.on(runsBitrate, ({ run: which }) => fakeBitrate(this.get(which).summary.run));
    host.on(signalsAlign, (input) => {
      const { kind: _kind, ...aligned } = alignSignals({ kind: 'align', ...input });
      return aligned;
    });
    host.on(runsClip, async ({ run, clip, kind, step, sound }) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      const samples = fakeSamples(clip + 1, 8000, 0.74);
      const blur =
        kind === 'original' ? 0 : kind === 'ceiling' ? 0.15 : Math.min(0.9, 0.25 + 400 / ((step ?? 1) + 200));
      let held = 0;
      const heard = samples.map((value) => (held += (1 - blur) * (value - held)));
      return {
        run,
        clip,
        kind,
        step: step ?? null,
        label: String(clip),
        sound: sound ? fakeSound(heard, 8000) : null,
        picture: fakePicture(heard, 8000),
        mse: kind === 'reconstruction' ? lossAt(step ?? 1, clip) : null,
      };
    });
  }

  #answerActs(): void {
    const { host } = this;
    const told = (run: FakeRun) => ({
      run: run.summary.run,
      name: run.summary.name,
      state: run.summary.state,
      step: run.summary.step,
      checkpoint: null,
    });
    const trained = (run: FakeRun): z.input<typeof train.output> => ({
      run: run.summary.run,
      name: run.summary.name,
      state: run.summary.state,
      reason: null,
      steps: run.summary.step,
      epoch: run.summary.epoch,
      epochs: run.summary.epochs,
      bestValidation: run.summary.bestValidation,
      checkpoint: null,
      folder: '',
      notes: [],
      elapsedSec: 1,
    });
    const queueEnd = (): number =>
      1 + Math.max(0, ...[...this.runs.values()].map((run) => run.summary.queuePlace ?? 0));
    const begin = (run: FakeRun, queue: boolean): z.input<typeof train.output> => {
      if (queue) this.change(run, { state: 'queued', queuePlace: queueEnd(), progress: null });
      else {
        run.error = null;
        this.change(run, { state: 'running', queuePlace: null, reason: null });
        this.#progress(run);
      }
      return trained(run);
    };
    host.on(train, ({ dataset, preset, set, epochs, name, queue }) => {
      const run = this.add(
        name ?? preset,
        { dataset, preset, epochs: epochs ?? 60, createdMs: Date.now() },
        { set },
      );
      return begin(run, queue);
    });
    host.on(runsFork, ({ run: which, name, queue }) => {
      const parent = this.get(which);
      const { run, step } = parent.summary;
      const fork = this.add(
        name ?? `${parent.summary.name}-fork`,
        { step },
        { parent: { run, name: parent.summary.name, step } },
      );
      return begin(fork, queue);
    });
    host.on(runsResume, ({ run, queue }) => begin(this.get(run), queue));
    host.on(runsExtend, ({ run: which, epochs }) => {
      const run = this.get(which);
      this.change(run, { epochs: run.summary.epochs + epochs });
      return begin(run, false);
    });
    host.on(runsPause, ({ run: which }) => {
      const run = this.get(which);
      this.change(run, { state: 'paused' });
      return told(run);
    });
    host.on(runsStop, ({ run: which }) => {
      const run = this.get(which);
      this.change(run, { state: 'stopped', progress: null, pid: null });
      return told(run);
    });
    const remove = (which: string): FakeRun => {
      const run = this.get(which);
      this.runs.delete(run.summary.run);
      this.trash.set(run.summary.run, run);
      host.hub.publish(runRemoved, { run: run.summary.run, name: run.summary.name });
      return run;
    };
    host.on(runsDelete, ({ run }) => {
      const { summary } = remove(run);
      return { deleted: summary.run, name: summary.name, freedBytes: 14_809_024 };
    });
    host.on(runsDiscard, ({ run }) => {
      const { summary } = remove(run);
      return { run: summary.run, name: summary.name };
    });
    host.on(runsRestore, ({ run: id }) => {
      const run = this.trash.get(id);
      if (!run) throw new ResynthError('runs/not-found', { name: id });
      this.trash.delete(id);
      this.runs.set(id, run);
      this.change(run, {});
      return { run: id, name: run.summary.name };
    });
    host.on(runsUnqueue, ({ run: which }) => {
      const run = this.get(which);
      this.change(run, { state: 'stopped', queuePlace: null });
      this.#numberQueue(this.#queue());
      return { run: run.summary.run, name: run.summary.name };
    });
    host.on(runsMove, ({ run: which, place }) => {
      const run = this.get(which);
      const queue = this.#queue().filter((one) => one !== run);
      queue.splice(place - 1, 0, run);
      this.#numberQueue(queue);
      return { queue: queue.map((one) => one.summary.run) };
    });
    host.on(runsRename, ({ run: which, name }) => {
      const run = this.get(which);
      this.change(run, { name });
      return { run: run.summary.run, name };
    });
    host.on(runsAnnotate, ({ run: which, ...part }) => {
      const run = this.get(which);
      const { notes = run.summary.notes, tags = run.summary.tags, colour = run.summary.colour } = part;
      this.change(run, { notes, tags, colour });
      return { run: run.summary.run, notes, tags, colour };
    });
  }

  #queue(): FakeRun[] {
    return [...this.runs.values()]
      .filter((run) => run.summary.queuePlace !== null)
      .sort((a, b) => (a.summary.queuePlace ?? 0) - (b.summary.queuePlace ?? 0));
  }

  #numberQueue(queue: readonly FakeRun[]): void {
    queue.forEach((run, at) => {
      if (run.summary.queuePlace !== at + 1) this.change(run, { queuePlace: at + 1 });
    });
  }
}

function clipStep(step: number): { step: number; epoch: number; mse: number[] } {
  return { step, epoch: step / stepsPerEpoch, mse: [0, 1, 2, 3].map((clip) => lossAt(step, clip)) };
}
