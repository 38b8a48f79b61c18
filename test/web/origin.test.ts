import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLoopbackHost, isOwnOrigin } from '../../src-main/web/origin.ts';

describe('the Host header', () => {
  test.each(['127.0.0.1', '127.0.0.1:47100', 'localhost:8080', 'LOCALHOST:8080', '[::1]:47100', '[::1]'])(
    'may be %s',
    (host) => expect(isLoopbackHost(host)).toBe(true),
  );

  test.each([
    undefined,
    '',
    'evil.example',
    'evil.example:47100',
    'localhost.evil.example',
    '127.0.0.1.evil.example:47100',
    'evil.example#127.0.0.1',
    'user@127.0.0.1',
    '127.0.0.1@evil.example',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '127.0.0.1:',
    '127.0.0.1:80:80',
    ' 127.0.0.1',
    '127.0.0.2:47100',
    '0.0.0.0:47100',
    '2130706433',
    '::1',
    '192.168.1.5:47100',
    '127.0.0.1\n',
  ])('may not be %j', (host) => expect(isLoopbackHost(host)).toBe(false));
});

describe('the Origin header', () => {
  test('is the Host that was asked', () => {
    expect(isOwnOrigin('http://127.0.0.1:47100', '127.0.0.1:47100')).toBe(true);
    expect(isOwnOrigin('http://localhost:8080', 'localhost:8080')).toBe(true);
    expect(isOwnOrigin('http://localhost', 'localhost:80')).toBe(true);
  });

  test.each([
    undefined,
    'null',
    '',
    'http://evil.example',
    'https://127.0.0.1:47100',
    'http://127.0.0.1:47101',
    'http://localhost:47100',
    'http://127.0.0.1:47100.evil.example',
    'http://127.0.0.1:47100/',
    'app://resynth',
    'file://',
  ])('%j is refused', (origin) => expect(isOwnOrigin(origin, '127.0.0.1:47100')).toBe(false));

  test("a stranger's name is refused with any Origin, its own too", () => {
    fc.assert(
      fc.property(fc.domain(), fc.integer({ min: 1, max: 65_535 }), (name, port) => {
        expect(isOwnOrigin(`http://${name}:${port}`, `${name}:${port}`)).toBe(false);
      }),
    );
  });
});
