import type { Command } from './command.ts';
import { corpusMake } from './commands/corpus.ts';
import {
  datasetsAdd,
  datasetsList,
  datasetsRemove,
  datasetsRescan,
  datasetsShow,
} from './commands/datasets.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { modelsCommand } from './commands/models.ts';
import { reconstruct } from './commands/reconstruct.ts';
import {
  runsDelete,
  runsExport,
  runsExtend,
  runsFork,
  runsList,
  runsPause,
  runsResume,
  runsShow,
  runsStop,
  train,
} from './commands/runs.ts';
import { sample } from './commands/sample.ts';

/** Every command, in the order of the help: as one works through them. */
export const commands: readonly Command[] = [
  demo,
  doctor,
  corpusMake,
  datasetsAdd,
  datasetsList,
  datasetsShow,
  datasetsRescan,
  datasetsRemove,
  modelsCommand,
  train,
  runsList,
  runsShow,
  runsResume,
  runsExtend,
  runsFork,
  runsPause,
  runsStop,
  runsDelete,
  runsExport,
  reconstruct,
  sample,
].map((command) => command as Command);
