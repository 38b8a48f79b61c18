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
} as const satisfies Record<string, ErrorText>;
