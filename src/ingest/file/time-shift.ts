// Time shift: a recording moved to another time, so that an old shift can be played as today's.
// In: raw events and a distance. Out: the same events, every instant moved, under ids of their own.
// Pure.

import { EVENT_SPECS, type EventType } from '../../core/event-spec.ts';
import { parseInstant } from '../../core/time.ts';
import type { Recorded } from '../source.ts';

/** Fields that name another event of the recording. */
const NAMING = ['id', 'revokes', 'releases'];

/** The moved recording is another one: its ids carry the distance, or they would be taken for events told twice. */
export function shifted(recorded: Recorded, byMs: number): Recorded {
  if (byMs === 0) return recorded;
  const event: Record<string, unknown> = { ...recorded.event };
  const known = Object.hasOwn(EVENT_SPECS, String(event.type));
  const spec: Readonly<Record<string, { readonly kind: string }>> = known ? EVENT_SPECS[event.type as EventType] : {};
  for (const [name, { kind }] of Object.entries(spec)) {
    const instant = kind === 'instant' ? parseInstant(event[name]) : null;
    if (instant !== null) event[name] = instant + byMs;
  }
  for (const name of NAMING) if (typeof event[name] === 'string') event[name] = `${event[name]}+${byMs}`;
  return { ...recorded, event, at: recorded.at === null ? null : recorded.at + byMs };
}

/**
 * Distance to "now": at n times real speed the recording ends just when its replay does, so that nothing in it is ever in the future.
 * As fast as possible (speed null) it ends now.
 */
export function shiftToNow(first: number, last: number, now: number, speed: number | null): number {
  return Math.round(now + (speed === null ? 0 : (last - first) / speed) - last);
}
