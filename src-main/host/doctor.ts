import type { Handler } from '../../src-preload/contract/command.ts';
import type { doctor } from '../../src-preload/contract/commands/doctor.ts';
import { diagnose } from '../engine/doctor.ts';

/** Opens the engine in this process, as a trainer would, and reports it. */
export const handleDoctor: Handler<typeof doctor> = (input, { progress }) => diagnose(input, progress);
