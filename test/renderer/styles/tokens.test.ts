import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { contrast, deltaE, type Rgb, rgbOf, seenBy } from './colour.ts';

const root = path.resolve(import.meta.dirname, '../../../src-renderer');
const tokens = readFileSync(path.join(root, 'styles/tokens.css'), 'utf8');
const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** A token's colour in a theme; a translucent one as it looks on `below`. */
function colour(name: string, theme: Theme, below?: Rgb): Rgb {
  const value = new RegExp(`--${name}:\\s*(?:light-dark\\(([^,]+),\\s*([^)]+)\\)|(#\\w+))`).exec(tokens);
  if (!value) throw new Error(`no token ${name}`);
  const text = value[3] ?? (theme === 'light' ? value[1] : value[2]) ?? '';
  return rgbOf(text.trim(), below);
}

const surfaces = ['surface', 'surface-raised', 'surface-sunken', 'surface-overlay', 'surface-selected'];

describe.each(themes)('colours of the %s theme', (theme) => {
  test.each(['text', 'text-muted', 'text-faint', 'accent'])('%s is read on every surface', (text) => {
    for (const surface of surfaces) {
      const below = colour(surface, theme);
      expect.soft(contrast(colour(text, theme), below), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
      if (surface === 'surface-selected') continue;
      // What is pointed at or pressed is a little darker.
      const hovered = colour('surface-hover', theme, below);
      expect
        .soft(contrast(colour(text, theme), hovered), `${text} on ${surface}, hover`)
        .toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(['good', 'warn', 'bad'])('%s is read on its own surface and on plain ones', (state) => {
    for (const surface of [`${state}-soft`, 'surface', 'surface-raised']) {
      expect
        .soft(contrast(colour(state, theme), colour(surface, theme)), surface)
        .toBeGreaterThanOrEqual(4.5);
    }
  });

  test('what stands on filled buttons is read', () => {
    for (const fill of ['accent-fill', 'accent-fill-hover', 'bad-fill', 'bad-fill-hover']) {
      expect
        .soft(contrast(colour('on-accent', theme), colour(fill, theme)), fill)
        .toBeGreaterThanOrEqual(4.5);
    }
  });

  test('focus, waves and curves stand out from what is behind them', () => {
    for (const surface of ['surface', 'surface-raised', 'surface-sunken']) {
      for (const name of ['accent', ...dataColours]) {
        expect
          .soft(contrast(colour(name, theme), colour(surface, theme)), `${name} on ${surface}`)
          .toBeGreaterThanOrEqual(3);
      }
    }
    for (const name of ['wave', 'playhead']) {
      expect
        .soft(contrast(colour(name, theme), colour('wave-surface', theme)), name)
        .toBeGreaterThanOrEqual(3);
    }
  });

  test.each(['normal', 'deuteranopia', 'protanopia'] as const)(
    'curves are told apart with %s sight',
    (sight) => {
      const seen = dataColours.map((name) => seenBy(sight, colour(name, theme)));
      for (let a = 0; a < seen.length; a++) {
        for (let b = a + 1; b < seen.length; b++) {
          const apart = deltaE(seen[a] as Rgb, seen[b] as Rgb);
          // CIE76: two patches beside each other differ to the eye from about 2.3 on; a line is thin.
          expect.soft(apart, `data-${a + 1} and data-${b + 1}`).toBeGreaterThan(sight === 'normal' ? 20 : 8);
        }
      }
    },
  );
});

const dataColours = Array.from({ length: 8 }, (_, at) => `data-${at + 1}`);

describe('styles of components', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.svelte'),
  );
  const styles = files.map((name) => {
    const text = readFileSync(path.join(root, name), 'utf8');
    return { name, css: /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '' };
  });

  test('take their colours and sizes of type from the tokens', () => {
    for (const { name, css } of styles) {
      const colours = css.match(/:[^;{]*(#[0-9a-f]{3,8}\b|rgba?\(|hsla?\()[^;]*/gi) ?? [];
      // Marks on a spectrogram lie on its own colours, which no theme changes.
      const own = colours.filter((one) => !/#(fff|000)[0-9a-f]*\b|rgb\((0 0 0|255 255 255)/i.test(one));
      expect.soft(own, name).toEqual([]);
      expect.soft(css.match(/font-size:\s*[\d.]+(px|rem|em)/g) ?? [], name).toEqual([]);
    }
  });

  test('have a time and a curve for what moves only from the tokens', () => {
    for (const { name, css } of styles) {
      expect.soft(css.match(/transition:[^;]*\b\d+m?s\b[^;]*/g) ?? [], name).toEqual([]);
    }
  });
});
