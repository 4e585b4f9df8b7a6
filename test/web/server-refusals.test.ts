// Server refusals: what was not done is said in the reader's language, by its code; and no code that the page can meet lacks words.
// In: the sources of the doors, refusals. Out: sentences.
// Touches the sources, reading only: the codes stand there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Refusal, troubleFrom, troubleIn, troubleOf } from '../../src/web/server-refusal.ts';
import { speak } from '../../src/web/spoken-texts.ts';
import * as norwegian from '../../src/web/texts-nb.ts';
import { troubleText } from '../../src/web/trouble-text.ts';
import { filesUnder, ROOT } from '../support/source-tree.ts';

/** Where the doors that the page knocks at refuse: who comes in, what it sends, what it asks. */
const DOORS = [
  ...['access/access-gate.ts', 'access/event-rules.ts', 'query/alert-routes.ts', 'query/query-routes.ts', 'server.ts'],
  ...['core/event.ts', 'core/event-field.ts', 'core/admission.ts', 'ingest/intake.ts', 'journal/journal-error.ts'],
];
/** Codes by which a door sorts what others refused, or that only who signs in hears, which has words of its own. */
const ELSEWHERE = ['OEE_ACCESS_PASSWORD_WRONG', 'OEE_ACCESS_BUSY'];
const codesIn = (text: string): string[] =>
  [...text.matchAll(/\bOEE_(?:[A-Z]+_)[A-Z_]*[A-Z]\b(?=['":])/g)].map(([code]) => code);

test('every refusal that the page can meet has Norwegian words, none is for a code that there is not', () => {
  const met = new Set(DOORS.flatMap(file => codesIn(readFileSync(join(ROOT, 'src', file), 'utf8'))));
  assert.ok(met.size > 25, `only ${met.size} codes found`);
  const words = norwegian.REJECTION_TEXT;
  assert.deepEqual([...met].filter(code => !ELSEWHERE.includes(code) && words[code] === undefined).sort(), []);
  const sources = filesUnder('src', /\.ts$/).filter(path => !path.startsWith('src/web/'));
  const known = new Set(sources.flatMap(path => codesIn(readFileSync(join(ROOT, path), 'utf8'))));
  assert.deepEqual(
    Object.keys(words).filter(code => !known.has(code)),
    [],
  );
});

test('a refusal is said in the reader’s language by its code; one that the page does not know in the engine’s words', async () => {
  const over = { code: 'OEE_QUERY_ALERT_OVER', message: 'the alert is over', remedy: 'See how it ended.' };
  const strange = { code: 'OEE_OF_TOMORROW', message: 'not like this', remedy: 'Do it so.' };
  const answer = new Response('<html>502 Bad Gateway</html>', { status: 502 });
  const away = troubleOf(new TypeError('Failed to fetch'));
  const troubles = [
    troubleOf(new Refusal(troubleFrom(409, over))),
    troubleFrom(400, strange),
    await troubleIn(answer),
    away,
  ];
  await speak('nb');
  assert.deepEqual(troubles.map(troubleText), [
    'Varselet er over: det er ingenting å ta seg av lenger.',
    'not like this. Do it so.',
    'Serveren svarte 502, og ikke noe mer.',
    'Serveren svarer ikke.',
  ]);
  await speak('en');
  assert.deepEqual(troubles.map(troubleText), [
    'the alert is over. See how it ended.',
    'not like this. Do it so.',
    'The server answered 502, and nothing else.',
    'The server does not answer.',
  ]);
});
