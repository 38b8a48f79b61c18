import os from 'node:os';
import path from 'node:path';

/** A path with a leading ~ as the home folder; other people's (~anna) are left as they are. */
export function expandHome(text: string): string {
  if (text === '~') return os.homedir();
  return /^~[/\\]/.test(text) ? path.join(os.homedir(), text.slice(2)) : text;
}
