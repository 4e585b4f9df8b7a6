// Start refused: a start that cannot be says everything that is wrong, at once, each with what to do.
// In: wrong settings, wrong plant files. Out: words, exit code 2, nothing left running.
// Touches the real program, a temporary folder.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startEngineChild } from '../support/engine-child.ts';
import { processesNaming, startProgram } from '../support/program-child.ts';

const MAIN = ['--import', 'tsx', 'src/main.ts'];
const UNSET = {
  REDIS_URL: '',
  INFLUX_URL: '',
  OEE_PLANT: '',
  HOST: '',
  OEE_LIVE_TOKEN: '',
  OEE_SECRET: '',
  OEE_LOG_LEVEL: 'warn',
};
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oee-refused-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('all faults of the configuration are told at once, each with a remedy, exit code 2', async () => {
  const faults = {
    PORT: 'http',
    REDIS_URL: 'localhost',
    INFLUX_URL: 'ftp://x',
    OEE_TICK_MS: '1',
    OEE_LOG_LEVEL: 'loud',
  };
  const failed = startProgram([...MAIN, 'serve'], { ...UNSET, OEE_DATA_DIR: join(folder, 'none'), ...faults });
  assert.equal(await failed.ended(), 2);
  const told = failed.said().split('\n');
  for (const [key, value] of Object.entries(faults)) {
    const line = told.findIndex(text => text.startsWith('OEE_CONFIG: ') && text.includes(key) && text.includes(value));
    assert.ok(line >= 0, `${key}: ${failed.said()}`);
    assert.match(told[line + 1] ?? '', /^ {2}\S.{10,}/, `${key} has a remedy`);
  }
  assert.deepEqual(processesNaming(join(folder, 'none')), []);
});

test('an address that others can reach is refused until there is a secret to know people by', async () => {
  const secret = 'x'.repeat(32);
  const cases: [Record<string, string>, RegExp][] = [
    [{ HOST: '0.0.0.0' }, /^OEE_CONFIG: OEE_SECRET is missing, and HOST is "0\.0\.0\.0".*\n {2}Set it .*users add/],
    [{ HOST: '::', OEE_LIVE_TOKEN: 'a token' }, /^OEE_CONFIG: OEE_SECRET is missing/],
    [{ HOST: '0.0.0.0', OEE_SECRET: 'short' }, /^OEE_CONFIG: OEE_SECRET has 5 characters\n {2}Use at least 32/],
    [{ OEE_SECRET: secret, OEE_LIVE_TOKEN: 'a token' }, /^OEE_CONFIG: OEE_LIVE_TOKEN.*\n {2}.*tokens add/],
    [
      { OEE_SECRET: secret, OEE_OIDC_ISSUER: 'http://id.example' },
      /OEE_PUBLIC_URL(.*\n)+.*OEE_OIDC_CLIENT_ID(.*\n)+.*OEE_OIDC_ROLES(.*\n)+.*https/,
    ],
  ];
  const ends = cases.map(async ([settings, expected]) => {
    const failed = startProgram([...MAIN, 'serve'], { ...UNSET, OEE_DATA_DIR: join(folder, 'none'), ...settings });
    assert.deepEqual([await failed.ended(), expected.test(failed.said())], [2, true], failed.said());
  });
  await Promise.all(ends);
  assert.deepEqual(processesNaming(join(folder, 'none')), []);
});

test('whoever starts an engine with servers for a test, in vain, hears it at once and has nothing left running', async () => {
  const children = () => process.getActiveResourcesInfo().filter(kind => kind === 'ProcessWrap');
  await assert.rejects(startEngineChild('plant: X\n', { NODE_OPTIONS: '--no-such-option' }), /the engine ended with 9/);
  assert.deepEqual(children(), []);
});

test('a plant file that is wrong, missing or a folder ends the start with exit code 2 and says why', async () => {
  const file = join(folder, 'plant.yaml');
  await writeFile(
    file,
    'plant: X\nproducts: {}\ncalendars: {}\nsites: [{ id: "a b", zone: Mars/Olympus, areas: [] }]\n',
  );
  const cases: [string[], string, RegExp[]][] = [
    [['serve'], file, [/plant\.yaml:4/, /a b/, /Mars\/Olympus/]],
    [['serve'], join(folder, 'missing.yaml'), [/OEE_PLANT_FILE.*missing\.yaml/, /OEE_PLANT/]],
    [['serve'], folder, [/OEE_PLANT_FILE/, /OEE_PLANT/]],
    [['check', file], '', [/plant\.yaml:4/]],
    [['check', join(folder, 'missing.yaml')], '', [/OEE_PLANT_FILE.*missing\.yaml/]],
  ];
  const ends = cases.map(async ([args, plant, expected]) => {
    const failed = startProgram([...MAIN, ...args], { ...UNSET, OEE_PLANT: plant, OEE_DATA_DIR: join(folder, 'none') });
    assert.equal(await failed.ended(), 2, failed.said());
    for (const words of expected) assert.match(failed.said(), words);
    assert.doesNotMatch(failed.said(), /\n {4}at /, 'a message, no stack');
  });
  await Promise.all(ends);
  assert.deepEqual(processesNaming(join(folder, 'none')), []);
});
