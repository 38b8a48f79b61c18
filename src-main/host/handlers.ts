import { corpusMake } from '../../src-preload/contract/commands/corpus.ts';
import {
  datasetsAdd,
  datasetsList,
  datasetsRemove,
  datasetsRescan,
  datasetsShow,
} from '../../src-preload/contract/commands/datasets.ts';
import { demo } from '../../src-preload/contract/commands/demo.ts';
import { doctor } from '../../src-preload/contract/commands/doctor.ts';
import { modelsCommand } from '../../src-preload/contract/commands/models.ts';
import { reconstruct } from '../../src-preload/contract/commands/reconstruct.ts';
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
} from '../../src-preload/contract/commands/runs.ts';
import { sample } from '../../src-preload/contract/commands/sample.ts';
import { bind, type BoundCommand } from './bind.ts';

/** Every command with the way to its code. Nothing heavy is loaded until a command is called. */
export const boundCommands: readonly BoundCommand[] = [
  bind(demo, async () => (await import('./demo.ts')).handleDemo),
  bind(doctor, async () => (await import('./doctor.ts')).handleDoctor),
  bind(corpusMake, async () => (await import('./sample-corpus.ts')).handleCorpusMake),
  bind(datasetsAdd, async () => (await import('./datasets-commands.ts')).handleDatasetsAdd),
  bind(datasetsList, async () => (await import('./datasets-commands.ts')).handleDatasetsList),
  bind(datasetsShow, async () => (await import('./datasets-commands.ts')).handleDatasetsShow),
  bind(datasetsRescan, async () => (await import('./datasets-commands.ts')).handleDatasetsRescan),
  bind(datasetsRemove, async () => (await import('./datasets-commands.ts')).handleDatasetsRemove),
  bind(modelsCommand, async () => (await import('./models.ts')).listModels),
  bind(train, async () => (await import('./runs-train.ts')).handleTrain),
  bind(runsList, async () => (await import('./runs-commands.ts')).handleRunsList),
  bind(runsShow, async () => (await import('./runs-commands.ts')).handleRunsShow),
  bind(runsResume, async () => (await import('./runs-train.ts')).handleRunsResume),
  bind(runsExtend, async () => (await import('./runs-train.ts')).handleRunsExtend),
  bind(runsFork, async () => (await import('./runs-train.ts')).handleRunsFork),
  bind(runsPause, async () => (await import('./runs-train.ts')).handleRunsPause),
  bind(runsStop, async () => (await import('./runs-train.ts')).handleRunsStop),
  bind(runsDelete, async () => (await import('./runs-commands.ts')).handleRunsDelete),
  bind(runsExport, async () => (await import('./runs-commands.ts')).handleRunsExport),
  bind(reconstruct, async () => (await import('./reconstruct.ts')).handleReconstruct),
  bind(sample, async () => (await import('./reconstruct.ts')).handleSample),
];
