import { z } from 'zod';
import type { Command } from './command.ts';
import { rangeWords } from './schema-words.ts';

/** The part of JSON Schema that zod writes for our inputs, with the metadata that our schemas add. */
interface SchemaNode {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: SchemaNode[];
  items?: SchemaNode;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  required?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  title?: string;
  description?: string;
  unit?: string;
  help?: string;
  placeholder?: string;
  path?: boolean;
}

export type ScalarKind = 'string' | 'number' | 'integer' | 'boolean';

/** What one word of the command line may become, in the order tried. */
export interface ValueShape {
  kinds: ScalarKind[];
  choices: (string | number)[];
}

/** One field of a command's input, as the command line shows and reads it. */
export interface Field {
  key: string;
  /** With its dashes: '--sample-rate-hz'. */
  flag: string;
  /** one: a single value; many: repeated, in order; pairs: repeated key=value. */
  arity: 'one' | 'many' | 'pairs';
  shape: ValueShape;
  /** Whether it is a switch: no value, and `--no-x`. */
  isSwitch: boolean;
  required: boolean;
  positional: boolean;
  defaultValue: unknown;
  title: string | undefined;
  unit: string | undefined;
  help: string | undefined;
  /** Allowed range as shown, '1 to 100'. */
  range: string | undefined;
  /** Whether it names a file or folder, seen from where the user is. */
  isPath: boolean;
  /** Word that stands for the value in the help: 'DIR', 'N'. */
  placeholder: string;
}

/** The fields of a command in the order of its schema: the flags, the help and the reading are all derived from these. */
export function fieldsOf(command: Command): Field[] {
  const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  const positionals: readonly string[] = command.positionals ?? [];
  const fields = Object.entries(schema.properties ?? {}).map(([key, node]) =>
    fieldOf(key, node, schema.required?.includes(key) ?? false, positionals.includes(key)),
  );
  // Positionals first, in the order that they are typed.
  return [
    ...positionals.flatMap((key) => fields.filter((field) => field.key === key)),
    ...fields.filter((field) => !field.positional),
  ];
}

function fieldOf(key: string, node: SchemaNode, required: boolean, positional: boolean): Field {
  const arity = node.type === 'array' ? 'many' : isPairs(node) ? 'pairs' : 'one';
  const valueNode = arity === 'many' ? (node.items ?? {}) : arity === 'pairs' ? { type: 'string' } : node;
  const shape = shapeOf(valueNode);
  const isSwitch = arity === 'one' && shape.kinds.length === 1 && shape.kinds[0] === 'boolean';
  return {
    key,
    flag: `--${kebabCase(key)}`,
    arity,
    shape,
    isSwitch,
    required,
    positional,
    defaultValue: node.default,
    title: node.title,
    unit: node.unit,
    help: node.help ?? node.description,
    range: rangeWords(valueNode),
    isPath: node.path ?? false,
    placeholder: node.placeholder ?? placeholderOf(key, arity, shape),
  };
}

function isPairs(node: SchemaNode): boolean {
  return node.type === 'object' && node.properties === undefined;
}

function shapeOf(node: SchemaNode): ValueShape {
  if (node.anyOf) {
    const shapes = node.anyOf.map(shapeOf);
    return {
      kinds: unique(shapes.flatMap((one) => one.kinds)),
      choices: shapes.flatMap((one) => one.choices),
    };
  }
  const choices = node.enum ?? (node.const === undefined ? [] : [node.const]);
  const shown = choices.filter((choice) => typeof choice === 'string' || typeof choice === 'number');
  if (shown.length > 0) {
    return {
      kinds: unique(shown.map((choice) => (typeof choice === 'number' ? 'number' : 'string'))),
      choices: shown,
    };
  }
  switch (node.type) {
    case 'number':
    case 'integer':
    case 'boolean':
      return { kinds: [node.type], choices: [] };
    case 'null':
      return { kinds: [], choices: [] };
    default:
      return { kinds: ['string'], choices: [] };
  }
}

function placeholderOf(key: string, arity: Field['arity'], shape: ValueShape): string {
  if (arity === 'pairs') return 'KEY=VALUE';
  const [kind] = shape.kinds;
  // Few choices are said at once; the words of a mixed field (best|last|STEP) too.
  if (shape.choices.length > 0 && shape.choices.length <= 6) {
    const open = shape.kinds.length > 1 && shape.kinds.some((one) => one !== 'string') ? ['N'] : [];
    return [...shape.choices, ...(shape.choices.every((c) => typeof c === 'string') ? open : [])].join('|');
  }
  if (kind === 'number' || kind === 'integer') return 'N';
  return kebabCase(key).replaceAll('-', '_').toUpperCase();
}

/** 'sampleRateHz' as 'sample-rate-hz'. */
export function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`);
}

function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}
