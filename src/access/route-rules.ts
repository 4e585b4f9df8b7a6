// Route rules: who may use which address: one row for each, and no address without a row.
// In: method and path as they are registered. Out: what is needed, what it is called in the trail.
// Pure.

import type { Role } from '../core/access.ts';

/** `sender`: operators, and machines with a token of theirs; what each may say is decided event by event. */
export type Need = 'anyone' | 'sender' | Role;

export interface RouteRule {
  readonly need: Need;
  /** what a change is called in the trail of deeds; events are named one by one, and questions not at all */
  readonly deed?: string;
  /** the body says by whom: whoever is signed in, and nobody else */
  readonly saysBy?: true;
}

const open: RouteRule = { need: 'anyone' };
const read: RouteRule = { need: 'viewer' };
const change = (need: Role, deed: string): RouteRule => ({ need, deed });
const said = (need: Role, deed: string): RouteRule => ({ need, deed, saysBy: true });

export const ROUTE_RULES: Readonly<Record<string, RouteRule>> = {
  // the page itself holds no figure
  'GET /*': open,
  'GET /openapi.json': open,
  'GET /asyncapi.json': open,
  'GET /health/live': open,
  // whoever may not read hears yes or no
  'GET /health/ready': open,
  'GET /metrics': read,

  'GET /v1/session': open,
  'POST /v1/session': open,
  'DELETE /v1/session': open,
  'GET /v1/session/oidc': open,
  'GET /v1/session/oidc/callback': open,

  'POST /v1/events': { need: 'sender' },

  'GET /v1/plant': read,
  'GET /v1/oee': read,
  'GET /v1/units/:unit/timeline': read,
  'GET /v1/units/:unit/losses': read,
  'GET /v1/units/:unit/explain': read,
  'GET /v1/reports': read,
  'GET /v1/reports/:unit/:shift': read,
  'GET /report': read,

  'GET /v1/alerts': read,
  'GET /v1/alerts/:id': read,
  'POST /v1/alerts/:id/acknowledge': said('operator', 'alert.acknowledge'),
  'POST /v1/alerts/:id/mute': said('operator', 'alert.mute'),
  'POST /v1/alerts/:id/unmute': said('operator', 'alert.unmute'),
  'POST /v1/alerts/mute': said('supervisor', 'alerts.mute'),
  'POST /v1/alerts/unmute': said('supervisor', 'alerts.unmute'),

  'GET /v1/webhooks': read,
  'GET /v1/webhooks/:receiver/deliveries': { need: 'engineer' },
  'POST /v1/webhooks/:receiver/test': change('engineer', 'webhook.test'),
  'POST /v1/webhooks/:receiver/pause': said('engineer', 'webhook.pause'),
  'POST /v1/webhooks/:receiver/resume': change('engineer', 'webhook.resume'),

  'GET /v1/dead-letters': { need: 'engineer' },
  'GET /v1/dead-letters/summary': read,
  'GET /v1/dead-letters/:partition/:id': { need: 'engineer' },
  'POST /v1/dead-letters/:partition/:id/replay': change('engineer', 'dead-letter.replay'),
  'DELETE /v1/dead-letters/:partition/:id': change('engineer', 'dead-letter.discard'),

  'GET /v1/audit': { need: 'admin' },
};

/** A HEAD asks what its GET asks. @returns undefined: nobody said who may */
export const ruleOf = (method: string, path: string): RouteRule | undefined =>
  ROUTE_RULES[`${method === 'HEAD' ? 'GET' : method} ${path}`];
