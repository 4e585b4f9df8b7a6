// Report page: the sheet says what is worth a line of paper, counts the rest, and is dated by the clock of the plant.
// In: a made-up shift with stops of minutes and of parts of a second. Out: words on paper.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShiftReport } from '../../src/core/result.ts';
import { reportDocument } from '../../src/query/report-page.ts';
import { speechFor } from '../../src/query/report-words.ts';
import { madeUpResult } from '../support/made-up-outputs.ts';
import { smallPlant } from '../support/small-plant.ts';

const PRINTED = Date.UTC(2026, 10, 16, 14, 3);
const sheetOf = (lengths: readonly number[]): string => {
  const result = madeUpResult('m1', 'shift');
  const unexplained = lengths.map((ms, n) => {
    const from = result.start + n * 60_000;
    return { unit: 'm1', stopId: `${n}`, from, to: from + ms, category: 'breakdown', state: 'HELD' } as const;
  });
  const losses = lengths.map(
    (ms, n) => ({ category: 'breakdown', reason: `R${n}`, text: null, ms, stops: 1 }) as const,
  );
  const report = { type: 'report', unit: 'm1', result, losses, unexplained, more: { losses: 0, unexplained: 0 } };
  const answers = [{ report: report as unknown as ShiftReport, confirmations: [] }];
  return reportDocument(smallPlant(), answers, PRINTED, speechFor('en'))
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
};

test('a stop of less than a second takes no line of the sheet and is counted all the same', () => {
  const sheet = sheetOf([125_000, 400, 90]);
  assert.match(sheet, /2 min 5 s/);
  assert.doesNotMatch(sheet, / 0 s/);
  assert.equal(sheet.match(/and 2 more/g)?.length, 2, 'of the losses and of the stops');
});

test('where all of them are so short the sheet does not say that every stop was explained', () => {
  const sheet = sheetOf([400]);
  assert.equal(sheet.match(/None of a second or longer/g)?.length, 2);
  assert.doesNotMatch(sheet, /Every stop has its reason/);
  assert.match(sheetOf([]), /Every stop has its reason/);
});

test('the sheet is dated by the clock of the plant, with its zone', () => {
  assert.match(sheetOf([]), /printed Monday, 16 November 2026 14:03 UTC|printed Monday 16 November 2026 14:03 UTC/);
});
