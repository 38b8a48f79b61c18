import type { BenchmarkRow, BenchmarkTable } from '../../../src-preload/contract/commands/benchmark.ts';
import type { MetricKey } from '../../../src-preload/contract/commands/metrics.ts';

/** What the rows of a benchmark are in order of; 'given' is the order in which they were chosen. */
export interface RowOrder {
  column: string;
  descending: boolean;
}

/** 'stoi' and '-stoi', as an address has it; null for the order in which they were chosen. */
export function parseOrder(text: string | undefined): RowOrder | null {
  if (!text) return null;
  const descending = text.startsWith('-');
  return { column: descending ? text.slice(1) : text, descending };
}

/** The order after a click on a heading: the better first, then the other way, then as they were chosen. */
export function nextOrder(
  column: string,
  order: RowOrder | null,
  better: 'higher' | 'lower',
): string | undefined {
  const first = better === 'higher' ? `-${column}` : column;
  const second = better === 'higher' ? column : `-${column}`;
  if (order?.column !== column) return first;
  return parseOrder(first)?.descending === order.descending ? second : undefined;
}

/** Rows in an order; those without a value stay last, whichever way. */
export function sortRows(rows: BenchmarkTable['rows'], order: RowOrder | null): readonly BenchmarkRow[] {
  if (!order) return rows;
  const valueOf = (row: BenchmarkRow): number | string | null => {
    switch (order.column) {
      case 'system':
        return row.title;
      case 'speed':
        return row.speed?.realTimeFactor ?? null;
      case 'parameters':
        return row.parameters;
      default:
        return row.state === 'finished' ? (row.cells[order.column as MetricKey]?.mean ?? null) : null;
    }
  };
  const sign = order.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [one, other] = [valueOf(a), valueOf(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === 'string' || typeof other === 'string')
      return sign * String(one).localeCompare(String(other), 'en', { numeric: true });
    return sign * (one - other);
  });
}
