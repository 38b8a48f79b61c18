import { z } from 'zod';
import { type Bounds, rangeWords } from '../../src-preload/contract/schema-words.ts';

interface SchemaNode extends Bounds {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: SchemaNode[];
  items?: SchemaNode;
  minItems?: number;
  maxItems?: number;
}

/** The values that a setting takes, in words: '1 to 4096', 'true or false', 'mse or rmse', 'a list of 1 to 12, each 1 to 64'. */
export function allowedWords(schema: z.ZodType): string {
  return wordsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode);
}

function wordsOf(node: SchemaNode): string {
  // Of the ways to write a value, the first is the plain one: 2 before 2x1.
  if (node.anyOf?.[0]) return wordsOf(node.anyOf[0]);
  const choices = node.enum ?? (node.const === undefined ? [] : [node.const]);
  if (choices.length > 0) return choices.map(String).join(' or ');
  if (node.type === 'boolean') return 'true or false';
  if (node.type === 'array') {
    const size = rangeWords({ minimum: node.minItems ?? 0, maximum: node.maxItems ?? Infinity });
    return `a list of ${size}, each ${wordsOf(node.items ?? {})}`;
  }
  return rangeWords(node) ?? 'any';
}
