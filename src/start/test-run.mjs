// Test run: everything that must hold, in one go: lint, types, page, tests, benches in smoke size.
// In: test files, or none for all. Out: exit code; the last line is `N passed, N failed`.
// Touches: child processes, one at a time; each is ended by its own id when we are told to stop.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';

const TEST_FILE = /\.test\.ts$/;
/** Test files at a time: each may run servers of its own, and small machines have two cores. */
const FILES_AT_A_TIME = 2;
/** What is asked for in full, and not as every run has it, may take so many times as long. */
const PATIENCE = process.env.CHAOS === 'full' ? 12 : 1;
/** A run that takes longer hangs: it is ended and counts as failed. */
const RUN_MAX_MS = PATIENCE * 18 * 60_000;
/** A file that takes longer has a test that waits for what never comes. */
const FILE_MAX_MS = PATIENCE * 6 * 60_000;
/** Settings of the shell at hand must not lead tests to somebody's real servers. */
const SETTINGS = ['HOST', 'PORT', 'REDIS_URL', 'REDIS_CA', 'REDIS_REPLICAS'].concat([
  'INFLUX_URL',
  'INFLUX_TOKEN',
  'INFLUX_ORG',
  'INFLUX_BUCKET',
]);

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });
}

/** The test files behind the arguments (folders or files), all of them without arguments. */
export function selectTests(args) {
  const places = args.length === 0 ? ['test'] : args.map(normalize);
  const files = places.flatMap(place => {
    const found = statSync(place, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return found.isDirectory() ? filesUnder(place) : [place];
  });
  return [...new Set(files)].filter(file => TEST_FILE.test(file));
}

function testEnvironment() {
  const own = name => SETTINGS.includes(name) || (name.startsWith('OEE_') && name !== 'OEE_RECORDINGS');
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own(name)));
}

let running = null;
let stopped = false;
function stop() {
  stopped = true;
  running?.kill('SIGTERM');
}

/** Runs one Node program to its end. @returns its exit code; 1 when it was ended by a signal */
function run(args) {
  if (stopped) return Promise.resolve(1);
  return new Promise(settle => {
    running = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], env: testEnvironment() });
    const overdue = setTimeout(stop, RUN_MAX_MS);
    running.on('exit', code => {
      clearTimeout(overdue);
      running = null;
      settle(code ?? 1);
    });
  });
}

async function runTestFiles(files, say) {
  if (files.length === 0) {
    say('No test files there.');
    return { passed: 0, failed: 1 };
  }
  const folder = mkdtempSync(join(tmpdir(), 'oee-test-'));
  const tap = join(folder, 'run.tap');
  try {
    const [major, minor] = process.versions.node.split('.').map(Number);
    // Both came with Node 20.10 and 20.11; before, the bound of the whole run is the only one.
    const bounds = [`--test-concurrency=${FILES_AT_A_TIME}`, `--test-timeout=${FILE_MAX_MS}`];
    const bound = major > 20 || minor >= 11 ? bounds : [];
    const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
    reporters.push('--test-reporter=tap', `--test-reporter-destination=${tap}`);
    const code = await run(['--import', 'tsx', '--test', ...bound, ...reporters, ...files]);
    const text = statSync(tap, { throwIfNoEntry: false }) ? readFileSync(tap, 'utf8') : '';
    const total = word => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    const failed = total('fail') + total('cancelled');
    // A runner that fell over before it could count is one failure, not none.
    return { passed: total('pass'), failed: code !== 0 && failed === 0 ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each step counts as one; all of them run, so that one run shows everything that is wrong. */
export async function runTests({ files, whole, page, say }) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  let passed = 0;
  let failed = 0;
  const count = (name, ok) => {
    if (ok) passed += 1;
    else failed += 1;
    say(`${ok ? 'ok' : 'FAILED'}: ${name}`);
  };
  if (whole) {
    count('lint and format (biome ci)', (await run(['node_modules/@biomejs/biome/bin/biome', 'ci'])) === 0);
    count('types (tsc)', (await run(['node_modules/typescript/bin/tsc', '--noEmit'])) === 0);
    count('web page (vite build)', page);
  }
  const tests = await runTestFiles(files, say);
  passed += tests.passed;
  failed += tests.failed;
  if (whole) {
    count('benches in smoke size', (await run(['--import', 'tsx', 'bench/run-benches.ts', '--smoke'])) === 0);
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}
