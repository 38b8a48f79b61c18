import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issueWords, rangeWords } from '../../src-preload/contract/schema-words.ts';

const wordsFor = (schema: z.ZodType, value: unknown): string => {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (!issue) throw new Error('The value was taken.');
  return issueWords(issue);
};

describe('issueWords', () => {
  it.each([
    [z.int().min(1), 0, 'it must be at least 1'],
    [z.number().positive(), 0, 'it must be above 0'],
    [z.number().max(1), 1e30, 'it must be at most 1'],
    [z.number().lt(1), 1, 'it must be below 1'],
    [z.number(), 'abc', 'it must be a number'],
    [z.int(), 1.5, 'it must be a whole number'],
    [z.boolean(), 'maybe', 'it must be true or false'],
    [z.string().min(1), '', 'it is empty'],
    [z.array(z.int()).min(1), [], 'it needs at least 1 entries'],
    [z.enum(['a', 'b']), 'c', 'it must be one of a, b'],
    [z.union([z.enum(['a']), z.int()]), 'c', 'it is none of the values that are taken'],
  ])('says why %o refuses %j', (schema, value, words) => {
    expect(wordsFor(schema, value)).toBe(words);
  });
});

it('says a range', () => {
  expect(rangeWords({ minimum: 1, maximum: 64 })).toBe('1 to 64');
  expect(rangeWords({ exclusiveMinimum: 0 })).toBe('above 0');
  expect(rangeWords({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })).toBe('0 or more');
  expect(rangeWords({})).toBeUndefined();
});
