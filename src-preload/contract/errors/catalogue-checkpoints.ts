import type { ErrorText } from './catalogue.ts';

/** Errors of reading other programs' checkpoints. */
export const checkpointErrors = {
  'checkpoints/not-pytorch': {
    message: '{file} is no PyTorch checkpoint: {detail}.',
    remedy: 'Give the .pt file that torch.save wrote.',
  },
  'checkpoints/unreadable': {
    message: '{file} could not be read: {detail}.',
    remedy: 'Check its path, and that you may read it.',
  },
  'checkpoints/damaged': {
    message: '{file} cannot be read to its end: {detail}.',
    remedy: 'Copy or download the file again.',
  },
  'checkpoints/forbidden': {
    message: '{file} asks for {what}, which is not needed for tensors; nothing of it was run.',
    remedy: 'Save the state_dict alone, torch.save(model.state_dict(), file), and import that.',
  },
  'checkpoints/no-tensors': {
    message: '{file} holds no named tensors.',
    remedy: 'Save the state_dict: torch.save(model.state_dict(), file).',
  },
  'checkpoints/config-unreadable': {
    message: 'The configuration {file} could not be read: {detail}.',
    remedy: 'Check its path, and that you may read it.',
  },
  'checkpoints/config-invalid': {
    message: 'The configuration {file} is refused: {detail}.',
    remedy: 'Give the config.ini that lay beside the checkpoint when it was trained, unchanged.',
  },
  'checkpoints/mismatch': {
    message: '{file} is not of the model that {config} describes: {detail}.',
    remedy: 'Give the config.ini of this very checkpoint.',
  },
  'checkpoints/not-finite': {
    message: 'The tensor {name} of {file} holds numbers that are not finite.',
    remedy: 'The training that wrote it had failed; take an earlier checkpoint.',
  },
} as const satisfies Record<string, ErrorText>;
