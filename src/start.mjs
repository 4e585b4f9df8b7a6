// Start: the one door of every command. Fetches what is missing, says so in one line each, then becomes the program.
// In: a verb and its arguments. Out: the exit code of what ran; 2 when something is missing that it cannot fetch.
// Touches: npm, apt, the environment. Plain JavaScript: it runs before any package is there.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packClient } from './start/client-package.mjs';
import { ensureNodePackages } from './start/node-packages.mjs';
import { ensureSystemPackages } from './start/system-packages.mjs';
import { runTests, selectTests } from './start/test-run.mjs';
import { ensureWebPage } from './start/web-page.mjs';

const NODE_MAJOR_MIN = 20;
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** What measures, proves or shows the program, and is no part of it. */
const PROOFS = {
  bench: 'bench/run-benches.ts',
  seeds: 'test/simulation/run-seeds.ts',
  mutate: 'test/mutation/run-mutations.ts',
  pictures: 'test/browser/take-pictures.ts',
};
/** Verbs that run a journal of their own, and a history beside it, unless they are told where those are. */
const VERBS_WITH_SERVERS = ['serve', 'bench'];

/** Preparations are told on stderr, so that the output of a verb can be piped. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

function checkNode() {
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return true;
  say(
    `Node ${process.versions.node} is too old: install Node ${NODE_MAJOR_MIN} or newer (https://nodejs.org), then try again.`,
  );
  return false;
}

function toolsFor(verb, tests) {
  if (verb === 'test') {
    const browser = tests.some(file => file.startsWith(join('test', 'browser')));
    return ['redis', 'influx', ...(browser ? ['chromium'] : [])];
  }
  if (verb === 'mutate') return ['redis'];
  if (verb === 'pictures') return ['chromium'];
  if (!VERBS_WITH_SERVERS.includes(verb)) return [];
  return [...(process.env.REDIS_URL ? [] : ['redis']), ...(process.env.INFLUX_URL ? [] : ['influx'])];
}

/** The page lies where `serve` looks for it; tests never touch the data of the shell at hand. */
function dataDirFor(verb) {
  return (verb === 'test' ? '' : process.env.OEE_DATA_DIR) || '.oee';
}

/**
 * Becomes the program: same process, hence one receiver of every signal, nothing to pass on and nothing to leave behind.
 * Processes and workers that it starts find the TypeScript loader in `execArgv`, as after `node --import tsx`.
 */
async function become(file, args) {
  const loader = pathToFileURL(createRequire(join(ROOT, 'package.json')).resolve('tsx')).href;
  const entry = join(ROOT, file);
  process.argv.splice(1, process.argv.length - 1, entry, ...args);
  process.execArgv.push('--import', loader);
  await import(loader);
  await import(pathToFileURL(entry).href);
}

async function main() {
  const [verb = 'serve', ...args] = process.argv.slice(2);
  if (!checkNode()) return 2;
  process.chdir(ROOT);
  if (!ensureNodePackages({ root: ROOT, withTools: verb === 'test' || verb === 'client', say })) return 2;
  if (verb === 'client') return packClient({ root: ROOT, dataDir: dataDirFor(verb), say });
  const tests = verb === 'test' ? selectTests(args) : [];
  const missing = ensureSystemPackages({ tools: toolsFor(verb, tests), say });
  if (missing.includes('redis')) return 2;
  const pageNeeded = verb === 'serve' || verb === 'test';
  const page =
    pageNeeded && existsSync('src/web/vite.config.ts')
      ? ensureWebPage({ root: ROOT, dataDir: dataDirFor(verb), say })
      : true;
  if (verb === 'test') return runTests({ files: tests, whole: args.length === 0, page, say });
  if (verb in PROOFS) await become(PROOFS[verb], args);
  else await become('src/main.ts', [verb, ...args]);
  return null;
}

// The program that we became sets its own exit code; null leaves it alone.
const code = await main();
if (code !== null) process.exitCode = code;
