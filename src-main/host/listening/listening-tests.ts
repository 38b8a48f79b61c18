import path from 'node:path';
import { z } from 'zod';
import {
  abxAnswerSchema,
  abxDesignSchema,
  type AbxDesign,
  type listeningDelete,
  type listeningExport,
  type listeningList,
  type listeningRestore,
  type listeningSave,
  type listeningShow,
  type ListeningSide,
  type ListeningSummary,
  type ListeningTest,
} from '../../../src-preload/contract/commands/listening-tests.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import {
  listeningTestChanged,
  listeningTestRemoved,
} from '../../../src-preload/contract/events/listening-tests.ts';
import { abxOrder } from '../../../src-preload/contract/listening/abx-order.ts';
import { binomialTail } from '../../../src-preload/contract/listening/binomial.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import type { StoredListeningTest } from '../../store/database/listening.ts';
import { isOtherSystem, otherSystemAbout } from '../evaluation/other-system.ts';
import { abxVerdict, listeningCsv } from './listening-words.ts';
import type { HostHandler, Services } from '../services.ts';

/** The commands about listening tests. The score is reckoned here, from the seed: no page is asked for it. */

const aboutSchema = z.strictObject({ name: z.string(), preset: z.string() });
const aboutBothSchema = z.strictObject({ a: aboutSchema, b: aboutSchema });

export const handleListeningSave: HostHandler<typeof listeningSave> = async (input, { services }) => {
  const { test: id, startedMs, design, answers, abandoned } = input;
  if (answers.length > design.trials) {
    const counts = { trials: design.trials, answers: answers.length };
    throw new ResynthError('listening-tests/too-many-answers', { test: id, ...counts });
  }
  if (sideKey(design.a) === sideKey(design.b)) {
    throw new ResynthError('listening-tests/same-sides', { what: sideWords(design.a) });
  }
  const { database, hub } = services;
  const over = answers.length === design.trials || abandoned;
  await database.saveListeningTest({
    id,
    kind: design.kind,
    startedMs,
    endedMs: over ? Date.now() : null,
    abandoned: answers.length < design.trials && abandoned,
    design,
    about: await aboutOf(design, id, services),
    answers,
  });
  const test = summaryOf(await database.readListeningTest(id));
  hub.publish(listeningTestChanged, { test });
  return test;
};

export const handleListeningList: HostHandler<typeof listeningList> = async (
  { run: which },
  { services },
) => {
  const run = which === undefined ? null : (await services.trainers.resolve(which)).record.id;
  const tests = (await services.database.listListeningTests()).map(summaryOf);
  return { tests: tests.filter(({ a, b }) => run === null || a.run === run || b.run === run) };
};

export const handleListeningShow: HostHandler<typeof listeningShow> = async ({ test }, { services }) =>
  shownTest(await find(test, services));

export const handleListeningExport: HostHandler<typeof listeningExport> = async (input, { services }) => {
  const chosen =
    input.tests.length > 0
      ? await Promise.all(input.tests.map((test) => find(test, services)))
      : (await services.database.listListeningTests()).filter(({ endedMs }) => endedMs !== null);
  if (chosen.length === 0) throw new ResynthError('listening-tests/none-to-export');
  const tests = chosen.map(shownTest);
  const text = input.csv ? listeningCsv(tests) : `${JSON.stringify({ tests }, null, 2)}\n`;
  const file = input.out === undefined ? null : path.resolve(input.out);
  if (file !== null) await writeFileAtomic(file, text);
  const trials = tests.reduce((sum, { trialList }) => sum + trialList.length, 0);
  return { tests: tests.length, trials, file, text: file === null ? text : null };
};

export const handleListeningDelete: HostHandler<typeof listeningDelete> = async ({ test }, { services }) => {
  const { id } = await find(test, services);
  await services.database.setListeningTestDeleted(id, Date.now());
  services.hub.publish(listeningTestRemoved, { test: id });
  return { test: id };
};

export const handleListeningRestore: HostHandler<typeof listeningRestore> = async (
  { test },
  { services },
) => {
  const found = await find(test, services);
  await services.database.setListeningTestDeleted(found.id, null);
  const summary = summaryOf(found);
  services.hub.publish(listeningTestChanged, { test: summary });
  return summary;
};

async function find(which: string, { database }: Services): Promise<StoredListeningTest> {
  const ids = (await database.listeningTestIds()).filter((id) => id.startsWith(which));
  const [id] = ids.includes(which) ? [which] : ids;
  if (id === undefined) throw new ResynthError('listening-tests/not-found', { test: which });
  if (ids.length > 1 && id !== which) {
    const candidates = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and more` : ids.join(', ');
    throw new ResynthError('listening-tests/ambiguous', { test: which, candidates });
  }
  return database.readListeningTest(id);
}

/** What the runs are called when a test begins. Later on they may be gone, which keeps nobody from ending it. */
async function aboutOf(design: AbxDesign, test: string, { database, trainers }: Services) {
  if ((await database.listeningTestIds()).includes(test)) return null;
  const about = async ({ kind, run, system }: ListeningSide) => {
    // Also where another system is heard: its clips are this run's.
    const { record } = await trainers.resolve(run);
    if (isOtherSystem(kind)) {
      const about = await otherSystemAbout({ kind, system }, { database });
      return { name: about.name, preset: '' };
    }
    return { name: record.name, preset: record.config.preset };
  };
  return { a: await about(design.a), b: await about(design.b) };
}

function summaryOf(stored: StoredListeningTest): ListeningSummary {
  const design = abxDesignSchema.parse(stored.design);
  const about = aboutBothSchema.parse(stored.about);
  const state = stored.abandoned ? 'abandoned' : stored.endedMs === null ? 'running' : 'finished';
  return {
    test: stored.id,
    kind: design.kind,
    state,
    listener: design.listener,
    startedMs: stored.startedMs,
    endedMs: stored.endedMs,
    a: { ...design.a, ...about.a },
    b: { ...design.b, ...about.b },
    clips: design.clips.length,
    trials: design.trials,
    answered: stored.answers.length,
    seed: design.seed,
    levelMatched: design.levelMatched,
    result: state === 'finished' ? resultOf(design, stored) : null,
  };
}

function resultOf(design: AbxDesign, stored: StoredListeningTest): NonNullable<ListeningSummary['result']> {
  const order = abxOrder(design.seed, design.trials, design.clips.length);
  const answers = abxAnswerSchema.array().parse(stored.answers);
  const correct = answers.filter(({ answer }, place) => answer === order[place]?.x).length;
  const pValue = binomialTail(correct, design.trials);
  return { correct, pValue, verdict: abxVerdict(correct, design.trials, pValue) };
}

function shownTest(stored: StoredListeningTest): ListeningTest {
  const design = abxDesignSchema.parse(stored.design);
  const order = abxOrder(design.seed, design.trials, design.clips.length);
  const trialList = abxAnswerSchema
    .array()
    .parse(stored.answers)
    .map((answer, place) => {
      const { clip, x } = order[place] ?? { clip: 0, x: 'a' as const };
      const recording = design.clips[clip]?.recording ?? '';
      // Until it is over nobody gets to see how it stands.
      const told = stored.endedMs === null ? null : x;
      return {
        ...answer,
        trial: place + 1,
        recording,
        x: told,
        correct: told === null ? null : answer.answer === told,
      };
    });
  return { ...summaryOf(stored), clipList: design.clips, trialList };
}

function sideKey({ kind, run, step, system }: ListeningSide): string {
  return JSON.stringify(isOtherSystem(kind) ? [kind, system] : [kind, run, step]);
}

function sideWords({ kind, run, step, system }: ListeningSide): string {
  if (isOtherSystem(kind)) return `what ${system} makes of the recordings`;
  return `the ${kind} of ${run}${step === null ? '' : ` at step ${step}`}`;
}
