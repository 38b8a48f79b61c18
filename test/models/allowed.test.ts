import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allowedWords } from '../../src-main/models/allowed.ts';
import { convVaeSchema } from '../../src-main/models/families/conv-vae.ts';

describe('allowedWords', () => {
  it.each([
    [z.int().min(1).max(64), '1 to 64'],
    [z.number().positive().max(1), 'above 0 to 1'],
    [z.number().min(0), '0 or more'],
    [z.boolean(), 'true or false'],
    [z.enum(['mse', 'rmse']).default('mse'), 'mse or rmse'],
    [z.literal('log'), 'log'],
    [convVaeSchema.shape.strides, 'a list of 1 to 12, each 1 to 64'],
  ])('says what a schema takes', (schema, words) => {
    expect(allowedWords(schema)).toBe(words);
  });
});
