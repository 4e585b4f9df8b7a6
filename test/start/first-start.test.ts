// First start: what the door of every command does on a machine where things are missing.
// In: folders and paths made for the story, a made-up apt. Out: laws about what is fetched, said and counted.
// Touches temporary folders and short child processes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

const START = new URL('../../src/start/', import.meta.url).href;
const onDebian = existsSync('/etc/debian_version');
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oee-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs one step of the start as it runs there: plain Node, nothing loaded. */
function step(program: string, path = process.env.PATH): { told: string; result: unknown; code: number | null } {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const source = `const say = line => process.stderr.write(line + '\\n');\n${program}`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...env, PATH: path },
    encoding: 'utf8',
  });
  const last = done.stdout.trim().split('\n').at(-1) ?? '';
  return { told: done.stderr, result: last.startsWith('{') ? JSON.parse(last) : last, code: done.status };
}

async function command(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

const ensure = (...tools: string[]) =>
  step(
    `import { ensureSystemPackages } from '${START}system-packages.mjs';
     const missing = ensureSystemPackages({ tools: ${JSON.stringify(tools)}, say });
     console.log(JSON.stringify({ missing }));`,
    folder,
  );

/** An apt that puts the commands of packages where they are found, after `update` if the story says so. */
async function madeUpApt(condition = 'true'): Promise<void> {
  await symlink('/usr/bin/env', join(folder, 'env'));
  await command('sudo', 'if [ "$1" = -n ]; then shift; fi; case "$1" in true) exit 0;; esac; exec "$@"');
  await command(
    'apt-get',
    `echo "$RUNLEVEL $DEBIAN_FRONTEND $*" >> ${folder}/apt.log
     case "$*" in *update*) : > ${folder}/updated; exit 0;; esac
     ${condition} || { echo "E: Unable to locate package"; exit 100; }
     for name in redis-server:redis-server influxdb:influxd; do
       case "$*" in *"\${name%%:*}"*) : > "${folder}/\${name##*:}"; /bin/chmod 755 "${folder}/\${name##*:}";; esac
     done`,
  );
}

const aptLog = (): string[] => readFileSync(join(folder, 'apt.log'), 'utf8').trim().split('\n');

test('where everything is there nothing is said and nothing is done', async () => {
  await command('redis-server', 'exit 0');
  await command('influxd', 'exit 0');
  assert.deepEqual(ensure('redis', 'influx'), { told: '', result: { missing: [] }, code: 0 });
});

test('on Debian what is missing is installed, without its services and what it merely recommends', {
  skip: !onDebian,
}, async () => {
  await madeUpApt();
  await command('influxd', 'exit 0');
  const { told, result } = ensure('redis', 'influx');
  assert.deepEqual(result, { missing: [] });
  assert.match(told, /^Installing redis-server \(apt-get\)/);
  const install = aptLog().at(-1) ?? '';
  assert.match(install, /^1 noninteractive -qq install -y --no-install-recommends .*redis-server$/);
});

test('an apt whose lists are old is updated once, then asked again', { skip: !onDebian }, async () => {
  await madeUpApt(`[ -e ${folder}/updated ]`);
  assert.deepEqual(ensure('redis').result, { missing: [] });
  assert.equal(aptLog().filter(line => line.includes('update')).length, 1);
});

test('a package that this release does not have keeps no other away, and is named with what to do', {
  skip: !onDebian,
}, async () => {
  await madeUpApt('case "$*" in *influxdb*) false;; *) true;; esac');
  const { told, result } = ensure('redis', 'influx');
  assert.deepEqual(result, { missing: ['influx'] });
  assert.match(told, /Missing: influxd\. .*INFLUX_URL.*going on without it/);
});

test('elsewhere it says what to type, for the package managers that it finds', async () => {
  await command('brew', 'exit 1');
  const { told, result } = ensure('redis', 'influx');
  assert.deepEqual(result, { missing: ['redis', 'influx'] });
  assert.match(told, /Missing: redis-server\. Install it: brew install redis; or set REDIS_URL/);
  assert.match(told, /brew install influxdb@1; InfluxDB 1\.x/);
});

test('npm is asked only when something that this platform needs is missing or another version', async () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/tool': { version: '2.0.0', dev: true },
      'node_modules/for-another-system': { version: '3.0.0', optional: true },
    },
  };
  const missing = async (installed: object | null, withTools = true): Promise<unknown> => {
    await mkdir(join(folder, 'node_modules'), { recursive: true });
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
    const note = join(folder, 'node_modules', '.package-lock.json');
    await rm(note, { force: true });
    if (installed !== null) await writeFile(note, JSON.stringify({ packages: installed }));
    const { result } = step(
      `import { nodePackagesMissing } from '${START}node-packages.mjs';
       console.log(String(nodePackagesMissing(${JSON.stringify(folder)}, ${withTools})));`,
    );
    return result;
  };
  const [a, tool] = [{ 'node_modules/a': { version: '1.0.0' } }, { 'node_modules/tool': { version: '2.0.0' } }];
  assert.equal(await missing(null), 'true');
  assert.equal(await missing({ ...a, ...tool }), 'false');
  assert.equal(await missing({ ...a }), 'true');
  assert.equal(await missing({ ...a }, false), 'false');
  assert.equal(await missing({ ...tool, 'node_modules/a': { version: '0.9.0' } }), 'true');
});

test('the last line of a test run adds up what passed and failed, and a failure is its exit code', async () => {
  const file = join(folder, 'made-up.test.ts');
  const run = (): { result: unknown; code: number | null } =>
    step(
      `import { runTests } from '${START}test-run.mjs';
       process.exitCode = await runTests({ files: [${JSON.stringify(file)}], whole: false, page: true, say });`,
    );
  const head = "import { test } from 'node:test';\ntest('a', () => {});\ntest('b', () => {});\n";
  await writeFile(file, head);
  assert.deepEqual({ ...run(), told: '' }, { told: '', result: '2 passed, 0 failed', code: 0 });
  await writeFile(file, `${head}test('c', () => { throw new Error('no'); });\n`);
  assert.deepEqual({ ...run(), told: '' }, { told: '', result: '2 passed, 1 failed', code: 1 });
  await writeFile(file, `${head}throw new Error('a file that falls over');\n`);
  const { result, code } = run();
  assert.match(String(result), /[1-9] failed$/);
  assert.equal(code, 1);
});
