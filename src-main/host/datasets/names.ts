import { createHash } from 'node:crypto';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';

const longestName = 100;

/**
 * A name as it is kept: trimmed, composed characters.
 *
 * @throws ResynthError dataset/name-invalid.
 */
export function checkName(name: string): string {
  const trimmed = name.normalize('NFC').trim();
  const refuse = (detail: string) => new ResynthError('dataset/name-invalid', { name, detail });
  if (trimmed === '') throw refuse('it is empty');
  if ([...trimmed].length > longestName) throw refuse(`it is longer than ${longestName} characters`);
  if (/\p{Cc}/u.test(trimmed)) throw refuse('it holds a line break or another control character');
  return trimmed;
}

/** A name from that of a folder or a list, which may hold anything: made short and plain enough to be typed. */
export function nameForFolder(folder: string): string {
  const own = path.basename(folder).replace(/\.(?:jsonl|ndjson|csv|tsv)$/i, '');
  const base = own === 'recordings' || own === 'manifest' ? path.basename(path.dirname(folder)) || own : own;
  const plain = base
    .normalize('NFC')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return [...plain].slice(0, longestName).join('') || 'recordings';
}

/**
 * An id from a name, safe as the name of a file: the same name gives the same one, unless a dataset has it that was renamed
 * since or removed.
 */
export function idForName(name: string, taken: ReadonlySet<string>): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  for (let attempt = 0; ; attempt++) {
    const salt = attempt === 0 ? name : `${name}\n${attempt}`;
    const id = `${words || 'dataset'}-${createHash('sha256').update(salt).digest('hex').slice(0, 6)}`;
    if (!taken.has(id)) return id;
  }
}
