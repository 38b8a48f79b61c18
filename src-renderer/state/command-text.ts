import type { z } from 'zod';
import type { Command } from '../../src-preload/contract/command.ts';

/** The line to type in a terminal that does the same: 'npm run resynth -- datasets add /data/fsdd --name fsdd'. */
export function commandText<C extends Command>(command: C, input: z.input<C['input']>): string {
  const given = input as Record<string, unknown>;
  const positionals: readonly string[] = command.positionals ?? [];
  const words = ['npm', 'run', 'resynth', '--', ...command.name.split(' ')];
  for (const name of positionals) words.push(...[given[name]].flat().map(quoted));
  for (const [name, value] of Object.entries(given)) {
    if (!positionals.includes(name)) words.push(...flagWords(name, value));
  }
  return words.join(' ');
}

function flagWords(name: string, value: unknown): string[] {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === undefined || value === null || value === false) return [];
  if (value === true) return [flag];
  if (Array.isArray(value)) return value.flatMap((one) => flagWords(name, one));
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, one]) => [flag, quoted(`${key}=${String(one)}`)]);
  }
  return [flag, quoted(value)];
}

function quoted(value: unknown): string {
  const text = String(value);
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
