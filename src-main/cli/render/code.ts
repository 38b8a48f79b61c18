import type { RunBitrate, RunLatents } from '../../../src-preload/contract/commands/runs-code.ts';
import { table, wrap } from '../layout.ts';
import { count, significant } from '../numbers.ts';

const mostRows = 20;

/** A line a validation: active dimensions and KL in all; then what each dimension carried at the last, the most first. */
export function renderRunsLatents(output: unknown, columns: number): string[] {
  const latents = output as RunLatents;
  const { dimensions, steps, epochs, klNats, activeUnits, activeAboveNats, collapse } = latents;
  if (dimensions === null || steps.length === 0) return wrap(latents.missing ?? 'none', columns);
  const at = (matrix: Float32Array, row: number): number[] => [
    ...matrix.subarray(row * dimensions, (row + 1) * dimensions),
  ];
  const last = steps.length - 1;
  const kl = at(klNats, last);
  const [low, high, deviation] = [latents.low, latents.high, latents.deviation].map((one) => at(one, last));
  const order = [...kl.keys()].sort((a, b) => (kl[b] ?? 0) - (kl[a] ?? 0));
  const cell = (value: number | undefined): string => (value === undefined ? '-' : significant(value, 3));
  const from = Math.max(0, steps.length - mostRows);
  return [
    ...(from > 0 ? [`The last ${mostRows} of ${count(steps.length)} validations`, ''] : []),
    ...table(
      ['step', 'epoch', 'active', `KL in nats a ${latents.unit.name}`].map((title) => ({
        title,
        align: 'right' as const,
      })),
      [...steps.subarray(from)].map((step, index) => [
        count(step),
        count(epochs[from + index] ?? 0),
        `${activeUnits[from + index] ?? 0} of ${dimensions}`,
        cell(at(klNats, from + index).reduce((sum, one) => sum + one, 0)),
      ]),
      columns,
    ),
    '',
    ...wrap(`Active: more than ${activeAboveNats} nats. At step ${count(steps[last] ?? 0)}:`, columns),
    ...table(
      ['dimension', 'KL in nats', 'spread', 'from', 'to'].map((title) => ({
        title,
        align: 'right' as const,
      })),
      order
        .slice(0, mostRows)
        .map((dimension) => [
          String(dimension),
          cell(kl[dimension]),
          cell(deviation?.[dimension]),
          cell(low?.[dimension]),
          cell(high?.[dimension]),
        ]),
      columns,
    ),
    ...(dimensions > mostRows ? [`and ${count(dimensions - mostRows)} more: --json has all`] : []),
    ...(collapse
      ? [
          '',
          ...wrap(collapse.meaning, columns),
          ...collapse.remedies.flatMap((remedy) => wrap(`- ${remedy}`, columns)),
        ]
      : []),
  ];
}

/** A line a width of the code's numbers, then how it was reckoned. */
export function renderRunsBitrate(output: unknown, columns: number): string[] {
  const { unit, rates, information, claim, remarks } = output as RunBitrate;
  return [
    ...table(
      ['bits a number', `bits a ${unit.name}`, 'bits/s', 'kb/s', 'kb/s of speech', 'times smaller'].map(
        (title) => ({
          title,
          align: 'right' as const,
        }),
      ),
      rates.map((rate) => [
        String(rate.bitsPerNumber),
        significant(rate.bitsPerUnit, 6),
        count(Math.round(rate.bitsPerSecond)),
        rate.kilobitsPerSecond.toFixed(2),
        rate.spokenBitsPerSecond === null ? '-' : (rate.spokenBitsPerSecond / 1000).toFixed(2),
        rate.timesSmaller.toFixed(0),
      ]),
      columns,
    ),
    '',
    ...(information
      ? wrap(
          `By its KL the code tells ${significant(information.bitsPerUnit, 3)} bits a ${unit.name} (${significant(information.bitsPerSecond, 3)} bits/s) at step ${count(information.step)}.`,
          columns,
        )
      : []),
    ...(claim ? wrap(claim.explanation, columns) : []),
    ...remarks.flatMap((remark) => wrap(remark, columns)),
  ];
}
