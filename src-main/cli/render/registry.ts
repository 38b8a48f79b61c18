import type { DoctorReport } from '../../../src-preload/contract/commands/doctor.ts';
import { renderDoctor } from '../../host/texts.ts';

/** Lines for a reader from the output of one command. */
export type Renderer = (output: unknown, columns: number) => string[];

/** Commands with a layout of their own. */
export const renderers: ReadonlyMap<string, Renderer> = new Map<string, Renderer>([
  [
    'doctor',
    (output) =>
      renderDoctor(output as DoctorReport)
        .trimEnd()
        .split('\n'),
  ],
]);
