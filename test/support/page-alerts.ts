// Page alerts: alerts behind the page under test: a list that is asked for, acts that are taken or refused, frames that follow.
// In: made-up alerts, the hub. Out: answers of /v1/alerts in the shape of the API.
// Touches: the requests it is handed.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Alert } from '../../src/core/alert.ts';
import { alertText } from '../../src/core/alert-text.ts';
import { alertToWire } from '../../src/core/alert-to-wire.ts';
import type { LiveHub } from '../../src/sinks/live/live-hub.ts';
import { madeUpAlert } from './made-up-alert.ts';
import { PAGE_RULE } from './page-plant.ts';

export interface PageAlerts {
  /** makes it known, to the list and on the socket */
  say(alert: Alert): void;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Names that the server behind the page does not know. */
export const STRANGER = 'nobody';

export function pageAlerts(hub: LiveHub): PageAlerts {
  const known = new Map<string, Alert>();
  const say = (alert: Alert): void => {
    known.set(alert.id, alert);
    hub.publish([alert]);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('content-type', 'application/json');
    const [, id, deed] = /^\/v1\/alerts\/([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
    if (id === undefined) {
      response.end(JSON.stringify({ alerts: [...known.values()].map(alertToWire) }));
      return;
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    const { by, why, minutes } = JSON.parse(text) as { by: string; why: string | null; minutes: number };
    const alert = known.get(decodeURIComponent(id));
    if (alert === undefined || by === STRANGER) {
      const refusal = { code: 'X', message: 'nobody of that name works here', remedy: 'Give another name.' };
      response.writeHead(400).end(JSON.stringify(refusal));
      return;
    }
    response.writeHead(202).end('{}');
    const sequence = alert.sequence + 1;
    if (deed === 'acknowledge') say({ ...alert, sequence, acknowledged: { by, at: Date.now(), why } });
    else say({ ...alert, sequence, mutedUntil: deed === 'mute' ? Date.now() + minutes * 60_000 : null });
  };
  return { say, answer };
}

const MINUTE = 60_000;
/** As the engine says it, of a rule that the page knows. */
const FILLER_STANDS = alertText(PAGE_RULE, [{ unit: 'filler', value: 600_000 }], { occurrences: 1, flapping: false });

/** A bad hour: something of each severity, some of it over. */
export function madeUpTroubles(now: number): Alert[] {
  const past = (id: string, from: number, lengthMs: number, more: Partial<Alert>): Alert =>
    madeUpAlert({
      id,
      since: now - from,
      raisedAt: now - from + MINUTE,
      at: now - from + lengthMs,
      resolvedAt: now - from + lengthMs,
      status: 'resolved',
      news: 'resolved',
      ...more,
    });
  const members = ['bench-1', 'bench-2'].map(unit => ({ unit, since: now - 4 * MINUTE, until: null, value: null }));
  const active = { since: now - 14 * MINUTE, raisedAt: now - 4 * MINUTE, at: now };
  return [
    madeUpAlert({ id: 'a-filler', ...active, text: FILLER_STANDS }),
    madeUpAlert({
      ...{ id: 'a-benches', unit: 'benches', level: 'line', severity: 'warning', text: 'Nothing heard from machines' },
      ...{ members, since: now - 4 * MINUTE, raisedAt: now - 3 * MINUTE, at: now },
    }),
    madeUpAlert({
      ...{ id: 'a-cnc', unit: 'cnc-3', severity: 'warning', text: 'Many short stops', ...active, escalated: 1 },
      ...{ flapping: true, occurrences: 4, acknowledged: { by: 'Anna Berg', at: now - 2 * MINUTE, why: 'Tool worn' } },
      mutedUntil: now + 26 * MINUTE,
    }),
    madeUpAlert({
      ...{ id: 'a-packer', unit: 'packer', severity: 'info', text: 'The ideal cycle is wrong', ...active },
      why: 'Best demonstrated cycle of cola-05: 152 ms (set: 170 ms)',
    }),
    past('h-1', 200 * MINUTE, 34 * MINUTE, { unit: 'capper', text: 'Capper stands', severity: 'critical' }),
    past('h-2', 260 * MINUTE, 8 * MINUTE, {
      ...{ unit: 'cnc-1', text: 'Many rejects', severity: 'warning' },
      acknowledged: { by: 'Jo', at: now - 255 * MINUTE, why: null },
    }),
    past('h-3', 320 * MINUTE, 20 * MINUTE, {
      ...{ unit: 'labeller', text: 'Labeller stands', status: 'withdrawn', why: 'late facts show that it ran' },
      resolvedAt: null,
    }),
  ];
}
