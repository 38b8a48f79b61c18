import type { OutputValue } from '../engine/program.ts';

/** The scalars that an entry point gave, by name; what has more than one number is left out. */
export function scalarValues(outputs: Record<string, OutputValue>): Record<string, number> {
  const scalars = Object.entries(outputs).filter(([, { shape }]) => shape.length === 0);
  return Object.fromEntries(scalars.map(([name, { data }]) => [name, data[0] ?? Number.NaN]));
}

/** The first value that is NaN or infinite, in the words of the error. */
export function firstNonFinite(values: Record<string, number>): { what: string; value: string } | null {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isFinite(value)) return { what: name === 'total' ? 'loss' : name, value: String(value) };
  }
  return null;
}
