import type { Page } from 'playwright';

/**
 * What would stop someone who cannot see the screen or uses no mouse: controls without a name, fields without a label,
 * pictures without words, ids used twice, headings or landmarks missing. Empty where nothing does.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const seen = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest('[aria-hidden="true"], [inert]') === null;
    const wordsOf = (ids: string | null): string =>
      (ids ?? '')
        .split(/\s+/)
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ')
        .trim();
    const nameOf = (element: Element): string => {
      const labels = (element as HTMLInputElement).labels ?? [];
      return [
        element.getAttribute('aria-label'),
        wordsOf(element.getAttribute('aria-labelledby')),
        ...[...labels].map((label) => label.textContent),
        element.tagName === 'INPUT' || element.tagName === 'SELECT' ? '' : element.textContent,
        element.getAttribute('title'),
      ]
        .join(' ')
        .trim();
    };
    const controls =
      'button, a[href], input, select, textarea, summary, [role=button], [role=tab], [role=slider], [role=grid], [role=combobox], [role=progressbar], [role=menuitem]';
    for (const element of document.querySelectorAll(controls)) {
      if (seen(element) && nameOf(element) === '')
        problems.push(`no name: ${element.outerHTML.slice(0, 160)}`);
    }
    for (const element of document.querySelectorAll('img, svg[role=img], canvas[role=img]')) {
      if (seen(element) && !element.hasAttribute('alt') && nameOf(element) === '')
        problems.push(`no words for a picture: ${element.outerHTML.slice(0, 160)}`);
    }
    const ids = new Map<string, number>();
    for (const { id } of document.querySelectorAll('[id]')) ids.set(id, (ids.get(id) ?? 0) + 1);
    for (const [id, count] of ids) if (count > 1) problems.push(`id ${id} ${count} times`);
    for (const landmark of ['main', 'nav']) {
      if (document.querySelector(landmark) === null) problems.push(`no <${landmark}>`);
    }
    if (document.querySelectorAll('h1').length !== 1)
      problems.push(`${document.querySelectorAll('h1').length} headings of the first level`);
    if (!document.documentElement.lang) problems.push('no language');
    return problems;
  });
}

export interface FocusStop {
  /** Its name, or what it looks like. */
  name: string;
  /** Whether focus can be seen on it: an outline or a shadow that its unfocused state lacks, or on its label. */
  shown: boolean;
  insideView: boolean;
}

/** Presses Tab `times` and tells where each press led. */
export async function tabThrough(page: Page, times: number): Promise<FocusStop[]> {
  const stops: FocusStop[] = [];
  for (let press = 0; press < times; press++) {
    await page.keyboard.press('Tab');
    stops.push(
      await page.evaluate(() => {
        const element = document.activeElement ?? document.body;
        const lookOf = (one: Element): string => {
          const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } =
            getComputedStyle(one);
          return [
            outlineStyle === 'none' ? 'none' : outlineWidth,
            boxShadow,
            borderColor,
            backgroundColor,
          ].join();
        };
        const near = [element, element.parentElement ?? element, element.closest('label') ?? element];
        const focused = near.map(lookOf);
        (element as HTMLElement).blur();
        const blurred = near.map(lookOf);
        (element as HTMLElement).focus({ focusVisible: true } as FocusOptions);
        const box = element.getBoundingClientRect();
        return {
          name:
            element.getAttribute('aria-label') ??
            (element.textContent.trim().slice(0, 60) || element.outerHTML.slice(0, 80)),
          shown: focused.some((look, at) => look !== blurred[at]),
          insideView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        };
      }),
    );
  }
  return stops;
}
