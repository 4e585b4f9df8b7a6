// Made-up news: alerts, shift reports, confirmations and receivers, for tests of whoever is told.
// In: what matters to a test. Out: whole outputs; receivers that want all of them.
// Pure.

import type { Alert } from '../../src/core/alert.ts';
import type { Confirmation } from '../../src/core/confirmation.ts';
import { type ReceiverModel, WEBHOOK_TYPES } from '../../src/core/receiver.ts';
import type { ShiftReport } from '../../src/core/result.ts';
import { emptyTally } from '../../src/core/tally.ts';
import { madeUpResult, T0 } from './made-up-outputs.ts';

const SHIFT_MS = 8 * 3_600_000;

export function madeUpAlert(unit: string, sequence = 0, more: Partial<Alert> = {}): Alert {
  return {
    type: 'alert',
    id: `low:${unit}:${T0}`,
    sequence,
    news: sequence === 0 ? 'raised' : 'updated',
    status: 'active',
    rule: 'low',
    severity: 'warning',
    unit,
    level: 'machine',
    text: `OEE of ${unit} is below 60 %`,
    members: [{ unit, since: T0, until: null, value: 0.5 }],
    since: T0,
    raisedAt: T0 + 60_000,
    resolvedAt: null,
    at: T0 + 60_000,
    occurrences: 1,
    flapping: false,
    acknowledged: null,
    mutedUntil: null,
    escalated: 0,
    why: null,
    supersedes: null,
    tell: 'all',
    ...more,
  };
}

/** @param good pieces; `before` of a restatement: what was said last */
export function madeUpConfirmation(unit: string, revision: number, good: number, before: number | null): Confirmation {
  const tallyOf = (pieces: number) => ({ ...emptyTally(), producing: SHIFT_MS, total: pieces, good: pieces });
  return {
    type: 'confirmation',
    id: `${unit}:PO-1:2026-11-22T06:00:00.000Z`,
    revision,
    unit,
    line: 'line-1',
    order: 'PO-1',
    product: 'cola',
    shift: { name: 'early', start: T0, end: T0 + SHIFT_MS, businessDay: '2026-11-22' },
    from: T0,
    to: T0 + SHIFT_MS,
    tally: tallyOf(good),
    before: before === null ? null : tallyOf(before),
    by: null,
    why: null,
  };
}

export function madeUpReport(unit: string, revision = 0): ShiftReport {
  return {
    type: 'report',
    unit,
    result: madeUpResult(unit, 'shift', { final: true, revision, end: T0 + SHIFT_MS }),
    losses: [{ category: 'breakdown', reason: 'E1', text: 'Jam', ms: 60_000, stops: 1 }],
    unexplained: [{ unit, stopId: `${unit}:1`, from: T0, to: T0 + 60_000, category: 'breakdown', state: 'ABORTED' }],
    more: { losses: 0, unexplained: 0 },
  };
}

/** Wants everything, on this computer, without TLS. */
export function madeUpReceiver(id: string, url: string, more: Partial<ReceiverModel> = {}): ReceiverModel {
  return {
    id,
    url,
    secrets: [`SECRET_${id.toUpperCase()}`],
    types: WEBHOOK_TYPES,
    units: null,
    severities: ['info', 'warning', 'critical'],
    plain: true,
    networks: ['127.0.0.0/8'],
    ...more,
  };
}
