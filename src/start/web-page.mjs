// Web page: the browser's files are made of the sources as they are now.
// In: the project's root, the data folder. Out: true when the page is there and new.
// Touches: vite, `<dataDir>/web`.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The page draws on the client, on the core's words and shapes, and on the packages. */
const SOURCES = ['src/web', 'src/client', 'src/core'];
const STAMP = '.sources';

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });
}

function sourcesHash(root) {
  const hash = createHash('sha256');
  for (const file of [...SOURCES.flatMap(folder => filesUnder(join(root, folder))), join(root, 'package-lock.json')]) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function stampOf(folder) {
  try {
    return readFileSync(join(folder, STAMP), 'utf8');
  } catch {
    return null;
  }
}

export function ensureWebPage({ root, dataDir, say }) {
  const page = join(resolve(root, dataDir), 'web');
  const hash = sourcesHash(root);
  if (stampOf(page) === hash) return true;
  say('Building the web page (vite) …');
  // Built beside and moved in whole, so that a server that runs never serves half a page.
  const fresh = `${page}.${process.pid}`;
  mkdirSync(resolve(root, dataDir), { recursive: true });
  const args = [
    'build',
    '--config',
    'src/web/vite.config.ts',
    '--outDir',
    fresh,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ];
  const built = spawnSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (built.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    say(`The web page could not be built; everything else works without it.\n${(built.stderr ?? '').trim()}`);
    return false;
  }
  writeFileSync(join(fresh, STAMP), hash);
  rmSync(page, { recursive: true, force: true });
  renameSync(fresh, page);
  return true;
}
