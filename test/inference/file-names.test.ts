import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resultNames } from '../../src-main/inference/file-names.ts';

it('keeps good names and tells equal ones apart', () => {
  expect(resultNames(['/a/0_theo_1.wav', '/b/0_theo_1.flac', 'B.wav', 'b.wav', 'ü☃.wav'])).toEqual([
    '0_theo_1',
    '0_theo_1-2',
    'B',
    'b-2',
    'ü☃',
  ]);
});

it('leaves no name that a file system would refuse', () => {
  expect(resultNames(['con.wav', '..', ' .wav', 'a"b\n*.wav'])).toEqual(['con_', 'clip', 'clip-2', 'a_b_']);
  const sources = fc.array(fc.string({ unit: 'binary', maxLength: 150 }), { maxLength: 5 });
  fc.assert(
    fc.property(sources, (list) => {
      const names = resultNames(list);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(list.length);
      for (const name of names) {
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(130);
        expect(name).not.toMatch(/[/\\:*?"<>|\n]/);
        expect(name.trim()).not.toBe('');
      }
    }),
  );
});
