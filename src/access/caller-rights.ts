// Caller rights: all that somebody may change, by the names that the trail of deeds has for it; a page shows no button for anything else.
// In: a rank. Out: names of deeds, out of the two tables by which the doors decide.
// Pure.

import { mayAct, type Rank } from '../core/access.ts';
import type { EventType } from '../core/event-spec.ts';
import { EVENT_RULES, maySend } from './event-rules.ts';
import { ROUTE_RULES } from './route-rules.ts';

/** `alert.acknowledge`, `webhook.pause`, … of the routes; `event.reclassify`, … of the events. */
export function rightsOf(rank: Rank): string[] {
  const routes = Object.values(ROUTE_RULES).flatMap(({ need, deed }) =>
    deed !== undefined && need !== 'anyone' && need !== 'sender' && mayAct(rank, need) ? [deed] : [],
  );
  const events = (Object.keys(EVENT_RULES) as EventType[]).filter(type => maySend(rank, type));
  return [...routes, ...events.map(type => `event.${type}`)];
}
