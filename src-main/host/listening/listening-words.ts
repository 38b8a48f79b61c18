import type { ListeningTest } from '../../../src-preload/contract/commands/listening-tests.ts';
import { csvText } from '../../../src-preload/contract/comparison/csv.ts';

/** What an ABX score means, in plain words. Never "they are the same": a test can only fail to show a difference. */
export function abxVerdict(correct: number, trials: number, pValue: number): string {
  const times = chanceWords(pValue);
  if (pValue <= 0.001)
    return `A difference was heard, beyond reasonable doubt: guessing does as well ${times}.`;
  if (pValue <= 0.01) return `A difference was very likely heard: guessing does as well ${times}.`;
  if (pValue <= 0.05) return `A difference was probably heard: guessing does as well ${times}.`;
  const enough = 0.5 ** trials <= 0.05;
  if (!enough)
    return `So few trials can show nothing: even guessing gets all ${trials} right ${chanceWords(0.5 ** trials)}.`;
  // Far fewer right than guessing gives is no sign of not hearing: more likely A and B were mixed up.
  const mirrored = correct < trials / 2 && pValue >= 0.99;
  if (mirrored)
    return 'Far fewer were right than by guessing: perhaps A and B were mixed up. No difference was shown.';
  return `No difference was shown: guessing does as well ${times}. This does not prove that there is none.`;
}

/** '1 time in 18'; '62 times in 100'. */
function chanceWords(probability: number): string {
  if (probability >= 0.1) return `${Math.round(100 * probability)} times in 100`;
  const every = 1 / probability;
  const rounded = every < 100 ? Math.round(every) : Number(every.toPrecision(2));
  return rounded < 1e6 ? `1 time in ${rounded.toLocaleString('en-US')}` : 'less than 1 time in a million';
}

const columns = [
  'test',
  'kind',
  'state',
  'listener',
  'startedAt',
  'seed',
  'trials',
  'levelMatched',
  'aKind',
  'aRun',
  'aSystem',
  'aName',
  'aPreset',
  'aStep',
  'bKind',
  'bRun',
  'bSystem',
  'bName',
  'bPreset',
  'bStep',
  'trial',
  'clip',
  'x',
  'answer',
  'correct',
  'answeredAt',
  'tookMs',
  'heardA',
  'heardB',
  'heardX',
  'score',
  'pValue',
] as const;

/** Tests as one table, a row a trial; what belongs to the whole test stands in each of its rows, as statistics tools like it. */
export function listeningCsv(tests: readonly ListeningTest[]): string {
  const rows = tests.flatMap((test) =>
    test.trialList.map((trial): Record<(typeof columns)[number], unknown> => ({
      test: test.test,
      kind: test.kind,
      state: test.state,
      listener: test.listener,
      startedAt: new Date(test.startedMs).toISOString(),
      seed: test.seed,
      trials: test.trials,
      levelMatched: test.levelMatched,
      aKind: test.a.kind,
      aRun: test.a.run,
      aSystem: test.a.system,
      aName: test.a.name,
      aPreset: test.a.preset,
      aStep: test.a.step,
      bKind: test.b.kind,
      bRun: test.b.run,
      bSystem: test.b.system,
      bName: test.b.name,
      bPreset: test.b.preset,
      bStep: test.b.step,
      trial: trial.trial,
      clip: trial.recording,
      x: trial.x,
      answer: trial.answer,
      correct: trial.correct,
      answeredAt: new Date(trial.answeredMs).toISOString(),
      tookMs: Math.round(trial.tookMs),
      heardA: trial.heardA,
      heardB: trial.heardB,
      heardX: trial.heardX,
      score: test.result?.correct,
      pValue: test.result?.pValue,
    })),
  );
  return csvText(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );
}
