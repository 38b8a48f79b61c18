import type { ErrorText } from './catalogue.ts';

/** Texts for evaluations, baselines and external systems. */
export const evaluationErrors = {
  'evaluations/not-found': {
    message: 'There is no evaluation "{evaluation}".',
    remedy: 'List those there are with: evaluations list',
  },
  'evaluations/ambiguous': {
    message: '"{evaluation}" means more than one evaluation: {candidates}.',
    remedy: 'Give more of the id of the one you mean.',
  },
  'evaluations/one-system': {
    message: 'An evaluation judges one system, and {given}.',
    remedy: 'Give one of --run, --baseline and --system.',
  },
  'evaluations/no-selection': {
    message: 'Nothing says which recordings are to be judged.',
    remedy: 'Give files, or --dataset with --split.',
  },
  'evaluations/two-selections': {
    message: 'Both files and the dataset {dataset} were given.',
    remedy: 'Give files, or --dataset with --split, not both.',
  },
  'evaluations/no-recordings': {
    message: 'The split {split} of {dataset} has no recordings.',
    remedy: 'Choose another split, or divide the dataset: datasets split',
  },
  'evaluations/unknown-metric': {
    message: 'There is no metric "{metric}". {suggestion}',
    remedy: 'List those there are with: evaluations metrics',
  },
  'evaluations/under-way': {
    message: 'This evaluation ({evaluation}) is under way already.',
    remedy: 'Wait for it, or cancel its job; its rows are kept.',
  },
  'evaluations/checkpoint-damaged': {
    message: 'The checkpoint at step {step} of {run} is damaged.',
    remedy: 'Choose another checkpoint: runs show {run}',
  },
  'evaluations/no-sound': {
    message: 'The evaluation {evaluation} has no sound of {recording}: {reason}',
    remedy: 'Evaluate again to have it made anew.',
  },
  'evaluations/recording-unknown': {
    message: 'The evaluation {evaluation} did not judge {recording}.',
    remedy: 'See which recordings it has with: evaluations show {evaluation}',
  },
  'evaluations/nothing-shared': {
    message: 'The evaluations have no recording in common.',
    remedy: 'Judge the same dataset, split and limit with each of them.',
  },
  'evaluations/same-twice': {
    message: 'The evaluation {evaluation} was given twice.',
    remedy: 'Compare different evaluations.',
  },
  'evaluations/not-matched': {
    message: 'The system {system} has no file for {recording}.',
    remedy: 'See what matches with: systems show {system}',
  },
  'benchmarks/not-found': {
    message: 'There is no benchmark "{benchmark}".',
    remedy: 'List those there are with: benchmarks list',
  },
  'benchmarks/ambiguous': {
    message: '"{benchmark}" means more than one benchmark: {candidates}.',
    remedy: 'Give its name, or more of its id.',
  },
  'benchmarks/name-taken': {
    message: 'There is another benchmark {name}.',
    remedy: 'Choose another name, or delete that one: benchmarks delete {name}',
  },
  'benchmarks/nothing-named': {
    message: 'Nothing says which systems are to be judged.',
    remedy: 'Give runs and --dataset, or the --name of a benchmark that is kept: benchmarks list',
  },
  'benchmarks/no-dataset': {
    message: 'Nothing says on which recordings the systems are to be judged.',
    remedy: 'Give --dataset, and --split for another than test.',
  },
  'benchmarks/not-among': {
    message: '{against} is not one of the systems of the benchmark.',
    remedy: 'Let --against name one of them: {systems}',
  },
  'benchmarks/unknown-ending': {
    message: 'A benchmark is written as CSV, LaTeX or JSON, and {file} ends as none of them.',
    remedy: 'Let the name end in .csv, .tex or .json.',
  },
  'systems/not-named': {
    message: 'A clip of another system was asked for, and no system was named.',
    remedy: 'Name an external system, or a baseline with its settings.',
  },
  'systems/other-recording': {
    message: 'The dataset of the system {system} has another recording under the name {recording}.',
    remedy: 'Hear the system beside runs that were trained on its dataset: systems show {system}',
  },
  'baselines/unknown': {
    message: 'There is no baseline "{baseline}". {suggestion}',
    remedy: 'List those there are with: evaluations baselines',
  },
  'baselines/bad-setting': {
    message: 'The baseline {baseline} does not take "{given}": {reason}.',
    remedy: 'For example: --baseline {example}',
  },
  'baselines/codec-missing': {
    message: 'The codec {codec} is not in the sound library that Resynth uses here.',
    remedy: 'Choose another baseline: evaluations baselines',
  },
  'baselines/codec-failed': {
    message: 'The codec {codec} failed on {file}: {detail}',
    remedy: 'Try another bitrate, or another baseline.',
  },
  'systems/not-found': {
    message: 'There is no external system "{system}".',
    remedy: 'List those there are with: systems list',
  },
  'systems/ambiguous': {
    message: '"{system}" means more than one external system: {candidates}.',
    remedy: 'Give its name, or more of its id.',
  },
  'systems/name-taken': {
    message: 'There is an external system {name} already, in {folder}.',
    remedy: 'Choose another name, or forget the other: systems remove {name}',
  },
  'systems/not-a-folder': {
    message: '{folder} is not a folder that can be read.',
    remedy: 'Give the folder that holds the sounds.',
  },
  'systems/nothing-matched': {
    message: 'None of the {files} sounds in {folder} has the name of a recording of {dataset}.',
    remedy: 'Files match by their path below the folder or by their bare name, whatever the ending.',
  },
} as const satisfies Record<string, ErrorText>;
