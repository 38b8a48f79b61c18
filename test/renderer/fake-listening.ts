import type { z } from 'zod';
import {
  type ListeningTest,
  listeningDelete,
  listeningExport,
  listeningList,
  listeningRestore,
  listeningSave,
  listeningShow,
} from '../../src-preload/contract/commands/listening-tests.ts';
import { runsCompare } from '../../src-preload/contract/commands/runs-compare.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import {
  listeningTestChanged,
  listeningTestRemoved,
} from '../../src-preload/contract/events/listening-tests.ts';
import { abxOrder } from '../../src-preload/contract/listening/abx-order.ts';
import { binomialTail } from '../../src-preload/contract/listening/binomial.ts';
import type { FakeHost } from './fake-host.ts';
import type { FakeRuns } from './fake-runs.ts';
import { presetById } from './fake-training.ts';

/** Listening tests and comparisons over made-up runs: kept here, scored as the host does. */
export class FakeListening {
  readonly tests = new Map<string, z.output<typeof listeningSave.input>>();
  readonly deleted = new Set<string>();
  readonly #runs: FakeRuns;

  constructor(host: FakeHost, runs: FakeRuns) {
    this.#runs = runs;
    host.on(listeningSave, (input) => {
      this.tests.set(input.test, input);
      const test = this.show(input.test);
      host.hub.publish(listeningTestChanged, { test: summaryOf(test) });
      return summaryOf(test);
    });
    host.on(listeningList, () => ({
      tests: [...this.tests.keys()]
        .filter((id) => !this.deleted.has(id))
        .map((id) => summaryOf(this.show(id)))
        .reverse(),
    }));
    host.on(listeningShow, ({ test }) => this.show(test));
    host.on(listeningDelete, ({ test }) => {
      this.deleted.add(test);
      host.hub.publish(listeningTestRemoved, { test });
      return { test };
    });
    host.on(listeningRestore, ({ test }) => {
      this.deleted.delete(test);
      host.hub.publish(listeningTestChanged, { test: summaryOf(this.show(test)) });
      return summaryOf(this.show(test));
    });
    host.on(listeningExport, ({ tests }) => ({
      ...{ tests: tests.length, trials: 0, file: null, text: 'test,kind\r\n' },
    }));
    host.on(runsCompare, ({ runs: ids }) => {
      const here = ids.filter((id) => runs.runs.has(id));
      return {
        runs: here.map((id) => this.#compared(id)),
        cautions: [],
        missing: ids.filter((id) => !here.includes(id)),
      };
    });
  }

  show(id: string): ListeningTest {
    const kept = this.tests.get(id);
    if (!kept) throw new ResynthError('listening-tests/not-found', { test: id });
    const { design, answers, abandoned, startedMs } = kept;
    const order = abxOrder(design.seed, design.trials, design.clips.length);
    const over = abandoned || answers.length === design.trials;
    const correct = answers.filter(({ answer }, at) => answer === order[at]?.x).length;
    const pValue = binomialTail(correct, design.trials);
    const state = abandoned ? 'abandoned' : over ? 'finished' : 'running';
    const named = (run: string) => {
      const { summary } = this.#runs.get(run);
      return { name: summary.name, preset: summary.preset };
    };
    return {
      ...{ test: id, kind: 'abx', state, listener: design.listener, startedMs },
      endedMs: over ? startedMs + 60_000 : null,
      a: { ...design.a, ...named(design.a.run) },
      b: { ...design.b, ...named(design.b.run) },
      ...{ clips: design.clips.length, trials: design.trials, answered: answers.length, seed: design.seed },
      levelMatched: design.levelMatched,
      result: state === 'finished' ? { correct, pValue, verdict: 'As the host says it.' } : null,
      clipList: design.clips,
      trialList: answers.map((answer, at) => ({
        ...answer,
        trial: at + 1,
        recording: design.clips[order[at]?.clip ?? 0]?.recording ?? '',
        x: over ? (order[at]?.x ?? null) : null,
        correct: over ? answer.answer === order[at]?.x : null,
      })),
    };
  }

  #compared(id: string): z.input<typeof runsCompare.output>['runs'][number] {
    const { summary, set } = this.#runs.get(id);
    const preset = presetById(summary.preset);
    const flat = (section: string, values: object) =>
      Object.entries(values).map(([key, value]) => [`${section}.${key}`, value as unknown] as const);
    const best = summary.bestValidation;
    const point = best && { step: best.step, value: best.value };
    return {
      ...{ run: id, step: null, name: summary.name, preset: summary.preset, state: summary.state },
      createdMs: summary.createdMs,
      facts: {
        preset: summary.preset,
        ...Object.fromEntries([...flat('model', preset.model), ...flat('training', preset.training)]),
        ...set,
        'data.dataset': summary.dataset,
      },
      metrics: best
        ? [
            {
              ...{ split: 'validation', key: 'total', rows: 9, min: point, max: point },
              ...{ last: { step: summary.step, value: best.value * 2 }, at: null },
            },
          ]
        : [],
    };
  }
}

function summaryOf({ clipList: _clips, trialList: _trials, ...summary }: ListeningTest) {
  return summary;
}
