import type { OutputValue } from '../engine/program.ts';

/**
 * The numbers that an entry point gave for a log, by name: scalars, and vectors whose name says what their numbers are of, the
 * first of `commitment/stage` as `commitment/stage-1`. Other outputs are left out.
 */
export function scalarValues(outputs: Record<string, OutputValue>): Record<string, number> {
  const values: [string, number][] = [];
  for (const [name, { data, shape }] of Object.entries(outputs)) {
    if (shape.length === 0) values.push([name, data[0] ?? Number.NaN]);
    else if (shape.length === 1 && name.includes('/'))
      for (const [at, value] of data.entries()) values.push([`${name}-${at + 1}`, value]);
  }
  return Object.fromEntries(values);
}

/** The first value that is NaN or infinite, in the words of the error. */
export function firstNonFinite(values: Record<string, number>): { what: string; value: string } | null {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isFinite(value)) return { what: name === 'total' ? 'loss' : name, value: String(value) };
  }
  return null;
}
