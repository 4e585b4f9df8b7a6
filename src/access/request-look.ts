// Request look: what a request shows of whoever sent it, and of the page it was sent from.
// In: headers, the address it came to. Out: token, session, whether it is of our own page.
// Pure.

import type { IncomingHttpHeaders } from 'node:http';
import type { Shown } from './access-desk.ts';
import { cookieIn, cookieName } from './cookie-text.ts';

/** Behind a proxy that speaks https for us the cookie still is Secure, and its name says so. */
const SESSION_COOKIE = 'oee-session';

export function isSecureSite(publicUrl: string | null, protocol: string): boolean {
  return publicUrl === null ? protocol === 'https' : publicUrl.startsWith('https:');
}

export const sessionCookie = (isSecure: boolean): string => cookieName(SESSION_COOKIE, { isSecure });

/** @param queryToken of the address: a page cannot set headers on a WebSocket, nor a wall screen on its first question */
export function shownBy(headers: IncomingHttpHeaders, queryToken: string | null, isSecure: boolean): Shown {
  return {
    token: /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? queryToken,
    // one that was set over https is as good over the same host's socket; never the other way round
    session:
      cookieIn(headers.cookie, sessionCookie(true)) ??
      (isSecure ? null : cookieIn(headers.cookie, sessionCookie(false))),
  };
}

/**
 * Whether a page of another house sent it: a browser says where a request comes from, a program says nothing.
 * @param publicUrl where our own page is opened; null: under the host that the request names
 */
export function isForeign({ origin, host }: IncomingHttpHeaders, publicUrl: string | null): boolean {
  if (origin === undefined) return false;
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
