import type { OpenedBackend } from '../engine/backends/open.ts';

/** What a run says that trains on the processor for want of anything faster. */
export const processorNote =
  'It trains on the processor: no usable GPU was found. `doctor` says what is missing and how to get it.';

/**
 * What is to be said of an engine that was not the first choice: short where it is the usual one without a GPU, at length
 * where more than that is missing.
 */
export function engineNotes({
  kind,
  device,
  notes,
}: Pick<OpenedBackend, 'kind' | 'device' | 'notes'>): string[] {
  if (notes.length > 0 && kind === 'tensorflow' && device === 'cpu') return [processorNote];
  return notes.map(({ missing, why, fix }) => `${missing}: ${why.replace(/[.]?$/, '.')} ${fix}`);
}
