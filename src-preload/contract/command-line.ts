import type { z } from 'zod';
import type { Command } from './command.ts';
import { type Field, fieldsOf } from './fields.ts';

/** What stands before every command in a terminal. */
export const commandLead = 'npm run resynth --';

export interface CommandLineOptions {
  /** The data folder, where it is not the default one. */
  home?: string;
}

/**
 * What to type in a terminal (a POSIX shell) to have the same done: `npm run resynth -- train --dataset fsdd ...`. Values
 * that are the command's own defaults are left out.
 */
export function commandLine<C extends Command>(
  command: C,
  input: z.input<C['input']>,
  options: CommandLineOptions = {},
): string {
  const home = options.home === undefined ? [] : [`--home=${options.home}`];
  const words = [...command.name.split(' '), ...home, ...commandWords(command, input)];
  return [commandLead, ...words.map(quoted)].join(' ');
}

/**
 * The words after a command's name that the command line reads as `input`. Values go into the flag's own word
 * (`--flag=value`) where they begin with a dash, so that none can be taken for a flag.
 */
export function commandWords(command: Command, input: Record<string, unknown>): string[] {
  const fields = fieldsOf(command).filter(({ key, defaultValue }) => !isDefault(input[key], defaultValue));
  const flags = fields.filter(({ positional }) => !positional).flatMap((field) => flagWords(field, input));
  const places = fields.filter(({ positional }) => positional).flatMap((field) => valuesOf(field, input));
  return [...flags, ...(places.some((place) => place.startsWith('-')) ? ['--'] : []), ...places];
}

function flagWords(field: Field, input: Record<string, unknown>): string[] {
  const { flag } = field;
  if (field.isSwitch) return [input[field.key] === true ? flag : `--no-${flag.slice(2)}`];
  return valuesOf(field, input).flatMap((value) =>
    value.startsWith('-') || value === '' ? [`${flag}=${value}`] : [flag, value],
  );
}

/** The values of a field as words, one for each time that it is given. */
function valuesOf(field: Field, input: Record<string, unknown>): string[] {
  const value = input[field.key];
  if (field.arity === 'many') return (value as unknown[]).map(String);
  if (field.arity === 'pairs') {
    return Object.entries(value as Record<string, unknown>).map(([key, one]) => `${key}=${String(one)}`);
  }
  return [String(value)];
}

function isDefault(value: unknown, defaultValue: unknown): boolean {
  if (value === undefined || value === defaultValue) return true;
  // Lists and key=value pairs: what they are made of is text and numbers.
  return typeof value === 'object' && JSON.stringify(value) === JSON.stringify(defaultValue);
}

/** A word for a shell, quoted where it has to be. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
