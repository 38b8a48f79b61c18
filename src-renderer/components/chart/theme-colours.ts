/**
 * A canvas takes no CSS variables: this reads what a token of the theme is now. `probe` has to be in the page, where the
 * token is wanted.
 */
export function tokenColour(probe: HTMLElement, token: string): string {
  const before = probe.style.color;
  probe.style.color = `var(${token})`;
  const colour = getComputedStyle(probe).color;
  probe.style.color = before;
  return colour;
}

/** Calls `changed` whenever the theme may have become another. Returns what ends it. */
export function onThemeChange(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  system.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', changed);
  };
}
