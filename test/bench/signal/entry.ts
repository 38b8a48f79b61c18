import { serveTasks } from '../../../src-main/processes/child-tasks.ts';
import { workOn } from './work.ts';

/** A child of the benchmark's pool. */
serveTasks(workOn);
