// Chaos verdict: the books of a run and its figures, held against a ledger that was made another way.
// In: an outcome, a ledger, a form. Out: nothing, or an assertion that says which.
// Pure.

import assert from 'node:assert/strict';
import { tallyToWire, type WireResult } from '../../src/core/result-to-wire.ts';
import type { ChaosForm } from './chaos-form.ts';
import type { ChaosLedger } from './chaos-ledger.ts';
import { MACHINES, SITES } from './chaos-plant.ts';
import type { ChaosPrint } from './chaos-print.ts';
import type { ChaosOutcome } from './chaos-run.ts';

export function agreesWithLedger(outcome: ChaosOutcome, ledger: ChaosLedger, form: ChaosForm): void {
  const { receipts } = outcome;
  const { sent, rejected, held, tooLate } = ledger;
  assert.ok(sent >= form.events, `${sent} events`);
  assert.deepEqual([receipts.sent, receipts.rejected], [sent, rejected]);
  assert.equal(receipts.sent, receipts.accepted + receipts.duplicates + receipts.rejected);
  const of = (name: string, words: string): number =>
    [...(outcome.metrics.get(name) ?? [])].reduce((sum, [label, n]) => sum + (label.includes(words) ? n : 0), 0);
  const door = ['sent', 'accepted', 'duplicate', 'rejected'].map(word => of('oee_ingest_events_total', `"${word}"`));
  const [atDoor = 0, ...answered] = door;
  assert.ok(atDoor >= sent, 'the door heard of every event');
  assert.equal(
    atDoor,
    answered.reduce((sum, n) => sum + n, 0),
    'sent = accepted + duplicate + rejected',
  );
  assert.equal(of('oee_journal_accepted_total', ''), held, 'the journal holds each event once');
  const pipeline = ['read', 'inState', 'repeats', 'deadLettered'].map(word =>
    of('oee_pipeline_events_total', `"${word}"`),
  );
  assert.deepEqual(pipeline, [held, held - tooLate, 0, tooLate], 'accepted = in state + dead-lettered');
  sameTallies(outcome.print, ledger);
}

/** Every hour, shift and day of every machine to the digit; the pieces of every site. */
function sameTallies(print: ChaosPrint, ledger: ChaosLedger): void {
  let compared = 0;
  for (const [question, text] of print.texts) {
    const [, unit = '', kind = ''] = /unit=([^&]+)&window=(hour|shift|day)&/.exec(question) ?? [];
    if (kind === '') continue;
    for (const { window, tally, final } of (JSON.parse(text) as { results: WireResult[] }).results) {
      if (!final) continue;
      const [from, to] = [Date.parse(window.start), Date.parse(window.end)];
      const what = `${unit} ${kind} ${window.start}`;
      if (MACHINES.includes(unit)) assert.deepEqual(tally, tallyToWire(ledger.tallyOf(unit, from, to)), what);
      if (SITES.includes(unit)) {
        assert.deepEqual({ total: tally.total, good: tally.good }, ledger.piecesOf(unit, from, to), what);
      }
      compared += 1;
    }
  }
  assert.ok(compared > 100, `${compared} windows compared`);
}
