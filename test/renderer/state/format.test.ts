import { describe, expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCountOf,
  formatDb,
  formatDuration,
  formatHours,
  formatLevel,
  formatRate,
  formatSpan,
  formatValue,
} from '../../../src-renderer/state/format.ts';

describe('numbers', () => {
  test.each([
    [0, '0.00 s'],
    [0.4375, '0.44 s'],
    [12.34, '12.3 s'],
    [59.96, '1:00'],
    [185, '3:05'],
    [3750, '1:02:30'],
    [NaN, '–'],
  ])('a duration of %d s', (sec, text) => expect(formatDuration(sec)).toBe(text));

  test.each([
    [0, '0 min'],
    [0.36, '21.6 min'],
    [1, '1.00 h'],
    [12.44, '12.4 h'],
    [960.2, '960 h'],
    [1054.4, '1,054 h'],
  ])('%d hours of sound', (hours, text) => expect(formatHours(hours)).toBe(text));

  test.each([
    [0, '0 s'],
    [59, '59 s'],
    [90, '2 min'],
    [4800, '1 h 20 min'],
    [7200, '2 h'],
    [400_000, '5 days'],
    [Infinity, '–'],
  ])('a span of %d s', (sec, text) => expect(formatSpan(sec)).toBe(text));

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_999, '1.0 MB'],
    [214e9, '214 GB'],
    [null, '–'],
  ])('%d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test('levels are in dB below full scale, with a true minus; silence has none', () => {
    expect(formatLevel(1)).toBe('0.0 dB');
    expect(formatLevel(0.1)).toBe('−20.0 dB');
    expect(formatLevel(0)).toBe('−∞ dB');
    expect(formatDb(-100, 0)).toBe('−100 dB');
  });

  test('a diverged loss says so', () => {
    expect(formatValue(NaN)).toBe('NaN');
    expect(formatValue(Infinity)).toBe('∞');
    expect(formatValue(0)).toBe('0');
    expect(formatValue(152_734.6)).toBe('152,735');
    expect(formatValue(999.96)).toBe('1000');
    expect(formatValue(0.0234567)).toBe('0.02346');
    expect(formatValue(-1.5e-7)).toBe('−1.50e-7');
  });

  test('rates, counts, times past', () => {
    expect(formatRate(22_050)).toBe('22.05 kHz');
    expect(formatRate(8000)).toBe('8 kHz');
    expect(formatCountOf(1, 'entry', 'entries')).toBe('1 entry');
    expect(formatCountOf(3000, 'recording')).toBe('3,000 recordings');
    expect(formatAgo(0, 30_000)).toBe('just now');
    expect(formatAgo(0, 240_000)).toBe('4 min ago');
    expect(formatAgo(0, 3 * 3_600_000)).toBe('3 h ago');
    expect(formatAgo(0, 30 * 3_600_000)).toBe('yesterday');
  });
});
