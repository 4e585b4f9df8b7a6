// Vite config: builds the page into `.oee/web`, self-contained: script, style and font come from the house itself.
// In: src/web. Out: index.html with hashed assets.
// Touches: the build only.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // relative addresses, so that the page also works behind a proxy's path
  base: './',
  build: {
    outDir: fileURLToPath(new URL('../../.oee/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // a font inside the style would hold up the first paint
    assetsInlineLimit: 0,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
