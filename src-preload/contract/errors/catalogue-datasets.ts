import type { ErrorText } from './catalogue.ts';

/** Texts for datasets and the corpora they are read from. */
export const datasetErrors = {
  'store/damaged': {
    message: 'The file {file} is damaged: {detail}.',
    remedy:
      'Remove the dataset with `datasets remove` and add its folder again; the recordings themselves are not affected.',
  },
  'dataset/unknown': {
    message: 'There is no dataset called "{name}". Known: {known}.',
    remedy: 'See `datasets list`, or add a folder with `datasets add DIR`.',
  },
  'dataset/name-taken': {
    message: 'There is already a dataset called "{name}" (folder {folder}).',
    remedy: 'Choose another name (`--name` in a terminal), or remove that dataset first.',
  },
  'dataset/name-invalid': {
    message: 'The name "{name}" cannot be used: {detail}.',
    remedy: 'Give a name of 1 to 100 characters, with no control characters, by --name.',
  },
  'dataset/already-added': {
    message: 'The folder {folder} is already the dataset "{name}".',
    remedy:
      'Use it by that name, read it again with `datasets rescan`, or add it once more under another --name.',
  },
  'dataset/folder-missing': {
    message: 'The folder {folder} does not exist, or is not reachable now.',
    remedy: 'Check the path; connect the disk or share that holds it, then try again. Nothing was changed.',
  },
  'dataset/not-a-folder': {
    message: '{folder} is a file, not a folder.',
    remedy: 'Give the folder that holds the recordings, or a list of them (.jsonl, .csv, .tsv).',
  },
  'dataset/folder-unreadable': {
    message: 'The folder {folder} could not be read: {detail}.',
    remedy: 'Give yourself permission to read it, then run `datasets rescan`.',
  },
  'dataset/no-recordings': {
    message:
      'No usable recording in {folder}: {seen} audio files seen, {skipped} entries skipped. {firstReason}',
    remedy: 'Give a folder with audio files (WAV, FLAC, ...), or another --layout. Nothing was changed.',
  },
  'dataset/layout-unknown': {
    message: 'There is no layout called "{layout}". Known: {known}.',
    remedy: 'Use --layout auto to have it recognised.',
  },
  'dataset/layout-mismatch': {
    message: 'The folder {folder} does not look like the layout "{layout}": {detail}.',
    remedy: 'Check the folder, or use --layout auto or --layout folder.',
  },
  'dataset/split-empty': {
    message: 'The dataset "{name}" has no usable recording in its {split} split.',
    remedy: 'Add more recordings and run `datasets rescan`, or choose another split.',
  },
  'dataset/split-too-short': {
    message:
      'The dataset "{name}" has no recording in its {split} split that is as long as one sequence of {frames} frames ({durationSec} s) without the silence at its ends.',
    remedy:
      'Train on shorter sequences (for example --set frames=40), or choose a dataset of longer recordings.',
  },
  'dataset/recording-unknown': {
    message: 'The dataset "{name}" has no recording {recording}.',
    remedy: 'See `recordings list` for those it has; `datasets rescan` takes in new ones.',
  },
  'dataset/level-range': {
    message: 'A picture from {minDb} dB to {maxDb} dB shows nothing.',
    remedy: 'Let the lower level lie below the upper one, such as -100 and 0.',
  },
  'dataset/tile-outside': {
    message: 'The recording "{recording}" has no tile {index} at level {level}: it ends before.',
    remedy: 'Ask for a tile that begins within the recording.',
  },
  'dataset/relink-other': {
    message: 'None of the {recordings} recordings of the dataset "{name}" is in {folder}.',
    remedy:
      'Give the folder that the old one was moved to. To index this one, add it as a dataset of its own.',
  },
  'dataset/split-shares': {
    message: 'Shares of {validation} for validation and {test} for test leave nothing to train on.',
    remedy: 'Choose shares that come to less than 1 together, such as 0.1 and 0.1.',
  },
  'dataset/split-speakers': {
    message:
      'The dataset "{name}" has {speakers} speaker(s); splits with no speaker in common need {needed}.',
    remedy: 'Divide it by label instead (--by stratified), or leave one of the splits out with a share of 0.',
  },
  'dataset/split-speakers-unknown': {
    message:
      'Of the {recordings} recordings of the dataset "{name}", {unknown} have no known speaker: nothing could keep a speaker out of two splits.',
    remedy:
      'Divide it by label instead (--by stratified), or add the folder with a layout that knows its speakers.',
  },
  'dataset/file-vanished': {
    message: 'The file {file} is gone.',
    remedy: 'Put it back, or run `datasets rescan` to take note that it is gone.',
  },
  'dataset/file-changed': {
    message: 'The file {file} has changed since it was indexed.',
    remedy: 'Run `datasets rescan` to take the new content in.',
  },
  'dataset/file-unreadable': {
    message: 'The file {file} could not be read: {detail}.',
    remedy: 'Give yourself permission to read it, then run `datasets rescan`.',
  },
  'dataset/file-empty': {
    message: 'The file {file} is empty (0 bytes).',
    remedy: 'Replace it with a complete copy, then run `datasets rescan`.',
  },
  'dataset/not-a-file': {
    message: '{file} is not a regular file.',
    remedy: 'Move it out of the folder if it should not be there; it is left alone.',
  },
  'dataset/name-not-utf8': {
    message: 'The name {file} is not valid UTF-8 (bytes that are not are shown as \\xNN).',
    remedy: 'Rename the file, then run `datasets rescan`.',
  },
  'dataset/name-not-fsdd': {
    message: 'The name {file} does not follow {digit}_{speaker}_{index}.wav.',
    remedy: 'Rename it, or add the folder with --layout folder.',
  },
  'dataset/name-not-librispeech': {
    message: 'The name {file} does not follow {speaker}/{chapter}/{speaker}-{chapter}-{utterance}.flac.',
    remedy: 'Rename or move it, or add the folder with --layout folder.',
  },
  'dataset/name-not-wsj0': {
    message: 'The name {file} is not that of a WSJ0 utterance (eight characters, .wv1, .wv2, .wav or .flac).',
    remedy: 'Rename or move it, or add the folder with --layout folder.',
  },
  'dataset/name-not-speech-commands': {
    message: 'The name {file} does not follow {word}/{speaker}_nohash_{n}.wav.',
    remedy: 'Rename or move it, or add the folder with --layout folder.',
  },
  'dataset/name-not-timit': {
    message: 'The name {file} does not follow DR{n}/{speaker}/{sentence}.wav.',
    remedy: 'Rename or move it, or add the folder with --layout folder.',
  },
  'dataset/list-names-absent': {
    message: 'The list {file} names {absent} recordings that are not in the folder, {example} among them.',
    remedy: 'Nothing needs to be done if the folder is a part of the corpus; else copy the missing files.',
  },
  'dataset/list-columns': {
    message: 'The list {file} has no column called path. Its columns: {found}.',
    remedy:
      'Let the first line name the columns: path, and as needed label, speaker, split, text, start, end.',
  },
  'dataset/list-not-utf8': {
    message: 'The list {file} is not UTF-8 text.',
    remedy: 'Save it as UTF-8 and try again.',
  },
  'dataset/list-row-too-long': {
    message: 'The row that begins in line {line} of {file} has no end within a million characters.',
    remedy: 'Look for a quote that is not closed there, and try again.',
  },
  'dataset/nothing-chosen': {
    message: 'No recording of "{name}" was chosen.',
    remedy: 'Name some with --recordings, or say --outliers (to leave out) or --all (to take back).',
  },
  'dataset/list-name': {
    message: 'The file {file} does not end as a list does.',
    remedy: 'Let its name end in .jsonl, .csv or .tsv.',
  },
  'dataset/list-exists': {
    message: 'There is already a file {file}.',
    remedy: 'Choose another name, or say --overwrite to replace it.',
  },
  'dataset/list-row': {
    message: '{place} cannot be used: {detail}.',
    remedy: 'Correct this row, then run `datasets rescan`.',
  },
  'dataset/list-duplicate': {
    message: '{place} names the recording {id} a second time.',
    remedy:
      'Nothing needs to be done if both are the same; else give each an id of its own. The first one counts.',
  },
  'dataset/list-file-missing': {
    message: '{place}: the file {file} does not exist.',
    remedy: 'Correct the path (it is relative to the list) or copy the file, then run `datasets rescan`.',
  },
  'dataset/link-broken': {
    message: 'The link {file} leads nowhere: {detail}.',
    remedy: 'Repair or delete the link, then run `datasets rescan`.',
  },
  'dataset/link-loop': {
    message: 'The link {file} leads back to {target}, which holds it.',
    remedy: 'Nothing needs to be done: the link is not followed.',
  },
  'dataset/link-already-read': {
    message: 'The link {file} leads to {target}, which is already read.',
    remedy: 'Nothing needs to be done: every recording counts once.',
  },
  'analyst/crashed': {
    message: 'The decoder crashed while reading {file} ({detail}).',
    remedy:
      'The file is probably damaged: convert it again from its source. The other files are not affected.',
  },
  'analyst/start-failed': {
    message: 'The process that decodes audio could not be started: {detail}.',
    remedy: 'Run `doctor` to see what is missing, and try again.',
  },
  'corpus/voice-failed': {
    message: 'The voice "{voice}" could not speak "{text}": {detail}.',
    remedy: 'Install the dependencies again with `npm ci --ignore-scripts`, then run `corpus make` again.',
  },
  'corpus/folder-in-use': {
    message: 'The folder {folder} holds other files ({example}): the sample corpus is not written there.',
    remedy: 'Give an empty or new folder with --out DIR.',
  },
} as const satisfies Record<string, ErrorText>;
