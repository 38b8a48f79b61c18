import type { RunCodebooks } from '../../../src-preload/contract/commands/runs-codebooks.ts';
import { table, wrap } from '../layout.ts';
import { count, significant } from '../numbers.ts';

/** A line a stage: how its codebook is used, and what the stages up to it cost and give back. */
export function renderRunsCode(output: unknown, columns: number): string[] {
  const code = output as RunCodebooks;
  const kilo = (bitsPerSecond: number): string => (bitsPerSecond / 1000).toFixed(2);
  const titles = ['stages', 'perplexity', 'used', 'kb/s nominal', 'kb/s coded', 'MSE'];
  return [
    `${code.model.name}, step ${count(code.model.step)}: ${count(code.clips)} ${code.split} clips`,
    '',
    ...table(
      titles.map((title) => ({ title, align: 'right' as const })),
      code.stages.map(({ stage, perplexity, used, upTo }) => [
        stage === 1 ? '1' : `1-${stage}`,
        significant(perplexity, 3),
        `${used} of ${code.codebookSize}`,
        kilo(upTo.nominalBitsPerSecond),
        kilo(upTo.codedBitsPerSecond),
        significant(upTo.mse, 3),
      ]),
      columns,
    ),
    '',
    ...code.codecs.map(
      ({ name, bitsPerSecond }) => `${name}: ${kilo(bitsPerSecond)} kb/s of what is recorded`,
    ),
    ...code.remarks.flatMap((remark) => wrap(remark, columns)),
    ...(code.alarm
      ? [
          '',
          ...wrap(code.alarm.meaning, columns),
          ...code.alarm.remedies.flatMap((remedy) => wrap(`- ${remedy}`, columns)),
        ]
      : []),
  ];
}
