// Chromium window: a real browser for the tests of the page, where one is installed.
// In: nothing. Out: a browser, or null with the reason to say aloud; what an attentive reader would complain about.
// Touches: a child process, ended with the browser.

import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking'];

export const NO_BROWSER = 'no Chromium found: apt-get install -y --no-install-recommends chromium';

export async function openChromium(): Promise<Browser | null> {
  const executablePath = PLACES.find(existsSync);
  if (executablePath === undefined) return null;
  const args = [...QUIET, 'disable-component-update', 'disable-sync'].map(flag => `--${flag}`);
  return chromium.launch({ executablePath, args });
}

/** Texts whose contrast is below WCAG AA, and controls without a name. */
export async function complaintsOf(page: Page): Promise<string[]> {
  // the compiler that runs the tests marks functions with this name, which a page does not know
  await page.evaluate('globalThis.__name = made => made');
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const complaints: string[] = [];
    // painting a colour on what lies behind it is the one way that knows every notation
    const paint = (colours: readonly string[]): readonly number[] => {
      for (const colour of colours) {
        if (canvas === null) continue;
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
      }
      return [...(canvas?.getImageData(0, 0, 1, 1).data.slice(0, 3) ?? [])];
    };
    const luminance = (rgb: readonly number[]): number => {
      const [r = 0, g = 0, b = 0] = rgb.map(v => (v <= 10 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const style = getComputedStyle(element);
      const says = [...element.childNodes].some(n => n.nodeType === 3 && (n.textContent ?? '').trim() !== '');
      const isSeen = element.checkVisibility({ opacityProperty: true }) && element.closest('.hidden-words') === null;
      if (!isSeen) continue;
      if (element.matches('button, input, [role=slider], dialog') && !nameOf(element)) {
        complaints.push(`no name: ${element.outerHTML.slice(0, 80)}`);
      }
      if (!says) continue;
      const grounds: string[] = [];
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        grounds.unshift(getComputedStyle(at).backgroundColor);
      }
      const ground = luminance(paint(['white', ...grounds]));
      const ink = luminance(paint([...grounds, style.color]));
      const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (isLarge ? 3 : 4.5)) {
        complaints.push(
          `contrast ${ratio.toFixed(2)}: "${element.textContent?.trim().slice(0, 30)}" .${element.className}`,
        );
      }
    }
    function nameOf(element: HTMLElement): string {
      const label = element.closest('label')?.textContent ?? '';
      return element.getAttribute('aria-label') ?? (label || (element.textContent ?? '').trim());
    }
    return [...new Set(complaints)];
  });
}
