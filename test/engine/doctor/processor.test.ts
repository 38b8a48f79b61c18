import { expect, test } from 'vitest';
import { inspectProcessor, vectorAbility } from '../../../src-main/engine/processor.ts';

const info = (vendor: string, family: number, flags: string) =>
  `vendor_id\t: ${vendor}\ncpu family\t: ${family}\nflags\t\t: fpu ${flags}\n`;

test.each([
  ['Haswell', info('GenuineIntel', 6, 'sse2 avx fma avx2'), 'avx2', 32],
  ['Skylake server', info('GenuineIntel', 6, 'sse2 avx fma avx2 avx512f'), 'avx512', 64],
  [
    'Zen 4, which runs AVX-512 in halves',
    info('AuthenticAMD', 25, 'sse2 avx fma avx2 avx512f'),
    'avx512',
    32,
  ],
  ['Zen 5', info('AuthenticAMD', 26, 'sse2 avx fma avx2 avx512f'), 'avx512', 64],
  ['Sandy Bridge', info('GenuineIntel', 6, 'sse2 avx'), 'avx', 16],
  ['a very old one', info('GenuineIntel', 6, 'sse2'), 'sse', 8],
])('operations a cycle: %s', (_name, text, simd, flopsPerCycle) => {
  expect(vectorAbility(text, 'x64', 'linux')).toEqual({ simd, flopsPerCycle });
});

test('nothing is made up where nothing is known', () => {
  expect(vectorAbility('', 'x64', 'win32')).toEqual({ simd: null, flopsPerCycle: null });
});

test('arm64 has NEON; Apple has twice the units', () => {
  expect(vectorAbility('', 'arm64', 'linux')).toEqual({ simd: 'neon', flopsPerCycle: 16 });
  expect(vectorAbility('', 'arm64', 'darwin')).toEqual({ simd: 'neon', flopsPerCycle: 32 });
});

test('the measured clock is one that a processor can have', () => {
  const { clockGigahertz } = inspectProcessor();
  if (clockGigahertz !== null) expect(clockGigahertz).toBeGreaterThan(0.3);
  if (clockGigahertz !== null) expect(clockGigahertz).toBeLessThan(8);
});
