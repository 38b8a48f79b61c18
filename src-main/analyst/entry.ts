import { serveTasks } from '../processes/child-tasks.ts';
import { perform } from './perform.ts';

/** The analyst's child process: decoding, measuring, features, pictures. Runs on plain Node, with no TensorFlow. */
serveTasks(perform);
