// Words and outputs: what native words claim, and that what the engine says comes out of the outbox as it went in.
// In: words of the standards; outputs. Out: claims; the same outputs.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Output, packOutput, unpackOutput, type WindowResult } from '../../src/core/result.ts';
import { rowToTally, TALLY_FIELDS } from '../../src/core/tally.ts';
import { CLAIMS, claimOf, SHIPPED_VOCABULARIES, type Vocabulary } from '../../src/core/vocabulary.ts';

const words = (name: string): Vocabulary => SHIPPED_VOCABULARIES[name] ?? assert.fail(name);

test('MTConnect execution: ACTIVE produces, READY is idle, holds and programme ends are stops, UNAVAILABLE is unknown', () => {
  const claims = (list: string[]) => new Set(list.map(word => claimOf(word, words('mtconnect'))));
  assert.deepEqual(claims(['ACTIVE']), new Set(['producing']));
  assert.deepEqual(claims(['READY']), new Set(['idle']));
  assert.deepEqual(
    claims(['INTERRUPTED', 'FEED_HOLD', 'STOPPED', 'OPTIONAL_STOP', 'PROGRAM_STOPPED', 'PROGRAM_COMPLETED']),
    new Set(['stop']),
  );
  assert.deepEqual(claims(['UNAVAILABLE']), new Set(['unknown']));
});

test('SEMI E10: the six basic states', () => {
  assert.deepEqual(
    ['PRD', 'SBY', 'ENG', 'SDT', 'UDT', 'NST'].map(word => claimOf(word, words('e10'))),
    ['producing', 'idle', 'plannedStop', 'plannedStop', 'breakdown', 'plannedStop'],
  );
});

test('PackML: the mode decides before the state, production leaves the word to the state', () => {
  const packml = words('packml');
  assert.equal(claimOf('EXECUTE', packml), 'producing');
  assert.equal(claimOf('PRODUCTION.EXECUTE', packml), 'producing');
  assert.equal(claimOf('MAINTENANCE.EXECUTE', packml), 'plannedStop');
  assert.equal(claimOf('MANUAL.EXECUTE', packml), 'setup');
  assert.equal(claimOf('DANCING.EXECUTE', packml), null);
  assert.equal(claimOf('PRODUCTION.DANCING', packml), null);
});

test('every machine understands the canonical words; its own map goes first; nothing else is understood', () => {
  for (const claim of CLAIMS) assert.equal(claimOf(claim, {}), claim);
  assert.equal(claimOf('idle', { idle: 'breakdown' }), 'breakdown');
  for (const word of [
    '',
    'execute',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'PRODUCTION.__proto__',
    '.',
  ]) {
    for (const vocabulary of Object.values(SHIPPED_VOCABULARIES)) assert.equal(claimOf(word, vocabulary), null, word);
  }
});

test('a result, an interval and a state come out of the outbox as they went in', () => {
  const text = fc.option(fc.string(), { nil: null });
  const tally = fc
    .array(fc.integer(), { minLength: TALLY_FIELDS.length, maxLength: TALLY_FIELDS.length })
    .map(rowToTally);
  const result: fc.Arbitrary<WindowResult> = fc.record(
    {
      type: fc.constant('result' as const),
      unit: fc.string(),
      level: fc.constantFrom('machine' as const, 'line' as const, 'site' as const),
      kind: fc.constantFrom('minute' as const, 'shift' as const, 'order' as const, 'last60m' as const),
      name: text,
      start: fc.nat(),
      end: fc.nat(),
      edge: fc.nat(),
      businessDay: text,
      final: fc.boolean(),
      revision: fc.nat(),
      tally,
      basis: fc.constantFrom('own' as const, 'sum' as const, 'constraint' as const),
      beside: fc.option(tally, { nil: null }),
      by: text,
      why: text,
    },
    { noNullPrototype: true },
  );
  const others: Output[] = [
    {
      type: 'interval',
      unit: 'm1',
      from: 1,
      to: 2,
      category: 'setup',
      state: 'HELD',
      reason: null,
      stopId: 'm1@1',
      source: 'state',
      open: true,
      undecided: false,
    },
    {
      type: 'state',
      unit: 'm1',
      at: 5,
      since: 1,
      category: 'idle',
      state: null,
      reason: null,
      stopId: null,
      undecided: false,
      order: 'A',
      product: null,
      lastSign: 4,
    },
  ];
  fc.assert(fc.property(result, output => assert.deepEqual(unpackOutput(packOutput(output)), output)));
  for (const output of others) assert.deepEqual(unpackOutput(packOutput(output)), output);
});
