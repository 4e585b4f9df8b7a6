// Node packages: what package-lock.json asks for is in node_modules, or is put there.
// In: the project's root. Out: true when everything is there.
// Touches: node_modules, npm, the package registry.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return null;
  }
}

/**
 * npm writes down what it installed as the last thing it does, so an install that broke off counts as none. Optional
 * packages belong to other platforms or are there by npm's choice; tools for development matter only where tests run.
 */
export function nodePackagesMissing(root, withTools) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null) return false;
  if (present === null) return true;
  return Object.entries(wanted).some(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || (entry.dev && !withTools)) return false;
    return present[path]?.version !== entry.version;
  });
}

export function ensureNodePackages({ root, withTools, say }) {
  if (!nodePackagesMissing(root, withTools)) return true;
  say('Installing npm packages (npm ci) …');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm start` this npm is the one to use; otherwise the one on the path.
  const npm = process.env.npm_execpath;
  const own = npm !== undefined && /npm-cli\.c?js$/.test(npm);
  const done = spawnSync(own ? process.execPath : 'npm', own ? [npm, ...args] : args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done.status === 0) return true;
  say('npm ci failed: check the network and the registry (npm config get registry), then try again.');
  return false;
}
