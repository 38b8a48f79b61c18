import type { ErrorText } from './catalogue.ts';

/** Texts for codes, maps of them, and what is generated from them. */
export const latentErrors = {
  'latent/codes-not-finite': {
    message:
      'The model of run "{run}" at step {step} gives {count} clips a code that is not a number, the first of them "{recording}".',
    remedy:
      'Its training diverged: choose an earlier checkpoint, or train again with a smaller learning rate.',
  },
  'latent/too-few': {
    message: '{what} needs at least {least} clips; the split "{split}" of "{dataset}" has {count}.',
    remedy: 'Choose a larger split, or all of them.',
  },
  'latent/perplexity': {
    message: 'A perplexity of {perplexity} is too large for {count} clips.',
    remedy: 'Choose at most {most}, a third of the clips, or a larger split.',
  },
  'latent/no-classes': {
    message: 'No clip of the split "{split}" of "{dataset}" has a {by}.',
    remedy: 'Choose another split or sort of class, or add the dataset with a layout that tells its {by}s.',
  },
  'latent/one-class': {
    message:
      'All clips of the split "{split}" of "{dataset}" have the same {by}, "{name}": nothing to tell apart.',
    remedy: 'Choose another split, or the other sort of class.',
  },
  'latent/class-unknown': {
    message: 'No clip of the split "{split}" of "{dataset}" has the {by} "{name}".',
    remedy: 'Known there: {known}.',
  },
  'latent/class-too-small': {
    message:
      'The {by} "{name}" has {count} clips in the split "{split}": too few for noise of its own {spread} shape.',
    remedy: 'Choose noise of the same size in every dimension (unit), or a larger split.',
  },
  'latent/recording-unknown': {
    message: '"{recording}" is not among the clips of the {split} of "{dataset}" that this run knows.',
    remedy: 'Name it by its path in the dataset; silent recordings have no code.',
  },
  'latent/component-unknown': {
    message: 'There is no component {component} in the prior of run "{run}": it has {components}.',
    remedy: 'Name components from 1 to {components}; `latent components` tells what each stands for.',
  },
  'latent/same-clip': {
    message: 'There is nothing between "{recording}" and itself.',
    remedy: 'Choose two clips.',
  },
  'latent/projection-died': {
    message: 'The process that computes the map has ended: {how}.',
    remedy: 'Try again; with fewer clips or PCA it needs less memory.',
  },
  'latent/one-length': {
    message: 'Models of the family "{family}" make clips of {seconds} s alone, and of one kind.',
    remedy: 'Leave --seconds and --frames out; dynamical models take any length.',
  },
  'latent/too-much-sound': {
    message: '{n} clips of {seconds} s are {minutes} minutes of sound.',
    remedy: 'At most {most} minutes are made at a time: ask for fewer or shorter ones.',
  },
  'latent/nothing-given': {
    message:
      'Up to second {from} there is nothing in {recording} to go on from: its sound begins at {begins} s.',
    remedy: 'Choose a second from {least} to {ends}.',
  },
  'latent/given-unknown': {
    message: '"{recording}" is no recording of {dataset}, and no file.',
    remedy: 'Name it by its path in a dataset (--dataset NAME), or give the path of a file.',
  },
  'latent/frames-not-finite': {
    message: 'The model of run "{run}" at step {step} generates frames that are not numbers.',
    remedy:
      'Its training diverged: choose an earlier checkpoint, a lower temperature, or train again with a smaller learning rate.',
  },
  'latent/generated-unknown': {
    message: 'Run "{run}" has no generated clips "{set}".',
    remedy: '`generated list` shows those that it has.',
  },
  'latent/generated-clip-unknown': {
    message: 'The set "{set}" of run "{run}" has {count} clips; there is no clip {clip}.',
    remedy: 'Choose one from 0 on.',
  },
  'latent/generated-damaged': {
    message: 'The generated clips "{set}" of run "{run}" cannot be read: {detail}.',
    remedy: 'Delete the set and carry its recipe out again.',
  },
} as const satisfies Record<string, ErrorText>;
