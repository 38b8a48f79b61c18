import type { z } from 'zod';
import type { Command } from '../../src-preload/contract/command.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { issueWords } from '../../src-preload/contract/schema-words.ts';
import { didYouMean } from '../../src-preload/contract/suggestion.ts';
import { fieldsOf, type Field, type ValueShape } from '../../src-preload/contract/fields.ts';
import { globalFlags, type GlobalFlags } from './global-flags.ts';
import { usageLine } from './help.ts';
import { listedCommands } from './listed.ts';

/** A command line taken apart, before the command's own words are read. */
export interface Invocation {
  globals: GlobalFlags;
  /** Words that name the command, as far as they were recognised. */
  command: Command | undefined;
  /** A first word that only begins names of commands ('datasets'), where no second one followed. */
  group: string | undefined;
  rest: string[];
}

/**
 * Takes the global flags and the command's name out of `argv` (without node and script). The rest keeps its order.
 * Everything after `--` is left alone. Throws cli/unknown-command, cli/incomplete-command, cli/missing-value.
 */
export function takeCommand(argv: readonly string[], commands: readonly Command[]): Invocation {
  const globals: GlobalFlags = { json: false, help: false, version: false, debug: false, homeDir: undefined };
  const rest: string[] = [];
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') {
      rest.push(...argv.slice(at));
      break;
    }
    if (word === '--home') {
      const value = argv[++at];
      if (value === undefined || value.startsWith('--')) {
        throw new ResynthError('cli/missing-value', { flag: '--home', example: 'DIR' });
      }
      globals.homeDir = value;
    } else if (word.startsWith('--home=')) globals.homeDir = word.slice('--home='.length);
    else if (word === '--json') globals.json = true;
    else if (word === '--debug') globals.debug = true;
    else if (word === '--version') globals.version = true;
    else if (word === '--help' || word === '-h') globals.help = true;
    else if (rest.length === 0 && !word.startsWith('-') && isNamePart(words, word, commands))
      words.push(word);
    else rest.push(word);
  }
  // `help train` is what other tools taught.
  if (words.length === 0 && rest[0] === 'help') {
    return takeCommand([...rest.slice(1), '--help'], commands);
  }
  const named = words.join(' ');
  const listed = listedCommands(commands);
  const command = commands.find((one) => one.name === named);
  if (command) return { globals, command, group: undefined, rest };
  if (words.length > 0) return groupOnly(named, globals, rest, listed);
  const given = rest.find((word) => !word.startsWith('-'));
  if (given !== undefined) {
    const spoken = rest.filter((word) => !word.startsWith('-'));
    const whole = didYouMean(
      spoken.slice(0, 2).join(' '),
      listed.map((one) => one.name),
    );
    const first = didYouMean(
      given,
      listed.map((one) => one.name.split(' ')[0] ?? one.name),
    );
    throw new ResynthError('cli/unknown-command', { given, suggestion: whole || first });
  }
  const flag = rest[0];
  if (flag !== undefined && flag !== '--') {
    const suggestion = didYouMean(
      flag,
      globalFlags.map((one) => one.flag),
    );
    throw new ResynthError('cli/unknown-first-flag', { flag, suggestion });
  }
  return { globals, command: undefined, group: undefined, rest };
}

function isNamePart(words: readonly string[], word: string, commands: readonly Command[]): boolean {
  const soFar = [...words, word].join(' ');
  return commands.some((one) => one.name === soFar || one.name.startsWith(`${soFar} `));
}

function groupOnly(
  group: string,
  globals: GlobalFlags,
  rest: string[],
  commands: readonly Command[],
): Invocation {
  const members = commands.filter((one) => one.name.startsWith(`${group} `)).map((one) => one.name);
  if (members.length === 0) throw new ResynthError('cli/window-only', { command: group });
  const wrong = rest.find((word) => !word.startsWith('-'));
  if (wrong !== undefined) {
    const given = `${group} ${wrong}`;
    throw new ResynthError('cli/unknown-command', { given, suggestion: didYouMean(given, members) });
  }
  if (globals.help) return { globals, command: undefined, group, rest };
  throw new ResynthError('cli/incomplete-command', {
    given: group,
    choices: members.map((name) => name.slice(group.length + 1)).join(', '),
    example: members[0] ?? group,
  });
}

/**
 * The input of `command` from its words, validated by its schema with defaults filled in.
 * Throws the cli/* error that names the word at fault.
 */
export function readInput<C extends Command>(command: C, words: readonly string[]): z.output<C['input']> {
  const fields = fieldsOf(command);
  const raw = collect(command, fields, words);
  for (const field of fields) {
    if (!field.required || raw[field.key] !== undefined) continue;
    const name = field.positional ? field.placeholder : `${field.flag} ${field.placeholder}`;
    throw new ResynthError('cli/missing-argument', {
      command: command.name,
      name,
      usage: usageLine(command),
    });
  }
  const parsed = command.input.safeParse(raw);
  if (parsed.success) return parsed.data as z.output<C['input']>;
  const issue = parsed.error.issues[0];
  const key = String(issue?.path[0] ?? '');
  const field = fields.find((one) => one.key === key);
  const given = issue?.path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown>)?.[part],
    raw,
  );
  throw new ResynthError('cli/bad-value', {
    command: command.name,
    name: field === undefined ? key || command.name : field.positional ? field.placeholder : field.flag,
    value: typeof given === 'string' ? given : (JSON.stringify(given) ?? ''),
    reason: issue ? issueWords(issue) : 'it is not allowed',
  });
}

type RawInput = Record<string, unknown>;

function collect(command: Command, fields: readonly Field[], words: readonly string[]): RawInput {
  const raw: RawInput = {};
  const places = fields.filter((field) => field.positional);
  let flagsEnded = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!flagsEnded && word === '--') {
      flagsEnded = true;
    } else if (!flagsEnded && isFlag(word)) {
      at += takeFlag(command, fields, raw, word, words.slice(at + 1));
    } else {
      takePlace(command, places, raw, word);
    }
  }
  return raw;
}

// '-3' and '-' are values; anything else that begins with a dash is meant as a flag.
function isFlag(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && !/^-[\d.]/.test(word);
}

function takePlace(command: Command, places: readonly Field[], raw: RawInput, word: string): void {
  const place = places.find((field) => raw[field.key] === undefined || field.arity === 'many');
  if (!place) {
    throw new ResynthError('cli/extra-argument', {
      command: command.name,
      value: word,
      usage: usageLine(command),
    });
  }
  const value = coerce(place.shape, word);
  raw[place.key] = place.arity === 'many' ? [...((raw[place.key] as unknown[]) ?? []), value] : value;
}

/** Reads one flag into `raw`; gives how many of the following words it used. */
function takeFlag(
  command: Command,
  fields: readonly Field[],
  raw: RawInput,
  word: string,
  following: readonly string[],
): number {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const inline = equals < 0 ? undefined : word.slice(equals + 1);
  const flagged = fields.filter((field) => !field.positional);
  const positive = name.startsWith('--no-') ? `--${name.slice('--no-'.length)}` : undefined;
  const negated = flagged.find((field) => field.isSwitch && field.flag === positive);
  const field = flagged.find((one) => one.flag === name) ?? negated;
  if (!field) throw unknownFlag(command, flagged, name);

  if (field.arity === 'one' && raw[field.key] !== undefined) {
    throw new ResynthError('cli/given-twice', { flag: field.flag });
  }
  if (field.isSwitch) {
    if (inline !== undefined && inline !== 'true' && inline !== 'false') {
      const off = `--no-${field.flag.slice(2)}`;
      throw new ResynthError('cli/unwanted-value', { flag: field.flag, value: inline, negated: off });
    }
    raw[field.key] = (inline !== 'false') !== (field.flag !== name);
    return 0;
  }
  const value = inline ?? following[0];
  if (value === undefined || (inline === undefined && value.startsWith('--'))) {
    throw new ResynthError('cli/missing-value', { flag: field.flag, example: field.placeholder });
  }
  if (field.arity === 'pairs')
    return addPairs(field, raw, inline === undefined ? following : [inline]) - (inline === undefined ? 0 : 1);
  if (field.arity === 'many') {
    raw[field.key] = [...((raw[field.key] as unknown[]) ?? []), coerce(field.shape, value)];
  } else raw[field.key] = coerce(field.shape, value);
  return inline === undefined ? 1 : 0;
}

/** `--set a=1 b=2` is `--set a=1 --set b=2`: takes the pairs that follow one another, and gives how many there were. */
function addPairs(field: Field, raw: RawInput, words: readonly string[]): number {
  addPair(field, raw, words[0] ?? '');
  let taken = 1;
  for (; taken < words.length && /^[a-z_][\w.]*=/i.test(words[taken] ?? ''); taken++)
    addPair(field, raw, words[taken] ?? '');
  return taken;
}

function addPair(field: Field, raw: RawInput, value: string): void {
  const equals = value.indexOf('=');
  if (equals < 1) throw new ResynthError('cli/bad-key-value', { flag: field.flag, value });
  const key = value.slice(0, equals);
  const pairs = (raw[field.key] ?? {}) as Record<string, string>;
  if (Object.hasOwn(pairs, key)) throw new ResynthError('cli/given-twice', { flag: `${field.flag} ${key}` });
  // defineProperty, because a key named __proto__ must be refused by the schema and not vanish here.
  Object.defineProperty(pairs, key, { value: value.slice(equals + 1), enumerable: true, configurable: true });
  raw[field.key] = pairs;
}

function unknownFlag(command: Command, fields: readonly Field[], flag: string): ResynthError {
  const known = [
    ...fields.map((field) => field.flag),
    ...fields.filter((field) => field.isSwitch).map((field) => `--no-${field.flag.slice(2)}`),
    ...globalFlags.map((one) => one.flag),
  ];
  // The schema's own spelling (sampleRateHz) is the likeliest slip of someone who reads the JSON.
  const sameKey = fields.find((field) => `--${field.key}` === flag)?.flag;
  const suggestion = sameKey === undefined ? didYouMean(flag, known) : `Did you mean ${sameKey}? `;
  return new ResynthError('cli/unknown-flag', { command: command.name, flag, suggestion });
}

/**
 * A word as the first kind of value that it can be. A word that is no number stays a string, so that the schema's own
 * message refuses it.
 */
export function coerce(shape: ValueShape, word: string): string | number | boolean {
  if (shape.choices.includes(word)) return word;
  const wantsNumber = shape.kinds.includes('number') || shape.kinds.includes('integer');
  // Number('') is 0 and Number(' ') too: an empty word is no number.
  if (wantsNumber && word.trim() !== '' && !Number.isNaN(Number(word))) return Number(word);
  if (shape.kinds.includes('boolean') && (word === 'true' || word === 'false')) return word === 'true';
  return word;
}
