import { flushCompileCache } from 'node:module';
import { serveTasks } from '../processes/child-tasks.ts';
import { perform } from './perform.ts';

/** The analyst's child process: decoding, measuring, features, pictures. Runs on plain Node, with no TensorFlow. */
serveTasks(perform);

// Most of these processes are killed, and then Node would not keep what it has compiled: starting takes three times as long.
setImmediate(flushCompileCache);
