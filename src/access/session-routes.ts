// Session routes: who am I, sign in, sign out.
// In: HTTP. Out: the caller, the mark; a cookie, or none.
// Touches the book through the desk.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SessionRecord } from '../core/access.ts';
import { rejection } from '../core/rejection.ts';
import { isoOf } from '../core/time.ts';
import type { AccessDesk, OpenedSession } from './access-desk.ts';
import { limiter, refuse } from './access-gate.ts';
import { rightsOf } from './caller-rights.ts';
import { cookieText } from './cookie-text.ts';
import type { OidcDoor } from './oidc-door.ts';
import { PASSWORD_LENGTH_MAX } from './password.ts';
import { isSecureSite, sessionCookie } from './request-look.ts';
import { unseal } from './sealed-text.ts';

const TAGS = ['sign-in'];
const text = (maxLength: number): object => ({ type: 'string', minLength: 1, maxLength });
const SIGN_IN = {
  summary: 'Sign in with a name and a password',
  description: 'Sets a cookie that no script can read. What changes anything needs the mark of GET beside it.',
  tags: TAGS,
  body: {
    type: 'object',
    required: ['name', 'password'],
    additionalProperties: false,
    properties: { name: text(128), password: text(PASSWORD_LENGTH_MAX) },
  },
};
const SIGN_OUT = {
  summary: 'Sign out',
  description:
    'goTo: where the browser goes on to, so that the house that vouched for the user forgets it, too; or null.',
  tags: TAGS,
};
const WRONG = rejection(
  'OEE_ACCESS_PASSWORD_WRONG',
  'the name or the password is wrong',
  'Try again; an administrator sets a new password with npm run oee -- users password.',
);
const BUSY = rejection('OEE_ACCESS_BUSY', 'many sign in at this moment', 'Wait 1 s, then try again.');

type SignIn = { readonly Body: { readonly name: string; readonly password: string } };

export interface SessionRoutesOptions {
  readonly desk: AccessDesk;
  /** null: there is no other house */
  readonly door: OidcDoor | null;
  readonly tell: (trouble: string, fields: object) => void;
}

export async function sessionRoutes(app: FastifyInstance, { desk, door, tell }: SessionRoutesOptions): Promise<void> {
  app.get('/v1/session', { schema: { summary: 'Who am I', tags: TAGS } }, async (request, reply) =>
    reply.header('cache-control', 'no-store').send(await whoIs(request, desk)),
  );
  if (desk.isOpen) return;
  const limit = await limiter(app, desk.settings.signInsPerMinute);
  app.post<SignIn>('/v1/session', { schema: SIGN_IN }, async (request, reply) => {
    const tooMany = await limit(request);
    if (tooMany !== null) return refuse(desk, reply, tooMany);
    const { name, password } = request.body;
    const opened = await desk.signIn(name, password);
    if (opened === null || opened === 'busy') return refuse(desk, reply, opened === null ? WRONG : BUSY);
    await giveSession(desk, request, reply, opened, 'sign-in');
    return answerOf(desk, opened);
  });
  app.delete('/v1/session', { schema: SIGN_OUT }, async (request, reply) => {
    const { session, caller } = request;
    const kept = session === null ? null : await desk.sessionOf(session);
    if (session !== null) {
      if (caller !== null) await (await desk.note(caller, request.ip, 'sign-out', null))(200);
      await desk.signOut(session);
    }
    // whatever the other house does, here it is over
    const goTo = await farewell(kept, desk, door).catch((error: unknown) => {
      tell('the issuer does not answer: it was not told that somebody signed out', { error: String(error) });
      return null;
    });
    const isSecure = isSecureSite(desk.settings.publicUrl, request.protocol);
    return reply
      .header('set-cookie', cookieText(sessionCookie(isSecure), '', 0, { isSecure }))
      .send({ user: null, goTo });
  });
}

/** @returns where the browser goes on to, when another house vouched for whoever leaves */
async function farewell(kept: SessionRecord | null, desk: AccessDesk, door: OidcDoor | null): Promise<string | null> {
  if (kept === null || kept.login !== null || door === null) return null;
  const hint = unseal(desk.settings.secret ?? '', kept.hint ?? '') as { readonly idToken: string } | null;
  return (await door.farewell(hint?.idToken ?? null))?.href ?? null;
}

/** Notes it, and sets the cookie. */
export async function giveSession(
  desk: AccessDesk,
  request: FastifyRequest,
  reply: FastifyReply,
  { value, session, lastsMs }: OpenedSession,
  deed: string,
): Promise<void> {
  await (await desk.note(session.caller, request.ip, deed, null))(200);
  const isSecure = isSecureSite(desk.settings.publicUrl, request.protocol);
  reply.header('set-cookie', cookieText(sessionCookie(isSecure), value, Math.floor(lastsMs / 1000), { isSecure }));
  reply.header('cache-control', 'no-store');
}

function answerOf(desk: AccessDesk, { value, session: { caller, until } }: OpenedSession): object {
  const { id, name, rank } = caller;
  const user = { id, name, role: rank };
  const mark = desk.markOf(value);
  return { isAsked: true, user, may: rightsOf(rank), mark, until: isoOf(until), oidc: null };
}

async function whoIs({ caller, session }: FastifyRequest, desk: AccessDesk): Promise<object> {
  const oidc = desk.settings.oidc === null ? null : { title: desk.settings.oidc.title };
  const nobody = { isAsked: !desk.isOpen, user: null, may: [], mark: null, until: null, oidc };
  if (desk.isOpen || caller === null) return nobody;
  const kept = session === null ? null : await desk.sessionOf(session);
  const { id, name, rank } = caller;
  return {
    ...nobody,
    user: { id, name, role: rank },
    may: rightsOf(rank),
    mark: session === null ? null : desk.markOf(session),
    until: kept === null ? null : isoOf(kept.until),
  };
}
