import type { z } from 'zod';
import type { runsShow } from '../../../../src-preload/contract/commands/runs.ts';
import type { LatentMap } from '../../../../src-preload/contract/commands/latent.ts';
import { formatCount } from '../../../state/format.ts';

type Checkpoint = z.output<typeof runsShow.output>['checkpoints'][number];

/** Which clips: the splits of the dataset. */
export const splitOptions = [
  { value: 'validation' as const, title: 'Validation split' },
  { value: 'test' as const, title: 'Test split' },
  { value: 'train' as const, title: 'Training split' },
  { value: 'all' as const, title: 'All splits' },
];

/** Which weights: the best, the last, or one of those that are kept. */
export function checkpointOptions(checkpoints: readonly Checkpoint[]) {
  return [
    { value: 'best', title: 'Best checkpoint' },
    { value: 'last', title: 'Last checkpoint' },
    ...checkpoints.map(({ step }) => ({ value: String(step), title: `Step ${formatCount(step)}` })),
  ];
}

export function checkpointValue(value: string): 'best' | 'last' | number {
  return value === 'best' || value === 'last' ? value : Number(value);
}

/** What a clip is called where there is little room: '7 · theo', or the end of its path. */
export function shortName(points: LatentMap['points'], at: number): string {
  const label = points.labels[at];
  const speaker = points.speakers[at];
  const name = points.recordings[at]?.split('/').at(-1) ?? '';
  const words = [label, speaker].filter((one) => one !== null && one !== undefined);
  return words.length > 0 ? words.join(' · ') : name;
}
