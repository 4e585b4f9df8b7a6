// Client config: builds the client as one plain JavaScript module, for programs that cannot read TypeScript.
// In: src/client. Out: `oee-client.js`.
// Touches: the build only.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    lib: {
      entry: fileURLToPath(new URL('oee-client.ts', import.meta.url)),
      formats: ['es'],
      fileName: () => 'oee-client.js',
    },
    target: 'es2022',
    minify: false,
  },
});
