import type { Command } from '../../src-preload/contract/command.ts';
import { fieldsOf, type Field } from './fields.ts';

/**
 * The words that make the command line read `input` back: the inverse of readInput, for command lines shown to the user.
 * Values go into the flag's own word (`--flag=value`), so that none can be taken for a flag.
 */
export function formatWords(command: Command, input: Record<string, unknown>): string[] {
  const fields = fieldsOf(command);
  const flags = fields
    .filter((field) => !field.positional)
    .flatMap((field) => flagWords(field, input[field.key]));
  const places = fields
    .filter((field) => field.positional && input[field.key] !== undefined)
    .flatMap((field) => (field.arity === 'many' ? (input[field.key] as unknown[]) : [input[field.key]]))
    .map(String);
  return [...flags, ...(places.some((place) => place.startsWith('-')) ? ['--'] : []), ...places];
}

function flagWords(field: Field, value: unknown): string[] {
  if (value === undefined) return [];
  if (field.isSwitch) return [value === true ? field.flag : `--no-${field.flag.slice(2)}`];
  if (field.arity === 'many') return (value as unknown[]).map((one) => `${field.flag}=${String(one)}`);
  if (field.arity === 'pairs') {
    return Object.entries(value as Record<string, unknown>).map(
      ([key, one]) => `${field.flag}=${key}=${String(one)}`,
    );
  }
  return [`${field.flag}=${String(value)}`];
}
