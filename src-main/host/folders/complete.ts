import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { isHiddenName } from '../../corpora/names.ts';
import { isFolder } from './browse.ts';
import { expandHome } from './paths.ts';

/** Entries looked at: who types is not to be kept waiting. */
const mostEntries = 20_000;

/**
 * The folders that the beginning of a path may mean, in order of name; none where there is nothing like it. What was typed
 * with a ~ comes back in full. Hidden folders come when a dot was typed.
 */
export async function completeFolder(text: string, limit: number, signal: AbortSignal): Promise<string[]> {
  const typed = text === '~' ? '~/' : text;
  if (typed === '') return [];
  const full = expandHome(typed);
  const endsInFolder = /[/\\]$/.test(typed);
  const parent = path.resolve(endsInFolder ? full : path.dirname(full));
  const beginning = endsInFolder ? '' : path.basename(full);
  const exact: string[] = [];
  const similar: string[] = [];
  try {
    let seen = 0;
    for await (const entry of await opendir(parent, { bufferSize: 256 })) {
      if (signal.aborted || ++seen > mostEntries) break;
      if (isHiddenName(entry.name) && !beginning.startsWith('.')) continue;
      const list = entry.name.startsWith(beginning)
        ? exact
        : entry.name.toLowerCase().startsWith(beginning.toLowerCase())
          ? similar
          : null;
      if (list && (await isFolder(parent, entry))) list.push(entry.name);
    }
  } catch {
    // Nothing there, or not for us: there is nothing to complete.
    return [];
  }
  const inOrder = (names: string[]) => names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return [...inOrder(exact), ...inOrder(similar)].slice(0, limit).map((name) => path.join(parent, name));
}
