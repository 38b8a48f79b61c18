export type ExportKind = 'report' | 'curves' | 'clips' | 'checkpoint' | 'weights' | 'codes';

/** What can be taken out of a run, or of runs that are compared. */
export interface ExportChoice {
  value: ExportKind;
  title: string;
  text: string;
  /** One file can be downloaded; a set goes into a folder. */
  files: 'one' | 'many';
  /** After the name of the run. */
  suffix: string;
  ofMany: boolean;
  /** Of one checkpoint rather than of the run. */
  ofCheckpoint?: boolean;
}

export const exportKinds: readonly ExportChoice[] = [
  {
    value: 'report',
    title: 'Report',
    text: 'One HTML file with everything in it: configuration, curves, clips to see and hear. It opens in any browser, offline.',
    files: 'one',
    suffix: '.html',
    ofMany: true,
  },
  {
    value: 'curves',
    title: 'Curves',
    text: 'Every logged value as CSV: a row a step and split, a column a metric.',
    files: 'one',
    suffix: '.csv',
    ofMany: false,
  },
  {
    value: 'clips',
    title: 'Clips',
    text: 'Original, ceiling and the last reconstruction of every clip as WAV and PNG; the names say run, step and clip.',
    files: 'many',
    suffix: '-clips',
    ofMany: false,
  },
  {
    value: 'checkpoint',
    title: 'Checkpoint',
    text: 'The best checkpoint as safetensors, with the configuration (JSON) and the curves (CSV).',
    files: 'many',
    suffix: '-checkpoint',
    ofMany: false,
    ofCheckpoint: true,
  },
  {
    value: 'weights',
    title: 'Weights',
    text: 'The arrays of the best checkpoint alone, under their own names (for papers/004 those of the published code), for PyTorch, NumPy and others.',
    files: 'one',
    suffix: '',
    ofMany: false,
    ofCheckpoint: true,
  },
  {
    value: 'codes',
    title: 'Codes',
    text: 'The code of every recording of its dataset by the best checkpoint as NumPy files, with an index. What was broken off goes on in the same folder; the command unembed makes sound of them again.',
    files: 'many',
    suffix: '-codes',
    ofMany: false,
    ofCheckpoint: true,
  },
];

/** A name in a folder, with the separator that the folder's path has. */
export function joinPath(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`;
}
