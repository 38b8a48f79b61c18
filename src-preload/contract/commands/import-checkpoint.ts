import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { uploadId } from './uploads.ts';

const options = {
  name: z.string().optional().meta({ title: 'Name', help: 'Of the run; made from the model if left out.' }),
  dataset: z.string().min(1).optional().meta({
    title: 'Dataset',
    help: 'Name or id of a dataset, to be evaluated on and trained further on with `runs extend`.',
  }),
};

const importedCheckpointSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  folder: z.string(),
  preset: z.string(),
  family: z.string(),
  parameters: z.int(),
  tensors: z.int(),
  checkpoint: z.string().meta({ help: 'The tensors, as of any other run.' }),
  notes: z.array(z.string()),
});
export type ImportedCheckpoint = z.output<typeof importedCheckpointSchema>;

export const importCheckpoint = defineCommand({
  name: 'import-checkpoint',
  summary: 'Take in a PyTorch checkpoint of the dynamical VAE benchmark (papers/004) as a run',
  positionals: ['file'],
  input: z.strictObject({
    file: z.string().min(1).meta({
      title: 'Checkpoint',
      path: true,
      placeholder: 'FILE.pt',
      help: 'What torch.save wrote of a state_dict. Nothing in it is run.',
    }),
    config: z.string().min(1).meta({
      title: 'Configuration',
      path: true,
      placeholder: 'FILE.ini',
      help: 'The config.ini that the published code keeps beside it.',
    }),
    ...options,
  }),
  output: importedCheckpointSchema,
  examples: [
    'import-checkpoint VRNN_final_epoch238.pt --config config.ini --name vrnn-wsj0',
    'import-checkpoint RVAE.pt --config config.ini --dataset librispeech',
  ],
});

export const importUpload = defineCommand({
  name: 'runs import-upload',
  summary: 'Take in a PyTorch checkpoint that the page gave, with its configuration, as a run',
  audience: 'window',
  input: z.strictObject({
    file: uploadId.meta({ title: 'Checkpoint' }),
    config: uploadId.meta({ title: 'Configuration' }),
    ...options,
  }),
  output: importedCheckpointSchema,
});
