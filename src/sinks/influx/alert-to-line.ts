// Alert to line: an alert as one point of InfluxDB, for annotations: written at the instant it was raised, and again as it changes.
// In: an alert, the place of its unit. Out: the point.
// Pure. Measurement `alert`; times in milliseconds.

import { Point } from '@influxdata/influxdb-client';
import type { Alert } from '../../core/alert.ts';

/** Units that the point names; a plant that lost its power is not listed machine by machine. */
const MEMBERS_MAX = 50;

/**
 * Every field always, empty or 0 where there is nothing to say: what a later point leaves out would keep its old value.
 * `until` is where the annotation ends: the end of the trouble, or how far it was known when this was said.
 */
export function alertPoint(alert: Alert): Point {
  const { acknowledged, members, since, resolvedAt, at } = alert;
  const until = Math.max(since, resolvedAt ?? at);
  const named = members.slice(0, MEMBERS_MAX).map(({ unit }) => unit);
  const more = members.length - named.length;
  return new Point('alert')
    .stringField('id', alert.id)
    .stringField('text', alert.text)
    .stringField('status', alert.status)
    .stringField('level', alert.level)
    .stringField('members', named.join(', ') + (more > 0 ? ` and ${more} more` : ''))
    .stringField('acknowledgedBy', acknowledged?.by ?? '')
    .stringField('acknowledgedWhy', acknowledged?.why ?? '')
    .stringField('why', alert.why ?? '')
    .stringField('supersedes', alert.supersedes ?? '')
    .intField('sequence', alert.sequence)
    .intField('since', since)
    .intField('until', until)
    .intField('resolvedAt', resolvedAt ?? 0)
    .intField('durationMs', until - since)
    .intField('memberCount', members.length)
    .intField('occurrences', alert.occurrences)
    .intField('escalated', alert.escalated)
    .intField('mutedUntil', alert.mutedUntil ?? 0)
    .booleanField('flapping', alert.flapping)
    .timestamp(alert.raisedAt);
}
