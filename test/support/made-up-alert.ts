// Made-up alert: an alert as the engine would say it, for tests of the ways out.
// In: what matters to a test. Out: a whole alert.
// Pure.

import type { Alert } from '../../src/core/alert.ts';
import { T0 } from './made-up-outputs.ts';

/** The filler of line-1 stands since T0, and was told of ten minutes later. */
export function madeUpAlert(more: Partial<Alert> = {}): Alert {
  const unit = more.unit ?? 'filler';
  return {
    type: 'alert',
    id: `filler-stopped:${unit}:${T0}`,
    sequence: 0,
    news: 'raised',
    status: 'active',
    rule: 'filler-stopped',
    severity: 'critical',
    unit,
    level: 'machine',
    text: 'Filler stands',
    members: [{ unit, since: T0, until: null, value: 600_000 }],
    since: T0,
    raisedAt: T0 + 600_000,
    resolvedAt: null,
    at: T0 + 600_000,
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
