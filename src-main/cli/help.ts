import type { Command } from '../../src-preload/contract/command.ts';
import { commandLead } from '../../src-preload/contract/command-line.ts';
import { fieldsOf, type Field } from '../../src-preload/contract/fields.ts';
import { globalFlags } from './global-flags.ts';
import { wrap } from './layout.ts';
import { listedCommands } from './listed.ts';

/** 'train --dataset NAME --preset ID [flags]': what must be typed, and that more may be. */
export function usageLine(command: Command): string {
  const fields = fieldsOf(command);
  const places = fields
    .filter((field) => field.positional)
    .map((field) => {
      const name = field.arity === 'many' ? `${field.placeholder}...` : field.placeholder;
      return field.required ? name : `[${name}]`;
    });
  const needed = fields
    .filter((field) => !field.positional && field.required)
    .map((field) => `${field.flag} ${field.placeholder}`);
  const optional = fields.some((field) => !field.positional && !field.required) ? ['[flags]'] : [];
  return [command.name, ...places, ...needed, ...optional].join(' ');
}

/** The help of one command, every line derived from its schema. `width` in characters. */
export function commandHelp(command: Command, width: number): string {
  const fields = fieldsOf(command);
  const places = fields.filter((field) => field.positional);
  const flags = fields.filter((field) => !field.positional);
  const rows = {
    places: places.map((field) => ({ left: placeLeft(field), right: explain(field) })),
    flags: flags.map((field) => ({ left: flagLeft(field), right: explain(field) })),
    globals: globalFlags.map((one) => ({
      left: one.placeholder ? `${one.flag} ${one.placeholder}` : one.flag,
      right: one.help,
    })),
  };
  const column = Math.min(
    30,
    Math.max(...Object.values(rows).flatMap((group) => group.map((row) => row.left.length))),
  );
  const section = (title: string, group: { left: string; right: string }[]): string[] =>
    group.length === 0 ? [] : ['', title, ...group.flatMap((row) => twoColumns(row, column, width))];
  const examples = (command.examples ?? []).map((example) => `  ${commandLead} ${example}`);
  return [
    ...wrap(sentence(command.summary), width),
    ...(command.details === undefined ? [] : wrap(command.details, width)),
    '',
    `  ${commandLead} ${usageLine(command)}`,
    ...section('Arguments', rows.places),
    ...section('Flags', rows.flags),
    ...section('Every command', rows.globals),
    ...(examples.length === 0 ? [] : ['', examples.length === 1 ? 'Example' : 'Examples', ...examples]),
    '',
    'Exit code: 0 done, 1 failed (in part or whole), 2 the command line was refused, 130 interrupted.',
  ].join('\n');
}

/** All commands, or those of one group ('datasets'), a line each. */
export function overview(commands: readonly Command[], width: number, group?: string): string {
  const listed = listedCommands(commands);
  const shown = group === undefined ? listed : listed.filter((one) => one.name.startsWith(`${group} `));
  const column = Math.max(...shown.map((one) => one.name.length));
  return [
    ...wrap(
      'Resynth: a workbench for latent-variable speech models. Train on a folder of recordings, hear and compare.',
      width,
    ),
    '',
    `  ${commandLead} COMMAND [arguments] [flags]`,
    '',
    'Commands',
    ...shown.flatMap((one) =>
      twoColumns({ left: one.name, right: one.summary.replace(/\.$/, '') }, column, width),
    ),
    '',
    'Every command',
    ...globalFlags.flatMap((one) =>
      twoColumns({ left: `${one.flag} ${one.placeholder ?? ''}`.trim(), right: one.help }, column, width),
    ),
    '',
    `\`${commandLead} COMMAND --help\` explains one command.`,
  ].join('\n');
}

function placeLeft(field: Field): string {
  return field.arity === 'many' ? `${field.placeholder}...` : field.placeholder;
}

function flagLeft(field: Field): string {
  if (field.isSwitch) return field.defaultValue === true ? `--no-${field.flag.slice(2)}` : field.flag;
  const repeated = field.arity === 'one' ? '' : ' ...';
  return `${field.flag} ${field.placeholder}${repeated}`;
}

/** Title, help, unit, range, choices and default of a field, in one paragraph. */
function explain(field: Field): string {
  const title =
    field.isSwitch && field.defaultValue === true ? `Without: ${field.title ?? field.key}` : field.title;
  const sentences = [title, field.help].filter((text) => text !== undefined).map(sentence);
  const choices =
    field.shape.choices.length > 0 && !field.placeholder.includes('|')
      ? `One of ${field.shape.choices.join(', ')}.`
      : undefined;
  const facts = [
    field.unit === undefined ? undefined : `in ${field.unit}`,
    field.range,
    field.arity === 'one' || field.positional ? undefined : 'may be repeated',
    field.required ? 'required' : undefined,
    field.isSwitch || field.defaultValue === undefined || isEmptyDefault(field.defaultValue)
      ? undefined
      : `default ${showValue(field.defaultValue)}`,
  ].filter((fact) => fact !== undefined);
  return [...sentences, choices, facts.length > 0 ? `(${facts.join('; ')})` : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isEmptyDefault(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(',');
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, one]) => `${key}=${String(one)}`);
    return pairs.length === 0 ? 'none' : pairs.join(' ');
  }
  return String(value);
}

function twoColumns(row: { left: string; right: string }, column: number, width: number): string[] {
  const indent = ' '.repeat(column + 4);
  const lines = wrap(row.right, Math.max(30, width - indent.length));
  const first = lines[0] ?? '';
  if (row.left.length > column) return [`  ${row.left}`, ...lines.map((line) => `${indent}${line}`)];
  return [`  ${row.left.padEnd(column)}  ${first}`, ...lines.slice(1).map((line) => `${indent}${line}`)];
}
