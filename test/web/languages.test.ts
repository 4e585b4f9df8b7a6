// Languages: the page begins in the language of its reader, every sentence keeps what it is told, and only one language is loaded.
// In: wishes of browsers, the texts of each language, the page as it is built. Out: the language, sentences, bytes.
// Touches a temporary folder, for the build.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { LANGUAGES, languageAfter, languageFor } from '../../src/web/language.ts';
import { clock, cycleTime, date, fullHours, lengthOf, minutes, percent, pieces } from '../../src/web/show-values.ts';
import { speak } from '../../src/web/spoken-texts.ts';
import * as english from '../../src/web/texts-en.ts';
import * as norwegian from '../../src/web/texts-nb.ts';

const CONFIG = fileURLToPath(new URL('../../src/web/vite.config.ts', import.meta.url));
const SCRIPT_MAX_BYTES = 200_000;
/** in every workbook */
const WORKBOOK_WORD = 'xl/sharedStrings.xml';

test('the address decides, then what was chosen here, then the browser; who reads Norwegian of any kind gets bokmål', () => {
  assert.equal(languageFor(['nb', 'en', 'en-GB']), 'nb');
  assert.equal(languageFor([null, 'en', 'nb-NO']), 'en');
  assert.equal(languageFor([null, null, 'nb-NO', 'en']), 'nb');
  assert.equal(languageFor([null, null, 'nn-NO', 'en']), 'nb');
  assert.equal(languageFor([null, null, 'no']), 'nb');
  assert.equal(languageFor(['xx', null, 'de-AT', 'en-US', 'nb']), 'en');
  assert.equal(languageFor([null, null, 'de-AT']), 'en');
  assert.deepEqual(LANGUAGES.map(languageAfter), ['nb', 'en']);
});

/** Every text of a file by its path, with what it makes of values that are easily found again. */
function sentencesOf(texts: unknown, path = ''): [string, string][] {
  if (typeof texts === 'string') return [[path, texts]];
  if (typeof texts === 'function') {
    const values = Array.from({ length: texts.length }, (_, at) => `«${at}»`);
    // where a list of names is asked for, a text is not one
    const told = path.endsWith('.ALERT_TEXT.members') ? [['«0»'], 1] : values;
    return [[path, String(texts(...told))]];
  }
  return Object.entries(texts as object).flatMap(([key, value]) => sentencesOf(value, `${path}.${key}`));
}

test('every text is there in every language, and says every value that it is told', () => {
  // refusals by code are the engine's own words in English: only other languages have to say them
  const { REJECTION_TEXT, ...spoken } = norwegian;
  assert.deepEqual(english.REJECTION_TEXT, {});
  for (const [code, text] of Object.entries(REJECTION_TEXT)) assert.notEqual(text.trim(), '', code);
  const [en, nb] = [new Map(sentencesOf(english)), new Map(sentencesOf(spoken))];
  assert.deepEqual([...nb.keys()].sort(), [...en.keys()].sort());
  assert.ok(en.size > 300, `only ${en.size} texts found`);
  const valuesIn = (text = ''): string[] => [...new Set(text.match(/«\d»/g))].sort();
  for (const [path, text] of nb) {
    assert.notEqual(text.trim(), '', path);
    assert.deepEqual(valuesIn(text), valuesIn(en.get(path)), path);
  }
});

test('numbers, lengths and times are written as the language writes them', async () => {
  const [at, zone] = [Date.parse('2026-11-22T13:05:09Z'), 'Europe/Oslo'];
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replace('−', '-');
  await speak('nb');
  assert.deepEqual([percent(0.7484), pieces(12_345), minutes(90_500)].map(plain), ['74,8 %', '12 345', '1,5']);
  assert.deepEqual([lengthOf(11_105_000), lengthOf(727_000), cycleTime(250)], ['3 t 5 min', '12 min 7 s', '0,25']);
  assert.deepEqual([clock(at, zone), date(at, zone)], ['14:05:09', 'søn. 22. nov.']);
  assert.equal(fullHours(at, at + 7_200_000, zone, 1).length, 2);
  await speak('en');
  assert.deepEqual([percent(0.7484), pieces(12_345), minutes(90_500)], ['74.8%', '12,345', '1.5']);
  assert.deepEqual([lengthOf(11_105_000), lengthOf(727_000), cycleTime(250)], ['3 h 5 min', '12 min 7 s', '0.25']);
  assert.deepEqual([clock(at, zone), date(at, zone)], ['14:05:09', 'Sun 22 Nov']);
});

test('the first paint costs less than 200 kB of script, no word of another language, and nothing of what writes workbooks', async t => {
  const built = await mkdtemp(join(tmpdir(), 'oee-size-'));
  t.after(() => rm(built, { recursive: true }));
  await build({ configFile: CONFIG, logLevel: 'silent', build: { outDir: built } });
  const names = (await readdir(join(built, 'assets'))).filter(name => name.endsWith('.js'));
  const scripts = await Promise.all(
    names.map(async name => ({ name, bytes: await readFile(join(built, 'assets', name)) })),
  );
  const whole = scripts.reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0);
  assert.ok(whole < SCRIPT_MAX_BYTES, `${whole} bytes, with every language`);
  const page = await readFile(join(built, 'index.html'), 'utf8');
  const [atOnce] = scripts.filter(({ name }) => page.includes(name));
  const holds = (text: string): number => scripts.filter(({ bytes }) => bytes.includes(text)).length;
  assert.ok(atOnce !== undefined);
  for (const text of [english.TEXT.troubleTitle, norwegian.TEXT.troubleTitle]) {
    assert.equal(holds(text), 1, text);
    assert.equal(atOnce.bytes.includes(text), false, text);
  }
  assert.equal(holds(WORKBOOK_WORD), 1);
  assert.equal(atOnce.bytes.includes(WORKBOOK_WORD), false);
});
