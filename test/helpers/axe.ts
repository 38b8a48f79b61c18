import axe from 'axe-core';
import type { Page } from 'playwright';

/**
 * What axe-core (WCAG 2.2 A and AA, and its best practices) finds wrong on the page as it is: rule, element and why, a line
 * each; empty where nothing is. `rules` looks for some only.
 */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // The page's own policy takes no scripts from elsewhere: this comes through the debugger.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(
    async (only) => {
      const { run } = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
      const { violations } = await run(document, {
        resultTypes: ['violations'],
        ...(only ? { runOnly: { type: 'rule', values: only } } : {}),
      });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary, html }) => {
          const why = (failureSummary ?? '').split('\n').slice(1).join(' ').trim();
          return `${id}: ${target.join(' ')}: ${why}: ${html.slice(0, 160)}`;
        }),
      );
    },
    rules === undefined ? undefined : [...rules],
  );
}
