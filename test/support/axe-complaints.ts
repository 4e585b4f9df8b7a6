// Axe complaints: what axe-core finds wrong with a page for people who see, hear or point otherwise.
// In: a page in a browser. Out: each violation with its rule and the element.
// Touches the page: a script is put in, and colours are switched.

import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Violations of WCAG 2.2 A and AA, in dark and in light unless one is enough. */
export async function axeComplaints(page: Page, themes: readonly string[] = ['dark', 'light']): Promise<string[]> {
  const complaints: string[] = [];
  const was = await page.evaluate(() => document.documentElement.dataset.theme ?? 'dark');
  for (const theme of themes) {
    await page.evaluate(name => {
      document.documentElement.dataset.theme = name;
    }, theme);
    await page.evaluate(axe.source);
    const found = (await page.evaluate(
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })",
    )) as { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] };
    for (const { id, nodes } of found.violations) {
      for (const { html, failureSummary } of nodes) {
        complaints.push(`${theme} ${id}: ${html.slice(0, 120)} ${failureSummary?.split('\n')[1] ?? ''}`);
      }
    }
  }
  await page.evaluate(name => {
    document.documentElement.dataset.theme = name;
  }, was);
  return complaints;
}
