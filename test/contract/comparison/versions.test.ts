import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseVersion, versionText } from '../../../src-preload/contract/comparison/versions.ts';

it('reads what it writes, whatever the run is called', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (name, step) => {
      const run = name.replaceAll('\n', ' ');
      expect(parseVersion(versionText({ run, step }))).toEqual({ run, step });
    }),
  );
});

it('takes a name with an @ that no step follows for a name', () => {
  expect(parseVersion('me@home')).toEqual({ run: 'me@home', step: null });
  expect(parseVersion('@12')).toEqual({ run: '@12', step: null });
  expect(parseVersion('a@1@2')).toEqual({ run: 'a@1', step: 2 });
});
