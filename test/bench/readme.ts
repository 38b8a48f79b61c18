import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../../src-main/engine/setup/folders.ts';

/** Writes `content` into README.md between the marks of `name`. */
export async function writeReadme(name: string, content: string): Promise<void> {
  const file = path.join(projectFolder, 'README.md');
  await writeFile(file, between(await readFile(file, 'utf8'), name, content));
}

/** `text` with `content` between the marks of `name`. Throws where they are missing. */
export function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`There are no marks ${begin} and ${end} to write between.`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
