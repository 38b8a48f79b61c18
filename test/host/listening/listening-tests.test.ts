import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  handleListeningDelete,
  handleListeningExport,
  handleListeningList,
  handleListeningRestore,
  handleListeningSave,
  handleListeningShow,
} from '../../../src-main/host/listening/listening-tests.ts';
import {
  type AbxAnswer,
  listeningExport,
  listeningSave,
  listeningShow,
  listeningSummarySchema,
} from '../../../src-preload/contract/commands/listening-tests.ts';
import { abxOrder } from '../../../src-preload/contract/listening/abx-order.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { makeRun, tinyConfig } from '../../trainer/kill-helpers.ts';
import { contextOf, openTestHost } from '../open-test-host.ts';

const seed = 77;
const trials = 10;
const order = abxOrder(seed, trials, 2);
const ids = ['0f000000-0000-4000-8000-000000000001', '0f000000-0000-4000-8000-000000000002'] as const;

/** A host with one run, and a test of its original against it at step 8. */
async function bench() {
  const root = await temporaryFolder();
  const { run } = await makeRun(root, 'small', tinyConfig({}));
  const host = await openTestHost(root);
  const context = contextOf(host);
  const design = {
    kind: 'abx',
    listener: 'Ada, "golden ears"',
    trials,
    seed,
    levelMatched: true,
    a: { kind: 'original', run: run.record.id, step: null },
    b: { kind: 'reconstruction', run: run.record.id, step: 8 },
    clips: ['one.wav', 'two.wav'].map((recording, at) => ({
      ...{ recording, label: null, speaker: 's', indexInA: at, indexInB: at },
    })),
  } as const;
  const save = (answers: AbxAnswer[], more: object = {}) =>
    handleListeningSave(
      listeningSave.input.parse({ test: ids[0], startedMs: 1000, design, answers, ...more }),
      context,
    );
  return { root, context, run: run.record.id, design, save };
}

/** Answers of which the first `right` are right. */
function answers(right: number, count = trials): AbxAnswer[] {
  return Array.from({ length: count }, (_, place) => {
    const x = order[place]?.x ?? 'a';
    const answer = place < right ? x : x === 'a' ? 'b' : 'a';
    return { answer, answeredMs: 2000 + place, tookMs: 1500, heardA: 1, heardB: 2, heardX: 3 };
  });
}

describe('a listening test', () => {
  it('tells no score before its end, and the exact one at it', async () => {
    const { save, context } = await bench();
    const under = await save(answers(3, 3));
    expect(under).toMatchObject({ state: 'running', answered: 3, result: null, a: { name: 'small' } });
    const half = await handleListeningShow({ test: ids[0] }, context);
    expect(half.trialList.map(({ x, correct }) => [x, correct])).toEqual(Array(3).fill([null, null]));
    const over = await save(answers(9));
    expect(listeningSummarySchema.parse(over)).toMatchObject({
      state: 'finished',
      result: {
        correct: 9,
        pValue: 11 / 1024,
        verdict: expect.stringMatching(/probably heard.*1 time in 93/),
      },
    });
    const whole = listeningShow.output.parse(await handleListeningShow({ test: '0f0' }, context));
    expect(whole.trialList.map(({ correct }) => correct)).toEqual([...Array<boolean>(9).fill(true), false]);
    expect(whole.trialList.map(({ recording }) => recording)).toEqual(
      order.map(({ clip }) => ['one.wav', 'two.wav'][clip]),
    );
  });

  it('is between other systems too, which are named in its results', async () => {
    const { save, context, run, design } = await bench();
    const a = { kind: 'baseline', run, step: null, system: 'opus:12' } as const;
    const b = { kind: 'baseline', run, step: null, system: 'opus:24' } as const;
    const made = await save(answers(10), { design: { ...design, a, b } });
    expect(made).toMatchObject({ a: { ...a, name: 'opus:12', preset: '' }, b: { ...b, name: 'opus:24' } });
    const { text } = await handleListeningExport(listeningExport.input.parse({ csv: true }), context);
    const [head = '', first = ''] = (text ?? '').split('\n');
    const cells = new Map(head.split(',').map((title, at) => [title.trim(), first.split(/,(?! )/)[at]]));
    expect(cells.get('aKind')).toBe('baseline');
    expect([cells.get('aRun'), cells.get('aSystem'), cells.get('bSystem')]).toEqual([
      run,
      'opus:12',
      'opus:24',
    ]);
    const again = { test: ids[1] };
    await expect(save([], { ...again, design: { ...design, a, b: a } })).rejects.toMatchObject({
      code: 'listening-tests/same-sides',
    });
    const nobody = { kind: 'external', run, step: null, system: 'nobody' } as const;
    await expect(save([], { ...again, design: { ...design, a, b: nobody } })).rejects.toMatchObject({
      code: 'systems/not-found',
    });
  });

  it('has no score where the listener gave up', async () => {
    const { save, context } = await bench();
    expect(await save(answers(4, 4), { abandoned: true })).toMatchObject({
      state: 'abandoned',
      result: null,
      answered: 4,
    });
    await expect(save(answers(5, 5))).rejects.toMatchObject({ code: 'listening-tests/over' });
    const { trialList } = await handleListeningShow({ test: ids[0] }, context);
    expect(trialList.every(({ correct }) => correct)).toBe(true);
  });

  it('is listed by run, deleted and brought back', async () => {
    const { save, context, run } = await bench();
    await save(answers(1));
    expect((await handleListeningList({ run: 'small' }, context)).tests).toHaveLength(1);
    expect((await handleListeningList({ run }, context)).tests[0]?.result?.verdict).toMatch(/mixed up/);
    await expect(handleListeningList({ run: 'nobody' }, context)).rejects.toMatchObject({
      code: 'runs/not-found',
    });
    await handleListeningDelete({ test: ids[0].slice(0, 6) }, context);
    expect((await handleListeningList({}, context)).tests).toEqual([]);
    await handleListeningRestore({ test: ids[0] }, context);
    expect((await handleListeningList({}, context)).tests).toHaveLength(1);
  });

  it('is exported as CSV and JSON, with run, step and clip', async () => {
    const { save, context, root, run } = await bench();
    const exported = (more: object) =>
      handleListeningExport(listeningExport.input.parse(more), context).then((output) =>
        listeningExport.output.parse(output),
      );
    await expect(exported({ csv: true })).rejects.toMatchObject({ code: 'listening-tests/none-to-export' });
    await save(answers(10));
    const { text } = await exported({ csv: true });
    const [head = '', first = '', ...others] = (text ?? '').split('\r\n');
    expect(others).toHaveLength(trials);
    expect(head).toMatch(/^test,kind,state,listener,/);
    expect(first).toContain('"Ada, ""golden ears"""');
    expect(first).toContain(`reconstruction,${run},,small,`);
    expect(first).toMatch(/,8,1,(one|two)\.wav,[ab],[ab],true,/);
    const out = path.join(root, 'results.json');
    expect(await exported({ tests: [ids[0]], out })).toEqual({ tests: 1, trials, file: out, text: null });
    const read = JSON.parse(await readFile(out, 'utf8')) as { tests: unknown[] };
    expect(listeningShow.output.parse(read.tests[0])).toMatchObject({ test: ids[0], seed });
  });

  it('refuses what would spoil it', async () => {
    const { save, design, context } = await bench();
    await expect(save(answers(11, 11))).rejects.toMatchObject({ code: 'listening-tests/too-many-answers' });
    await expect(save([], { design: { ...design, b: design.a } })).rejects.toMatchObject({
      code: 'listening-tests/same-sides',
    });
    await expect(
      save([], { design: { ...design, b: { ...design.b, run: 'nobody' } } }),
    ).rejects.toMatchObject({ code: 'runs/not-found' });
    expect((await handleListeningList({}, context)).tests).toEqual([]);
    await save([]);
    await expect(save([], { design: { ...design, trials: 20 } })).rejects.toMatchObject({
      code: 'listening-tests/design-changed',
    });
    await save([], { test: ids[1] });
    await expect(handleListeningShow({ test: '0f' }, context)).rejects.toMatchObject({
      code: 'listening-tests/ambiguous',
    });
    await expect(handleListeningShow({ test: 'x' }, context)).rejects.toMatchObject({
      code: 'listening-tests/not-found',
    });
  });
});
