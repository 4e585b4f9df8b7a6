// Session routes: who am I, sign in, sign out.
// In: HTTP. Out: the caller, the mark; a cookie, or none.
// Touches the book through the desk.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { rejection } from '../core/rejection.ts';
import { isoOf } from '../core/time.ts';
import type { AccessDesk, OpenedSession } from './access-desk.ts';
import { limiter, refuse } from './access-gate.ts';
import { cookieText } from './cookie-text.ts';
import { PASSWORD_LENGTH_MAX } from './password.ts';
import { isSecureSite, sessionCookie } from './request-look.ts';

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
const WRONG = rejection(
  'OEE_ACCESS_PASSWORD_WRONG',
  'the name or the password is wrong',
  'Try again; an administrator sets a new password with npm run oee -- users password.',
);
const BUSY = rejection('OEE_ACCESS_BUSY', 'many sign in at this moment', 'Wait 1 s, then try again.');

type SignIn = { readonly Body: { readonly name: string; readonly password: string } };

export async function sessionRoutes(app: FastifyInstance, { desk }: { readonly desk: AccessDesk }): Promise<void> {
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
  app.delete('/v1/session', { schema: { summary: 'Sign out', tags: TAGS } }, async (request, reply) => {
    const { session, caller } = request;
    if (session !== null) {
      if (caller !== null) await (await desk.note(caller, request.ip, 'sign-out', null))(200);
      await desk.signOut(session);
    }
    const isSecure = isSecureSite(desk.settings.publicUrl, request.protocol);
    return reply.header('set-cookie', cookieText(sessionCookie(isSecure), '', 0, { isSecure })).send({ user: null });
  });
}

/** Notes it, and sets the cookie. */
export async function giveSession(
  desk: AccessDesk,
  request: FastifyRequest,
  reply: FastifyReply,
  { value, session }: OpenedSession,
  deed: string,
): Promise<void> {
  await (await desk.note(session.caller, request.ip, deed, null))(200);
  const isSecure = isSecureSite(desk.settings.publicUrl, request.protocol);
  const maxAgeS = Math.floor(desk.settings.sessionMs / 1000);
  reply.header('set-cookie', cookieText(sessionCookie(isSecure), value, maxAgeS, { isSecure }));
  reply.header('cache-control', 'no-store');
}

function answerOf(desk: AccessDesk, { value, session: { caller, until } }: OpenedSession): object {
  const { id, name, rank } = caller;
  return { isAsked: true, user: { id, name, role: rank }, mark: desk.markOf(value), until: isoOf(until), oidc: null };
}

async function whoIs({ caller, session }: FastifyRequest, desk: AccessDesk): Promise<object> {
  const oidc = desk.settings.oidc === null ? null : { title: desk.settings.oidc.title };
  const nobody = { isAsked: !desk.isOpen, user: null, mark: null, until: null, oidc };
  if (desk.isOpen || caller === null) return nobody;
  const kept = session === null ? null : await desk.sessionOf(session);
  const { id, name, rank } = caller;
  return {
    ...nobody,
    user: { id, name, role: rank },
    mark: session === null ? null : desk.markOf(session),
    until: kept === null ? null : isoOf(kept.until),
  };
}
