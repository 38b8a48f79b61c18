import { resolveConfig } from '../../src-main/models/overrides.ts';
import { compileStep, randomBatch, stepScalars } from './nets.ts';
import { extremes, median } from './report.ts';
import type { BenchRow } from './report.ts';
import type { SectionOptions } from './sections.ts';

const section = 'rvq-stages';
const batch = 16;
const stageCounts = [1, 2, 4, 8] as const;
const rounds = 9;
const stepsARound = 5;
const learningRate = 5e-4;
/** How much more a later stage may cost than an earlier one, for the whole to be called linear in stages. */
const linearWithin = 1.25;

/** What a training step of `rvq-vae-coarse` costs by its stages, all their codebooks moved inside it: rounds of all, one after the other. */
export async function benchQuantiserStages({ progress }: SectionOptions): Promise<BenchRow[]> {
  const nets = stageCounts.map((stages) => {
    const config = resolveConfig({ preset: 'rvq-vae-coarse', overrides: { stages: String(stages) } });
    const net = compileStep(config, batch);
    const feeds = { ...stepScalars(config, learningRate), x: randomBatch(net.shape) };
    return { stages, net, feeds, codes: config.model.codebookSize as number, times: [] as number[] };
  });
  let step = 0;
  try {
    for (let round = -1; round < rounds; round++) {
      progress(`${section}: ${round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`}`);
      for (const { net, feeds, times } of nets) {
        for (let at = 0; at < stepsARound; at++) {
          const start = performance.now();
          await net.program.call('step', feeds, { seed: 0, step: step++ });
          if (round >= 0) times.push(performance.now() - start);
        }
      }
    }
  } finally {
    for (const { net } of nets) net.program.dispose();
  }
  // The shortest of all steps: what else the machine did only ever adds.
  const least = (stages: number): number =>
    Math.min(...(nets.find((one) => one.stages === stages)?.times ?? []));
  const early = (least(4) - least(1)) / 3;
  const late = (least(8) - least(4)) / 4;
  const slower = early > 0 && late > 0 ? late / early : null;
  return [
    ...nets.map(({ stages, codes, times }): BenchRow => ({
      section,
      what: `step of ${batch} clips, ${stages} of ${codes} codes`,
      value: median(times),
      unit: 'ms',
      spread: extremes(times),
    })),
    {
      section,
      what: 'a stage more, of the first four',
      value: early,
      unit: 'ms',
      note: `${((100 * early) / least(1)).toFixed(1)} % of a step with one`,
    },
    {
      section,
      what: 'a stage of the next four, times one of the first four',
      value: slower,
      unit: 'x',
      target: `<= ${linearWithin} x`,
      ...(slower === null
        ? { note: 'the machine was too busy: a stage more took no time' }
        : { ok: slower <= linearWithin }),
    },
  ];
}
