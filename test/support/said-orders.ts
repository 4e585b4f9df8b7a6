// Said orders: what an ERP's ledger holds after everything that was confirmed and restated, and what it must hold.
// In: a pipeline rig. Out: confirmations by id, each with its revisions in order.
// Pure.

import assert from 'node:assert/strict';
import type { Confirmation } from '../../src/core/confirmation.ts';
import { emptyTally, talliesEqual } from '../../src/core/tally.ts';
import { shown } from './delivered.ts';
import type { PipelineRig } from './pipeline-rig.ts';

export const confirmationsOf = (rig: PipelineRig): Confirmation[] =>
  rig.outputs.filter(output => output.type === 'confirmation');

/** Books as an ERP does: the first is booked, each later one takes back exactly what was booked before it. */
export function ledgerOf(confirmations: readonly Confirmation[]): Map<string, Confirmation> {
  const ledger = new Map<string, Confirmation>();
  for (const said of confirmations) {
    const booked = ledger.get(said.id);
    assert.equal(said.revision, (booked?.revision ?? -1) + 1, `${said.id}: revisions rise by one`);
    assert.deepEqual(said.before, booked?.tally ?? null, `${said.id}: it takes back what was said last`);
    ledger.set(said.id, said);
  }
  return ledger;
}

/** What is booked in the end, without the way there. */
export function bookedIn(confirmations: readonly Confirmation[]): Record<string, unknown> {
  const standing = [...ledgerOf(confirmations)].filter(([, { tally }]) => !talliesEqual(tally, emptyTally()));
  return Object.fromEntries(
    standing
      .map(
        ([id, { tally, product, from, to, shift }]) => [id, { ...shown(tally), product, from, to, ...shift }] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
