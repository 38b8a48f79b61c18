import { getApp } from './app.svelte.ts';

/**
 * Colours of the tokens as a canvas needs them. Tokens hold `light-dark()`, which only an element resolves. Call during
 * the set-up of a component; what it gives is read again, in effects, whenever the theme changes.
 */
export function themeColours(): (token: string) => string {
  const { settings } = getApp();
  return (token) => {
    // Read so that effects run again with another theme; the style itself is what is asked.
    void settings.effectiveTheme;
    return resolveToken(token);
  };
}

/** The colour of a token ('--accent') now, as rgb(). */
export function resolveToken(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  probe.style.display = 'none';
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
