import type { ErrorText } from './catalogue.ts';

/** Texts for models, presets and their settings. */
export const modelErrors = {
  'models/preset-unknown': {
    message: 'There is no preset "{preset}".',
    remedy: '{suggestion}The presets are: {known}.',
  },
  'models/family-unknown': {
    message: 'There is no model family "{family}".',
    remedy: '{suggestion}The families are: {known}.',
  },
  'models/preset-file': {
    message: 'The preset file {file} is not valid: {detail}',
    remedy: 'Correct the file, or restore it from the project.',
  },
  'models/setting-unknown': {
    message: 'There is no setting "{key}" in preset {preset}.',
    remedy: '{suggestion}The settings are: {known}.',
  },
  'models/setting-ambiguous': {
    message: 'The setting "{key}" exists more than once: {candidates}.',
    remedy: 'Write the one you mean with its prefix.',
  },
  'models/setting-twice': {
    message: 'The setting {key} was given twice: by --{key} and by --set {other}.',
    remedy: 'Keep one of the two.',
  },
  'models/setting-invalid': {
    message: 'The setting {key}={value} is refused: {detail}',
    remedy:
      'Give a value within the range that `models --preset {preset}` shows, for example {key}={example}.',
  },
  'models/config-invalid': {
    message: 'The configuration is refused: {detail}',
    remedy: 'Correct that setting; `models --preset ID` shows a whole configuration that fits together.',
  },
  'models/input-shape': {
    message:
      'These features give clips of {bins} bins by {frames} frames (nFft {nFft}), which no model can read.',
    remedy: 'Choose an even nFft, and a clip of at least one hop.',
  },
  'models/base-needed': {
    message: 'A model of family {family} needs a trained model whose codes it learns.',
    remedy:
      'Name the run: base=RUN, or base=RUN@STEP for one of its checkpoints. `runs list` shows the runs.',
  },
  'models/base-unfinished': {
    message: 'The run {run} has not finished: it is {state}.',
    remedy:
      'Wait for its end, or name one of its checkpoints: base={run}@STEP. `runs show {run}` lists them.',
  },
  'models/base-is-sampler': {
    message: 'The run {run} is itself a sampler of codes ({family}).',
    remedy: 'Name the run that it was trained on.',
  },
  'models/base-no-code': {
    message: 'The models of the run {run} ({family}) have no code of a fixed size for a clip.',
    remedy: 'Name a run of a family that has one: `models` lists the kb/s of their codes.',
  },
  'models/base-no-indices': {
    message: 'The code of the run {run} ({family}) is continuous: it has no indices to predict.',
    remedy: 'Name a run of a family with quantisers (rvq-vae), or train the preset realnvp on this one.',
  },
  'models/base-changed': {
    message: 'The checkpoint of step {step} of the run {run} is damaged or has changed.',
    remedy: 'Name another of its checkpoints: base={run}@STEP.',
  },
  'models/base-features': {
    message: '{setting} cannot be set: the clips are those that the run {run} was trained on.',
    remedy: 'Leave it out.',
  },
  'models/base-fixed': {
    message:
      '{setting} of {run} cannot be changed: its base, with the clips it is given, is part of its weights.',
    remedy: 'Train a new run with the preset instead.',
  },
  'models/code-range': {
    message: 'The code cannot be quantised: {detail}',
    remedy: 'Use 32, 16, 8, 6 or 4 bits and one range for each latent dimension.',
  },
} as const satisfies Record<string, ErrorText>;
