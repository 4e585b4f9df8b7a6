// Alert to wire: an alert in the JSON shape that the outside holds on to, the same for HTTP, WebSocket and webhooks.
// In: alerts. Out: plain JSON with ISO times.
// Pure.

import type { Alert, AlertMember } from './alert.ts';
import { isoOf } from './time.ts';

export interface WireAlertMember extends Omit<AlertMember, 'since' | 'until'> {
  readonly since: string;
  readonly until: string | null;
}

/** Who is told is the engine's business: `tell` stays inside. */
export interface WireAlert
  extends Omit<
    Alert,
    'type' | 'tell' | 'members' | 'since' | 'raisedAt' | 'resolvedAt' | 'at' | 'mutedUntil' | 'acknowledged'
  > {
  readonly members: readonly WireAlertMember[];
  readonly since: string;
  readonly raisedAt: string;
  readonly resolvedAt: string | null;
  readonly at: string;
  readonly mutedUntil: string | null;
  readonly acknowledged: { readonly by: string; readonly at: string; readonly why: string | null } | null;
}

const isoOrNull = (instant: number | null): string | null => (instant === null ? null : isoOf(instant));

export function alertToWire({ type: _, tell: __, ...alert }: Alert): WireAlert {
  const { members, since, raisedAt, resolvedAt, at, mutedUntil, acknowledged } = alert;
  return {
    ...alert,
    members: members.map(member => ({ ...member, since: isoOf(member.since), until: isoOrNull(member.until) })),
    since: isoOf(since),
    raisedAt: isoOf(raisedAt),
    resolvedAt: isoOrNull(resolvedAt),
    at: isoOf(at),
    mutedUntil: isoOrNull(mutedUntil),
    acknowledged: acknowledged === null ? null : { ...acknowledged, at: isoOf(acknowledged.at) },
  };
}
