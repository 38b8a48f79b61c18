import path from 'node:path';

/** How the files of a folder belong to the recordings of a dataset. */
export interface Matching {
  /** File (below its folder) by recording. */
  files: Map<string, string>;
  matchedBy: { path: number; name: number };
  unmatched: string[];
  ambiguous: { file: string; recordings: string[] }[];
  missing: string[];
}

/**
 * Files to recordings, both by their paths below their folders with forward slashes: by the path without its ending first,
 * then by the bare name among what is left. What is not one to one is used by nobody.
 */
export function matchFiles(files: readonly string[], recordings: readonly string[]): Matching {
  const matched = new Map<string, string>();
  const ambiguous: Matching['ambiguous'] = [];
  const byPath = pairUp(files, recordings, stem, matched, ambiguous);
  const taken = new Set([...matched.values(), ...ambiguous.map(({ file }) => file)]);
  const doubted = new Set(ambiguous.flatMap(({ recordings: those }) => those));
  const filesLeft = files.filter((file) => !taken.has(file));
  const recordingsLeft = recordings.filter((one) => !matched.has(one) && !doubted.has(one));
  const byName = pairUp(filesLeft, recordingsLeft, bareName, matched, ambiguous);
  const used = new Set([...matched.values(), ...ambiguous.map(({ file }) => file)]);
  return {
    files: matched,
    matchedBy: { path: byPath, name: byName },
    unmatched: files.filter((file) => !used.has(file)).sort(),
    ambiguous: ambiguous.sort((a, b) => (a.file < b.file ? -1 : 1)),
    missing: recordings.filter((one) => !matched.has(one)).sort(),
  };
}

function pairUp(
  files: readonly string[],
  recordings: readonly string[],
  nameOf: (of: string) => string,
  matched: Map<string, string>,
  ambiguous: Matching['ambiguous'],
): number {
  const filesByName = Map.groupBy(files, nameOf);
  const recordingsByName = Map.groupBy(recordings, nameOf);
  let count = 0;
  for (const [name, those] of filesByName) {
    const meant = recordingsByName.get(name) ?? [];
    const [file] = those;
    const [recording] = meant;
    if (file === undefined || recording === undefined) continue;
    if (those.length === 1 && meant.length === 1) {
      matched.set(recording, file);
      count++;
    } else for (const one of those) ambiguous.push({ file: one, recordings: meant });
  }
  return count;
}

function stem(of: string): string {
  const { dir, name } = path.posix.parse(of);
  return path.posix.join(dir, name);
}

function bareName(of: string): string {
  return path.posix.parse(of).name;
}
