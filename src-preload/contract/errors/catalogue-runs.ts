import type { ErrorText } from './catalogue.ts';

/** Texts for runs: their folders, checkpoints, training and control. */
export const runErrors = {
  'runs/not-found': {
    message: 'There is no run named "{name}".',
    remedy: 'List the runs there are with: runs list',
  },
  'runs/ambiguous': {
    message: '"{name}" means more than one run: {candidates}.',
    remedy: 'Give the whole id of the one you mean.',
  },
  'runs/name-taken': {
    message: 'There is a run named "{name}" already ({id}).',
    remedy:
      'Give another name with --name, resume that run with: runs resume {id}, or delete it with: runs delete {id}',
  },
  'runs/name-invalid': {
    message: 'A run cannot be named "{name}": {reason}.',
    remedy: 'Give a name of 1 to 120 characters on one line.',
  },
  'runs/locked': {
    message: 'Run {run} is being trained by another process (pid {pid}).',
    remedy: 'Wait for it, or stop it with: runs stop {run}',
  },
  'runs/not-live': {
    message: 'Run {run} is not being trained now (it is {state}), so it cannot be told to {action}.',
    remedy: 'Start it again with: runs resume {run}',
  },
  'runs/live': {
    message: 'Run {run} is being trained by pid {pid}, so it cannot be {action}.',
    remedy: 'Stop it first with: runs stop {run}',
  },
  'runs/no-answer': {
    message: 'The trainer of run {run} (pid {pid}) did not {action} within {seconds} s.',
    remedy: 'It may be inside a long step: look again with: runs show {run}',
  },
  'runs/finished': {
    message: 'Run {run} has done all its {epochs} epochs.',
    remedy: 'Train it longer with: runs extend {run} --epochs N',
  },
  'runs/fork-done': {
    message:
      'The checkpoint at step {step} of run {run} has {epoch} of {epochs} epochs done: a fork would have nothing to do.',
    remedy: 'Give the number of epochs to train with --epochs.',
  },
  'runs/record-damaged': {
    message: 'The file {file} of a run cannot be read: {detail}.',
    remedy: 'Put the file back from a backup, or delete the run; its checkpoints open without it.',
  },
  'runs/disk-full': {
    message: 'The disk is full: {file} could not be written.',
    remedy: 'Free some space, then go on from the last checkpoint with: runs resume {run}',
  },
  'runs/checkpoint-missing': {
    message: 'Run {run} has no checkpoint {checkpoint}.',
    remedy: 'Checkpoints there are: {available}.',
  },
  'runs/checkpoint-damaged': {
    message: 'The checkpoint {file} is damaged: {detail}.',
    remedy: 'An earlier checkpoint of the run is used where there is one; see: runs show',
  },
  'runs/checkpoints-all-damaged': {
    message: 'No checkpoint of run {run} can be read: {files}.',
    remedy: 'Put one of them back from a backup, or train again from the start with: train',
  },
  'runs/checkpoint-mismatch': {
    message: 'The checkpoint {file} does not fit the model of run {run}: {detail}.',
    remedy: 'Only settings that leave every shape as it is can be changed in a fork.',
  },
  'runs/dataset-changed': {
    message: 'Dataset {dataset} has changed since run {run} began (its recordings or splits differ).',
    remedy:
      'Put the recordings back and rescan, or train on with the changed data in a fork: runs fork {run}',
  },
  'runs/dataset-too-small': {
    message: 'Dataset {dataset} has {count} clips for training, fewer than one batch of {batchSize}.',
    remedy: 'Add recordings, or set a smaller batch: --set batchSize={count}',
  },
  'runs/components-too-many': {
    message:
      'The prior would have {components} components, and dataset {dataset} has {count} clips for training: some could never have one.',
    remedy: 'Set fewer, --set components={count} or far below it, or add recordings.',
  },
  'runs/codes-alike': {
    message:
      'The trained model that run {run} is of gives all {count} clips of dataset {dataset} the same code: there is nothing to learn.',
    remedy:
      'Choose another base. The Code tab of a run, and runs latents, show whether its code tells clips apart; a smaller beta keeps one from collapsing.',
  },
  'runs/features-mismatch': {
    message: 'The features of dataset {dataset} have shape {actual}, and the model takes {expected}.',
    remedy: 'Choose a preset whose feature settings fit its model.',
  },
  'runs/loss-not-finite': {
    message: 'Run {run}: the {what} was {value} at step {step} (epoch {epoch}); the batch was {ids}.',
    remedy:
      'The last finite checkpoint is kept. Try a lower learningRate, or warmupSteps so that the first steps are small, or look at these recordings.',
  },
  'runs/state-not-finite': {
    message:
      'Run {run}: the variable {name} was not finite at step {step}, so that this state was not saved.',
    remedy: 'The last finite checkpoint is kept. Try a lower learning rate or clipNorm above 0 in a fork.',
  },
  'runs/trainer-crashed': {
    message: 'The trainer of run {run} ended unexpectedly ({reason}).',
    remedy: 'Go on from the last checkpoint with: runs resume {run}. Its log is in {log}',
  },
  'runs/protocol': {
    message: 'A message between Resynth and its trainer was not understood: {detail}.',
    remedy: 'Make sure that both come from the same version, then resume the run.',
  },
  'runs/not-in-trash': {
    message: 'There is no deleted run named "{name}".',
    remedy: 'Deleted runs are kept for 7 days, and shorter when the disk is nearly full.',
  },
  'runs/not-queued': {
    message: 'Run {run} does not wait in the queue (it is {state}).',
    remedy: '`runs list` shows which do; `runs resume {run} --queue` puts it there.',
  },
  'runs/queued': {
    message: 'Run {run} waits in the queue already.',
    remedy: 'Take it out with: runs unqueue {run}. Or move it with: runs move {run} 1',
  },
  'runs/never-began': {
    message: 'Run {run} was started twice from the queue and did not begin.',
    remedy: 'Look at its log with: runs log {run}. Start it again with: runs resume {run}',
  },
  'runs/estimate-died': {
    message: 'The process that measured the training ended unexpectedly ({how}).',
    remedy:
      'It may have been short of memory: try a smaller batchSize, or measure again when less is running.',
  },
  'runs/clips-none': {
    message: 'Run {run} keeps no clips to listen to.',
    remedy: 'It decodes them from its next epoch on, unless it was made with clips=0 or clipsEveryEpochs=0.',
  },
  'runs/clip-unknown': {
    message: 'Run {run} has no clip {clip}: it has {count}, the first of which is 0.',
    remedy: 'List them with: runs clips {run}',
  },
  'runs/clip-step-missing': {
    message: 'Run {run} has not decoded its clips at step {step}.',
    remedy: 'Steps there are: {available}.',
  },
  'runs/clips-damaged': {
    message: 'The clips that run {run} decoded at step {step} cannot be read: {detail}.',
    remedy: 'Those of other steps are whole; list them with: runs clips {run}',
  },
  'runs/export-exists': {
    message: 'The folder {folder} is there already and is not empty.',
    remedy: 'Choose another folder with --out.',
  },
  'runs/weights-too-large': {
    message: 'The weights are {sizeMb} MB, too much for a download.',
    remedy: 'Save them into a folder of the machine that Resynth runs on.',
  },
  'runs/safetensors-damaged': {
    message: 'The file {file} is not a whole safetensors file: {detail}.',
    remedy: 'Use another checkpoint, or a copy of this one.',
  },
} as const satisfies Record<string, ErrorText>;
