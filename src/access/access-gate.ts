// Access gate: every request passes it before its route: how many, from which page, by whom, may they; and what is changed is noted first.
// In: the desk, the rules. Out: hooks of the server; `request.caller`.
// Touches the book through the desk.

import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { type Caller, mayAct } from '../core/access.ts';
import { isRejection, type Rejection, rejection } from '../core/rejection.ts';
import { type AccessDesk, OPEN_CALLER } from './access-desk.ts';
import { byOf } from './event-rules.ts';
import { refusedAtDoor } from './front-door.ts';
import { isSecureSite, shownBy } from './request-look.ts';
import { type Need, type RouteRule, ruleOf } from './route-rules.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** null: a stranger, where strangers are let in */
    caller: Caller | null;
    /** value of the session's cookie, when that is by which the caller is known */
    session: string | null;
    /** keeps what came of the deed that this request is */
    noteEnd: ((status: number) => Promise<void>) | null;
  }
}

const MINUTE_MS = 60_000;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
export const MARK_HEADER = 'x-oee-mark';
/** Of a body, as it is kept in the trail. */
const ABOUT_MAX = 4_000;

type Limiter = (request: FastifyRequest) => Promise<Rejection | null>;

/** To be called before any route is registered: it looks at each as it comes. */
export async function accessGate(app: FastifyInstance, desk: AccessDesk): Promise<void> {
  app.decorateRequest('caller', null);
  app.decorateRequest('session', null);
  app.decorateRequest('noteEnd', null);
  app.addHook('onRoute', route => tellNeed(route, desk.isOpen));
  const limit = desk.isOpen ? null : await limiter(app, desk.settings.requestsPerMinute);
  app.addHook('onRequest', async (request, reply) => {
    const refused = (await limit?.(request)) ?? (await admit(request, desk));
    if (refused !== null) return refuse(desk, reply, refused);
  });
  app.addHook('preValidation', async (request, reply) => {
    const refused = sayBy(request);
    if (refused !== null) return refuse(desk, reply, refused);
  });
  app.addHook('preHandler', request => noteDeed(request, desk));
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    // addresses of pages may hold a token
    reply.header('referrer-policy', 'same-origin');
    if (!desk.isOpen) reply.header('x-frame-options', 'SAMEORIGIN');
    // it was done or not, whether or not this can be kept; without it the trail says that the end is not known
    await request.noteEnd?.(reply.statusCode).catch(() => undefined);
  });
}

/** No address without a rule: the server does not start. */
function tellNeed(route: RouteOptions, isOpen: boolean): void {
  for (const method of [route.method].flat()) {
    const rule = ruleOf(method, route.url);
    if (rule === undefined) {
      throw new Error(`${method} ${route.url} has no row in src/access/route-rules.ts: say there who may use it`);
    }
    if (isOpen || rule.need === 'anyone' || route.schema?.hide === true) continue;
    route.schema = { ...route.schema, security: [{ session: [] }, { token: [] }] };
  }
}

/** @returns a question that says no when one address asked more often in a minute */
export async function limiter(app: FastifyInstance, perMinute: number): Promise<Limiter> {
  if (!app.hasDecorator('createRateLimit')) await app.register(rateLimit, { global: false });
  const count = app.createRateLimit({ max: perMinute, timeWindow: MINUTE_MS });
  return async request => {
    const answer = await count(request);
    if (answer.isAllowed || !answer.isExceeded) return null;
    const remedy = `Wait ${answer.ttlInSeconds} s (Retry-After); one address may ask ${perMinute} times a minute.`;
    return rejection('OEE_ACCESS_TOO_MANY', 'too many requests from this address', remedy);
  };
}

async function admit(request: FastifyRequest, desk: AccessDesk): Promise<Rejection | null> {
  const rule = ruleOf(request.method, request.routeOptions.url ?? '');
  const { publicUrl } = desk.settings;
  const strange = refusedAtDoor(request.headers, desk.settings, !SAFE.has(request.method));
  if (strange !== null) return strange;
  if (rule === undefined) return null;
  if (desk.isOpen) {
    request.caller = OPEN_CALLER;
    return null;
  }
  const { access_token: queryToken } = request.query as { access_token?: unknown };
  const shown = shownBy(
    request.headers,
    typeof queryToken === 'string' ? queryToken : null,
    isSecureSite(publicUrl, request.protocol),
  );
  request.caller = await desk.callerOf(shown);
  request.session = shown.token === null ? shown.session : null;
  if (rule.need === 'anyone') return null;
  if (request.caller === null) return NOBODY;
  if (!mayUse(request.caller, rule.need)) return tooLow(request.caller, rule.need);
  const isMarked = SAFE.has(request.method) || request.session === null;
  return isMarked || desk.isMark(request.session ?? '', String(request.headers[MARK_HEADER] ?? '')) ? null : NO_MARK;
}

function mayUse({ rank }: Caller, need: Exclude<Need, 'anyone'>): boolean {
  return need === 'sender' ? rank === 'machine' || mayAct(rank, 'operator') : mayAct(rank, need);
}

/** The body's `by` is whoever is signed in. */
function sayBy(request: FastifyRequest): Rejection | null {
  const { caller } = request;
  const rule = ruleOf(request.method, request.routeOptions.url ?? '');
  const isAsked = rule?.saysBy === true && caller !== null && caller.how !== 'open';
  if (!isAsked || typeof request.body !== 'object' || request.body === null) return null;
  const body = request.body as { by?: unknown };
  const by = byOf(caller, body.by);
  if (typeof by !== 'string') return by;
  body.by = by;
  return null;
}

/** Kept before it is done: what dies in the middle is in the trail with an end that is not known. */
async function noteDeed(request: FastifyRequest, desk: AccessDesk): Promise<void> {
  const rule: RouteRule | undefined = ruleOf(request.method, request.routeOptions.url ?? '');
  if (rule?.deed === undefined || request.caller === null) return;
  const about = { ...(request.params as object), ...(request.body === null ? {} : { body: request.body }) };
  request.noteEnd = await desk.note(request.caller, request.ip, rule.deed, bounded(about));
}

export function bounded(about: unknown): unknown {
  const text = JSON.stringify(about) ?? 'null';
  return text.length <= ABOUT_MAX ? about : `${text.slice(0, ABOUT_MAX)}…`;
}

const STATUSES: Readonly<Record<string, number>> = {
  OEE_ACCESS_NOBODY: 401,
  OEE_ACCESS_PASSWORD_WRONG: 401,
  OEE_ACCESS_TOO_MANY: 429,
  OEE_ACCESS_BUSY: 429,
};

/** Says why, and counts it. */
export function refuse(desk: AccessDesk, reply: FastifyReply, why: Rejection): FastifyReply {
  desk.countRefusal(why.code);
  const status = STATUSES[why.code] ?? 403;
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 429) reply.header('retry-after', /Wait (\d+) s/.exec(why.remedy)?.[1] ?? '1');
  return reply.code(status).send(why);
}

export const isRefusal = (value: unknown): value is Rejection =>
  typeof value === 'object' && value !== null && isRejection(value);

const NOBODY = rejection(
  'OEE_ACCESS_NOBODY',
  'nobody is signed in',
  'Sign in on the page, or send "Authorization: Bearer …" with a token (npm run oee -- tokens add).',
);
const NO_MARK = rejection(
  'OEE_ACCESS_MARK',
  `a session changes nothing without its mark in ${MARK_HEADER}`,
  'GET /v1/session tells the mark; programs use a token instead.',
);
const tooLow = ({ rank }: Caller, need: Need): Rejection =>
  rejection('OEE_ACCESS_ROLE', `the role ${rank} may not do this`, `It takes the role ${need}, or a higher one.`);
