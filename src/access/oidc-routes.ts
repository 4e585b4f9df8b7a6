// OIDC routes: to the other house and back: the browser carries what it needs for the way back in a sealed cookie.
// In: HTTP. Out: redirects; a session at the end; a word for the page when it came to none.
// Touches the network through the door, the book through the desk.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessDesk } from './access-desk.ts';
import { isRefusal, limiter, refuse } from './access-gate.ts';
import { cookieIn, cookieName, cookieText } from './cookie-text.ts';
import type { OidcDoor, OidcJourney } from './oidc-door.ts';
import { isSecureSite } from './request-look.ts';
import { seal, unseal } from './sealed-text.ts';
import { giveSession } from './session-routes.ts';

export interface OidcRoutesOptions {
  readonly desk: AccessDesk;
  /** null: there is no other house */
  readonly door: OidcDoor | null;
  readonly tell: (trouble: string, fields: object) => void;
}

const COOKIE = 'oee-journey';
/** Long enough for a password and a second factor. */
const JOURNEY_S = 600;

export async function oidcRoutes(app: FastifyInstance, { desk, door, tell }: OidcRoutesOptions): Promise<void> {
  const { oidc, secret, publicUrl } = desk.settings;
  if (door === null || oidc === null || secret === null) return;
  const { home, redirectUri } = door;
  const limit = await limiter(app, desk.settings.signInsPerMinute);
  const site = (request: FastifyRequest) => ({ isSecure: isSecureSite(publicUrl, request.protocol) });
  const failed = (reply: FastifyReply, code: string, error: unknown): FastifyReply => {
    tell('nobody was signed in by the issuer', { code, error: String((error as Error)?.message ?? error) });
    return reply.redirect(`${home}?refused=${code}`);
  };

  app.get('/v1/session/oidc', { schema: { hide: true } }, async (request, reply) => {
    const tooMany = await limit(request);
    if (tooMany !== null) return refuse(desk, reply, tooMany);
    try {
      const { to, journey } = await door.leave();
      const cookie = cookieText(
        cookieName(COOKIE, site(request)),
        seal(secret, journey, desk.random),
        JOURNEY_S,
        site(request),
      );
      return reply.header('set-cookie', cookie).header('cache-control', 'no-store').redirect(to.href);
    } catch (error) {
      return failed(reply, 'OEE_ACCESS_OIDC_AWAY', error);
    }
  });
  app.get('/v1/session/oidc/callback', { schema: { hide: true } }, async (request, reply) => {
    const name = cookieName(COOKIE, site(request));
    const journey = unseal(secret, cookieIn(request.headers.cookie, name) ?? '') as OidcJourney | null;
    if (journey === null) return failed(reply, 'OEE_ACCESS_OIDC', 'the way back without the way there');
    try {
      const back = new URL(redirectUri);
      back.search = new URL(request.url, redirectUri).search;
      const guest = await door.comeBack(back, journey);
      if (isRefusal(guest)) return failed(reply, guest.code, guest.message);
      const { caller, idToken } = guest;
      const hint = idToken === null ? {} : { hint: seal(secret, { idToken }, desk.random) };
      const opened = await desk.openSession({ caller, login: null, edition: null, ...hint }, oidc.sessionMs);
      await giveSession(desk, request, reply, opened, 'sign-in.oidc');
    } catch (error) {
      return failed(reply, 'OEE_ACCESS_OIDC', error);
    }
    // the journey's cookie has done its work
    return reply.header('set-cookie', cookieText(name, '', 0, site(request))).redirect(home);
  });
}
