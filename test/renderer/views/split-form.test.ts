import { describe, expect, test } from 'vitest';
import { readSeed, readShare } from '../../../src-renderer/views/dataset/split-form.ts';

describe('numbers of the form for splits', () => {
  test('a share is read in per cent, with a point or a comma; zero is one', () => {
    expect(readShare('10').value).toBe(0.1);
    expect(readShare(' 12,5 ').value).toBe(0.125);
    expect(readShare('0').value).toBe(0);
  });

  test.each(['', 'ten', '91', '-1', '1e1', '10 %'])('"%s" is no share', (text) => {
    expect(readShare(text)).toEqual({ value: null, error: 'A number from 0 to 90.' });
  });

  test('a seed is whole and fits 31 bits; zero is one', () => {
    expect(readSeed('0').value).toBe(0);
    expect(readSeed('2147483647').value).toBe(2_147_483_647);
    for (const text of ['', '1.5', '-1', '2147483648', 'x']) expect(readSeed(text).value).toBeNull();
  });
});
