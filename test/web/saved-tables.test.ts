// Saved tables: what a spreadsheet gets, as CSV and as a workbook that is taken apart again.
// In: rows of words and values. Out: CSV; names, heads, values and formats of the sheet.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultToWire } from '../../src/core/result-to-wire.ts';
import { windowRows } from '../../src/web/saved-rows.ts';
import { speak } from '../../src/web/spoken-texts.ts';
import { csvOf, type Rows, tableLength } from '../../src/web/table-file.ts';
import { sheetName, workbookOf } from '../../src/web/table-workbook.ts';
import { madeUpResult } from '../support/made-up-outputs.ts';
import { readWorkbook } from '../support/read-workbook.ts';

const ZONE = 'Europe/Oslo';
const ROWS: Rows = [
  ['a', 'b "c"', 'd;e', 'f', 'g'],
  ['1,5', 1234.5, -0.25, { share: 0.68421 }, { at: Date.parse('2026-11-22T13:05:09.700Z'), zone: ZONE }],
  ['=1+1', '-5', null, { share: 1 }, { at: Date.parse('2026-07-01T22:30:00Z'), zone: ZONE }],
  ['@x <&>', '-5 °C', { ms: 108_007_000 }, null, null],
];
const opened = async (name: string, rows: Rows) =>
  readWorkbook(new Uint8Array(await (await workbookOf(name, rows)).arrayBuffer()));

test('CSV opens in the Excel of its language: numbers are numbers, texts are texts and no formulas', () => {
  const lines = (numbers: string, separator: string): string[] => csvOf(ROWS, { numbers, separator }).split('\r\n');
  assert.deepEqual(lines('en', ','), [
    '\ufeffa,"b ""c""",d;e,f,g',
    '"1,5",1234.5,-0.25,68.42%,2026-11-22 14:05:09',
    "'=1+1,-5,,100%,2026-07-02 00:30:00",
    "'@x <&>,'-5 °C,30:00:07,,",
    '',
  ]);
  assert.deepEqual(lines('nb', ';'), [
    '\ufeffa;"b ""c""";"d;e";f;g',
    '1,5;1234,5;-0,25;68,42%;2026-11-22 14:05:09',
    "'=1+1;-5;;100%;2026-07-02 00:30:00",
    "'@x <&>;'-5 °C;30:00:07;;",
    '',
  ]);
  assert.equal(tableLength(727_000), '0:12:07');
});

test('a workbook has the values with their kinds: times by the clock of the plant, lengths in hours, words that are no formulas', async () => {
  const sheet = await opened('Losses', ROWS);
  assert.deepEqual(sheet.rows, [
    ['a', 'b "c"', 'd;e', 'f', 'g'],
    ['1,5', 1234.5, -0.25, '% 68.4', 'at 2026-11-22 14:05:09'],
    ['=1+1', '-5', null, '% 100', 'at 2026-07-02 00:30:00'],
    ['@x <&>', '-5 °C', 'h 30.0019', null, null],
  ]);
  assert.deepEqual([sheet.name, sheet.frozenRows, sheet.isHeadBold], ['Losses', 1, true]);
  assert.equal(sheet.widths.length, 5);
  assert.ok((sheet.widths[4] ?? 0) >= '2026-11-22 14:05:09'.length, `a date does not fit in ${sheet.widths[4]}`);
  assert.ok(sheet.widths.every(width => width < 30));
});

test('a table of heads alone is a workbook, too; any name makes a sheet that Excel takes', async () => {
  assert.deepEqual((await opened('x', [['only', 'heads']])).rows, [['only', 'heads']]);
  assert.equal(sheetName("'Trend: [last 5/15] min?'"), 'Trend last 5 15 min');
  assert.equal(sheetName('Pieces and every other thing that was made'), 'Pieces and every other thing th');
  assert.equal(sheetName('[]'), 'OEE');
});

test('windows are saved in the words of the language, with units and the place of the clock in the heads', async () => {
  const result = resultToWire(madeUpResult('filler', 'hour'));
  for (const [language, name, from, good] of [
    ['en', 'Name', 'From (Europe/Oslo)', 'good (pieces)'],
    ['nb', 'Navn', 'Fra (Europe/Oslo)', 'gode (enheter)'],
  ] as const) {
    await speak(language);
    const [heads, row] = (await opened('x', windowRows([result], null, ZONE))).rows;
    assert.deepEqual([heads?.[0], heads?.[1], heads?.[8]], [name, from, good]);
    assert.equal(row?.[8], result.tally.good);
    assert.match(String(row?.[1]), /^at \d{4}-\d\d-\d\d \d\d:00:00$/);
  }
});
