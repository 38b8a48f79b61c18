import { renderAnything } from './anything.ts';

/** One dataset; its length is said once, as a duration. */
export function renderDataset(output: unknown, columns: number): string[] {
  const { hours: _hours, ...dataset } = output as { hours?: number };
  return renderAnything(dataset, Math.min(140, columns));
}
