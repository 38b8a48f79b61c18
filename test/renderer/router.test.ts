import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { Router, parsePlace, placeHref } from '../../src-renderer/router.svelte.ts';

describe('a place in the address', () => {
  test('is read from the fragment', () => {
    expect(parsePlace('#/datasets/d1?tab=splits')).toEqual({
      path: ['datasets', 'd1'],
      query: { tab: 'splits' },
    });
  });

  test('is the first screen where the fragment is not ours', () => {
    expect(parsePlace('')).toEqual({ path: [], query: {} });
    expect(parsePlace('#secret=abc')).toEqual({ path: [], query: {} });
  });

  test('survives a lone per cent sign that somebody typed', () => {
    expect(parsePlace('#/datasets/50%').path).toEqual(['datasets', '50%']);
  });

  test('comes back from what was written, whatever the names hold', () => {
    const part = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 3 }),
        fc.dictionary(part, part, { maxKeys: 3 }),
        (path, query) => {
          const found = parsePlace(placeHref(path, query));
          expect(found.path).toEqual(path);
          expect({ ...found.query }).toEqual({ ...query });
        },
      ),
    );
  });

  test('never looks like the secret of a new address, which would reload the page', () => {
    const href = placeHref(['datasets', '&secret=x'], { tab: 'a&secret=y' });
    expect(new URLSearchParams(href.slice(1)).has('secret')).toBe(false);
  });
});

describe('the router', () => {
  let router: Router | undefined;

  afterEach(() => {
    router?.close();
    history.replaceState(null, '', '#');
  });

  test('goes somewhere, and follows the Back button', async () => {
    router = new Router();
    router.go(['datasets', 'a']);
    router.go(['datasets', 'b']);
    expect(router.path).toEqual(['datasets', 'b']);
    const followed = new Promise((resolve) => window.addEventListener('hashchange', resolve, { once: true }));
    history.back();
    await followed;
    expect(router.path).toEqual(['datasets', 'a']);
  });

  test('changes the query in place, so that Back leaves the screen', () => {
    router = new Router();
    router.go(['datasets', 'a']);
    const entries = history.length;
    router.setQuery({ tab: 'splits' });
    expect(location.hash).toBe('#/datasets/a?tab=splits');
    router.setQuery({ tab: undefined });
    expect(location.hash).toBe('#/datasets/a');
    expect(history.length).toBe(entries);
  });
});
