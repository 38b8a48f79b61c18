import { serveTasks } from '../processes/child-tasks.ts';
import { computeFeatureRow } from './feature-rows.ts';
import { inspect } from './inspect.ts';
import type { AnalystTask, FeatureResult, Inspection } from './tasks.ts';

/** The analyst's child process: decoding, measuring, features. Runs on plain Node, with no TensorFlow. */
serveTasks((task: AnalystTask): Inspection | FeatureResult => {
  switch (task.kind) {
    case 'inspect':
      return inspect(task);
    case 'features':
      return computeFeatureRow(task);
  }
});
