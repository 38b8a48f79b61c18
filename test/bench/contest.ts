import type { BenchNet } from './nets.ts';
import { randomBatch } from './nets.ts';
import { extremes, median } from './report.ts';
import type { BenchRow } from './report.ts';
import { TorchTwins } from './twin.ts';
import type { PythonSearch } from './twin.ts';
import type { Progress } from './sections.ts';

/** One net to time against its twins. */
export interface Contest {
  name: string;
  batch: number;
  /** Least ratio to the faster of the twins that are eager PyTorch as a user would write it. */
  target: number;
  rounds: number;
  stepsARound: number;
  compile(): BenchNet;
  /** Fed each step beside the batch. */
  scalars: Record<string, number>;
  /** Requests that build the twins, by the name each is reported under. */
  twins: Record<string, Record<string, unknown>>;
}

/** Times one net against its twins in interleaved rounds, so that a busy machine slows both alike. */
export async function runContest(
  section: string,
  contest: Contest,
  search: PythonSearch,
  progress: Progress,
): Promise<BenchRow[]> {
  const compileStart = performance.now();
  const net = contest.compile();
  const feeds = { ...contest.scalars, x: randomBatch(net.shape) };
  let step = 0;
  const ours = async (count: number): Promise<number[]> => {
    const milliseconds: number[] = [];
    for (let index = 0; index < count; index++) {
      const start = performance.now();
      await net.program.call('step', feeds, { seed: 0, step: step++ });
      milliseconds.push(performance.now() - start);
    }
    return milliseconds;
  };
  await ours(1);
  const compileSec = (performance.now() - compileStart) / 1000;
  await ours(1);

  const twins = 'python' in search ? new TorchTwins(search.python) : null;
  const names = twins ? Object.keys(contest.twins) : [];
  const oursByRound: number[] = [];
  const twinByRound = new Map<string, number[]>(names.map((name) => [name, []]));
  try {
    for (const name of names) {
      const { parameters } = (await twins?.ask('build', { name, ...contest.twins[name] })) ?? {
        parameters: 0,
      };
      checkSize(contest.name, name, net.parameters, parameters);
      await twins?.ask('steps', { name, count: 2 });
    }
    for (let round = 0; round < contest.rounds; round++) {
      progress(`${section}: ${contest.name}: round ${round + 1} of ${contest.rounds}`);
      oursByRound.push(median(await ours(contest.stepsARound)));
      for (const name of names) {
        const timed = await twins?.ask('steps', { name, count: contest.stepsARound });
        if (timed) twinByRound.get(name)?.push(median(timed.ms));
      }
    }
  } finally {
    twins?.close();
    net.program.dispose();
  }
  return rowsOf(section, contest, {
    mode: net.program.mode,
    parameters: net.parameters,
    compileSec,
    oursByRound,
    twinByRound,
    missing: 'missing' in search ? search.missing : undefined,
  });
}

/** nn.LSTM has two biases where ours has one: nothing to the time, and the only difference allowed. */
function checkSize(contest: string, twin: string, ours: number, theirs: number): void {
  if (Math.abs(theirs - ours) <= 0.005 * ours) return;
  throw new Error(`${contest}: ${twin} has ${theirs} trainable numbers, ours ${ours}: not the same net.`);
}

function rowsOf(
  section: string,
  contest: Contest,
  result: {
    mode: string;
    parameters: number;
    compileSec: number;
    oursByRound: number[];
    twinByRound: Map<string, number[]>;
    missing: string | undefined;
  },
): BenchRow[] {
  const { name, target } = contest;
  const { oursByRound, twinByRound } = result;
  const rows: BenchRow[] = [
    {
      section,
      what: `${name}: our step`,
      value: median(oursByRound),
      unit: 'ms',
      spread: extremes(oursByRound),
      note: `${result.mode}, ${result.parameters} trainable numbers`,
    },
    { section, what: `${name}: compile and first step`, value: result.compileSec, unit: 's' },
  ];
  if (result.missing) {
    rows.push({ section, what: `${name}: ratio`, value: null, unit: 'x', note: result.missing });
    return rows;
  }
  for (const [twin, times] of twinByRound) {
    // A ratio a round: what slowed the machine for a while slowed both sides of that round.
    const ratios = times.map((time, round) => time / (oursByRound[round] as number));
    rows.push(
      { section, what: `${name}: ${twin} step`, value: median(times), unit: 'ms', spread: extremes(times) },
      {
        section,
        what: `${name}: times as fast as ${twin}`,
        value: median(ratios),
        unit: 'x',
        spread: extremes(ratios),
        target: `>= ${target} x`,
        ok: median(ratios) >= target,
      },
    );
  }
  return rows;
}
