// Spoken alerts: the page says an alert's sentence in its reader's language, of the same parts as the engine, and never another one.
// In: every kind of condition, phrases of the engine. Out: sentences.
// Pure.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Ajv } from 'ajv';
import type { AlertCondition } from '../../src/core/alert-rule.ts';
import { ALERT_RULE_SCHEMA } from '../../src/core/alert-rule-schema.ts';
import { alertText } from '../../src/core/alert-text.ts';
import { alertToWire, type WireAlert } from '../../src/core/alert-to-wire.ts';
import { ENGINE_PHRASES, enginePhrase, rephrased } from '../../src/core/engine-phrase.ts';
import type { WireAlertRule } from '../../src/core/wire-plant.ts';
import { NORWEGIAN } from '../../src/query/report-words-nb.ts';
import { ourWords, spokenAlert } from '../../src/web/spoken-alert.ts';
import { speak } from '../../src/web/spoken-texts.ts';
import * as norwegian from '../../src/web/texts-nb.ts';
import { madeUpAlert } from '../support/made-up-alert.ts';

interface Case {
  readonly condition: AlertCondition;
  readonly forMs?: number;
  /** the value of the only member */
  readonly value: number | null;
  readonly english: string;
  readonly norwegian: string;
}

const hour = { window: 'last60m', limit: 0.6, clear: 0.62 } as const;
const MINUTE = 60_000;
const CASES: readonly Case[] = [
  {
    ...{ condition: { kind: 'ratioBelow', ratio: 'oee', ...hour }, value: 0.5237 },
    english: 'OEE of the last 60 minutes 52.4 %, limit 60.0 %',
    norwegian: 'OEE de siste 60 minuttene 52,4 %, grense 60,0 %',
  },
  {
    ...{ condition: { kind: 'ratioBelow', ratio: 'availability', ...hour, window: 'shift' }, value: 0.5 },
    english: 'availability of the shift so far 50.0 %, limit 60.0 %',
    norwegian: 'tilgjengelighet hittil dette skiftet 50,0 %, grense 60,0 %',
  },
  {
    ...{ condition: { kind: 'ratioBelow', ratio: 'performance', ...hour, window: 'hour' }, value: null },
    english: 'performance of the hour so far under 60.0 %',
    norwegian: 'ytelse hittil denne timen under 60,0 %',
  },
  {
    ...{ condition: { kind: 'ratioBelow', ratio: 'quality', ...hour, window: 'day' }, value: 0 },
    english: 'quality of the day so far 0.0 %, limit 60.0 %',
    norwegian: 'kvalitet hittil dette døgnet 0,0 %, grense 60,0 %',
  },
  {
    ...{ condition: { kind: 'performanceAbove', ...hour, limit: 1.1 }, value: 1.254 },
    english: 'performance of the last 60 minutes 125.4 %, limit 110.0 %',
    norwegian: 'ytelse de siste 60 minuttene 125,4 %, grense 110,0 %',
  },
  {
    ...{ condition: { kind: 'scrapRateAbove', ...hour, limit: 0.06 }, value: 0.0712 },
    english: 'scrap of the last 60 minutes 7.1 %, limit 6.0 %',
    norwegian: 'kassasjon de siste 60 minuttene 7,1 %, grense 6,0 %',
  },
  {
    ...{ condition: { kind: 'microStopsAbove', ...hour, limit: 10 }, value: 12.4 },
    english: 'micro-stops of the last 60 minutes 12.4/h, limit 10/h',
    norwegian: 'mikrostopp de siste 60 minuttene 12,4/t, grense 10/t',
  },
  {
    ...{ condition: { kind: 'piecesBelow', ...hour, limit: 900 }, value: 811 },
    english: 'good pieces of the last 60 minutes 811/h, limit 900/h',
    norwegian: 'gode enheter de siste 60 minuttene 811/t, grense 900/t',
  },
  {
    ...{ condition: { kind: 'stopLonger', longerMs: 60 * MINUTE }, forMs: 5 * MINUTE, value: 3_900_000 },
    english: 'stopped for 1 h 5 min or longer',
    norwegian: 'har stått i 1 t 5 min eller lenger',
  },
  {
    ...{ condition: { kind: 'silentLonger', longerMs: 90_000 }, value: 90_000 },
    english: 'silent for 1 min 30 s or longer',
    norwegian: 'ikke livstegn på 1 min 30 s eller lenger',
  },
  {
    ...{ condition: { kind: 'quarantined' }, value: 40 },
    english: 'a counter jumped: 40 pieces are set aside until somebody releases them',
    norwegian: 'en teller hoppet: 40 enheter er holdt tilbake til noen frigir dem',
  },
  {
    ...{ condition: { kind: 'quarantined' }, value: null },
    english: 'a counter jumped: some pieces are set aside until somebody releases them',
    norwegian: 'en teller hoppet: noen enheter er holdt tilbake til noen frigir dem',
  },
  {
    ...{ condition: { kind: 'engineLag', longerMs: MINUTE }, value: 500 },
    english: 'behind by 500 ms',
    norwegian: 'ligger 500 ms etter',
  },
  {
    ...{ condition: { kind: 'neighbourAway', longerMs: 2 * MINUTE }, value: null },
    english: 'away for 2 min',
    norwegian: 'har vært borte i 2 min',
  },
  {
    ...{ condition: { kind: 'deadLetters', more: 100 }, value: 140 },
    english: '140 wait for somebody to look at them',
    norwegian: '140 venter på at noen ser på dem',
  },
  {
    ...{ condition: { kind: 'deadLetters', more: 100 }, value: null },
    english: 'more than 100 wait for somebody to look at them',
    norwegian: 'mer enn 100 venter på at noen ser på dem',
  },
];

const ruleOf = ({ condition, forMs = 0 }: Pick<Case, 'condition' | 'forMs'>): WireAlertRule => ({
  ...{ id: 'rule', text: 'As the file says', severity: 'warning', condition, forMs },
});

/** An alert as the engine says it: its text is the engine's. */
function saidBy(rule: WireAlertRule, units: readonly string[], value: number | null, times = 1): WireAlert {
  const members = units.map(unit => ({ unit, since: 0, until: null, value }));
  const about = { rule: rule.id, members, occurrences: times, flapping: times > 2 };
  return alertToWire(madeUpAlert({ ...about, text: alertText(rule, members, about) }));
}

before(() => speak('nb'));

for (const [language, key] of [
  ['en', 'english'],
  ['nb', 'norwegian'],
] as const) {
  test(`every kind of condition is a sentence in ${language}; in English it is the engine's own, to the letter`, async () => {
    await speak(language);
    for (const each of CASES) {
      const rule = ruleOf(each);
      const told = saidBy(rule, ['filler'], each.value);
      const { text } = spokenAlert(told, { alerts: [rule] });
      assert.equal(text, `As the file says: filler, ${each[key]}`);
      if (language === 'en') assert.equal(text, told.text);
    }
    const kinds = new Set(CASES.map(({ condition }) => condition.kind));
    const known = (ALERT_RULE_SCHEMA as { properties: { condition: { oneOf: object[] } } }).properties.condition.oneOf;
    assert.equal(kinds.size, known.length, 'a kind of condition is not tried here');
  });
}

test('many members are counted, and one that comes and goes is said to, in either language', async () => {
  const rule = ruleOf({ condition: { kind: 'stopLonger', longerMs: 10 * MINUTE } });
  const told = saidBy(rule, ['a', 'b', 'c', 'd', 'e', 'f', 'g'], 600_000, 4);
  await speak('en');
  const english =
    'As the file says: a, b, c, d, e and 2 more, stopped for 10 min or longer; it comes and goes, 4 times so far';
  assert.deepEqual([told.text, spokenAlert(told, { alerts: [rule] }).text], [english, english]);
  await speak('nb');
  const { text } = spokenAlert(told, { alerts: [rule] });
  assert.equal(
    text,
    'As the file says: a, b, c, d, e og 2 til, har stått i 10 min eller lenger; det kommer og går, 4 ganger hittil',
  );
  const lag = ruleOf({ condition: { kind: 'engineLag', longerMs: MINUTE } });
  const behind = saidBy(lag, [enginePhrase('partition', { partition: 'p007' })], 90_000);
  assert.equal(
    spokenAlert(behind, { alerts: [lag] }).text,
    'As the file says: partisjon p007, ligger 1 min 30 s etter',
  );
});

test('where the rule was changed since, is gone, or is not known yet, the engine is quoted: no limit is said that was not judged by', async () => {
  await speak('nb');
  const rule = ruleOf({ condition: { kind: 'ratioBelow', ratio: 'oee', ...hour } });
  const told = saidBy(rule, ['line-1'], 0.5);
  const changed = ruleOf({ condition: { kind: 'ratioBelow', ratio: 'oee', ...hour, limit: 0.7 } });
  for (const plant of [{ alerts: [changed] }, { alerts: [] }, null]) {
    assert.equal(spokenAlert(told, plant).text, told.text);
  }
  assert.notEqual(spokenAlert(told, { alerts: [rule] }).text, told.text);
});

test('what the engine writes in a person’s place is said in the reader’s words, and what a person wrote stays', async () => {
  assert.equal(
    `${enginePhrase('plantFile', {})}: ${enginePhrase('revision', { revision: 'r2' })}`,
    enginePhrase('byPlantFile', { revision: 'r2' }),
    'what the office of alerts writes of a plant file',
  );
  await speak('nb');
  const said = {
    neverWas: enginePhrase('neverWas', {}),
    explained: enginePhrase('explained', { rule: 'stands', unit: 'filler' }),
    ruleGone: enginePhrase('ruleGone', { rule: 'stands', revision: 'r2' }),
    cycle: enginePhrase('cycleOfTooLong', { product: 'cola', minutes: 15, seconds: 0.182 }),
    person: 'Anna: late facts, it never was',
  };
  assert.deepEqual(Object.values(said).map(ourWords), [
    'sene fakta: det var aldri slik',
    'forklart av stands ved filler',
    'regelen stands finnes ikke lenger i anleggsfilen (revisjon r2)',
    'den ideelle syklustiden for cola er for lang: 15 minutter produksjon har vist 0,182 s per enhet',
    'Anna: late facts, it never was',
  ]);
  const alert = alertToWire(madeUpAlert({ why: said.neverWas }));
  assert.equal(spokenAlert(alert, null).why, 'sene fakta: det var aldri slik');
  const sheet = NORWEGIAN.restatedBy('plant file', enginePhrase('plantRevision', { revision: 'r2' }));
  assert.equal(sheet, ' av anleggsfilen: revisjon r2 av anleggsfilen');
  await speak('en');
  for (const text of Object.values(said)) assert.equal(ourWords(text), text);
});

test('every phrase is read again as what it was written of, and has the same values in Norwegian', () => {
  const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [name, template] of Object.entries(ENGINE_PHRASES)) {
    const own = norwegian.PHRASE_TEXT[name as keyof typeof ENGINE_PHRASES];
    assert.deepEqual(holes(own), holes(template), name);
    const fill = (text: string): string => text.replaceAll(/\{(\w+)\}/g, '<$1>');
    assert.equal(rephrased(fill(template), norwegian.PHRASE_TEXT, ','), fill(own), name);
  }
});

test('what rules look for is on the wire as the document says', () => {
  const validate = new Ajv({ strict: false }).compile(ALERT_RULE_SCHEMA);
  for (const each of CASES) assert.ok(validate(ruleOf(each)), JSON.stringify(validate.errors));
  assert.equal(validate({ ...ruleOf(CASES[0] as Case), condition: { kind: 'ratioBelow', window: 'week' } }), false);
});
