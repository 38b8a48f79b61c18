import type { ListeningSummary } from '../../../src-preload/contract/commands/listening-tests.ts';
import { formatCount } from '../../state/format.ts';

/** 'Original (small)', 'small at step 1,200'. */
export function sideText({ kind, name, step }: ListeningSummary['a']): string {
  if (kind === 'original') return `Original (as given to ${name})`;
  if (kind === 'external' || kind === 'baseline') return name;
  if (kind === 'ceiling') return `Ceiling of ${name}`;
  return step === null ? name : `${name} at step ${formatCount(step)}`;
}

/** The same for a narrow column: the run of an original is that of the other side, mostly. */
export function shortSideText(side: ListeningSummary['a']): string {
  return side.kind === 'original' ? 'Original' : sideText(side);
}

/** A probability as it is printed in papers: '0.0107', '< 0.0001'. */
export function formatP(pValue: number): string {
  if (pValue < 0.0001) return '< 0.0001';
  return pValue >= 0.9995 ? '1' : pValue.toPrecision(pValue < 0.1 ? 3 : 2);
}
