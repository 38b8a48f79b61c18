import { corpusMake } from '../../src-preload/contract/commands/corpus.ts';
import {
  datasetsAdd,
  datasetsList,
  datasetsRemove,
  datasetsRescan,
  datasetsShow,
} from '../../src-preload/contract/commands/datasets.ts';
import { modelsCommand } from '../../src-preload/contract/commands/models.ts';
import { bind, type BoundCommand } from './bind.ts';

/** Every command with the way to its code. Nothing heavy is loaded until a command is called. */
export const boundCommands: readonly BoundCommand[] = [
  bind(corpusMake, async () => (await import('./sample-corpus.ts')).handleCorpusMake),
  bind(datasetsAdd, async () => (await import('./datasets-commands.ts')).handleDatasetsAdd),
  bind(datasetsList, async () => (await import('./datasets-commands.ts')).handleDatasetsList),
  bind(datasetsShow, async () => (await import('./datasets-commands.ts')).handleDatasetsShow),
  bind(datasetsRescan, async () => (await import('./datasets-commands.ts')).handleDatasetsRescan),
  bind(datasetsRemove, async () => (await import('./datasets-commands.ts')).handleDatasetsRemove),
  bind(modelsCommand, async () => (await import('./models.ts')).listModels),
];
