// OIDC house: a real OpenID provider with one person in it, and her browser, which follows every redirect.
// In: the redirect address, what the house says of her. Out: the issuer; a walk from a first address to the last answer.
// Touches a loopback port.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-expect-error it comes without types
import Provider from 'oidc-provider';

export interface OidcHouse {
  readonly issuer: string;
  /** what it says of her from now on */
  claims: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

export const CLIENT = { id: 'oee', secret: 'a secret between two houses' };

export async function openOidcHouse(
  redirectUri: string,
  claims: Readonly<Record<string, unknown>>,
): Promise<OidcHouse> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const house = { issuer, claims, close: async () => void server.close() };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [new URL('/', redirectUri).href],
      },
    ],
    claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'groups'],
    pkce: { required: () => true },
    cookies: { keys: ['a key of the tests'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...house.claims }),
    }),
  });
  server.on('request', provider.callback());
  return house;
}

export interface Walked {
  readonly url: string;
  readonly status: number;
  /** of the last house, by name */
  readonly cookies: ReadonlyMap<string, string>;
  /** what she was asked on the way, and answered */
  readonly prompts: readonly string[];
}

/** By host and port, then by name. */
export type CookieJars = Map<string, Map<string, string>>;
const ANSWERS: Readonly<Record<string, string>> = {
  login: 'prompt=login&login=sub-7&password=any',
  consent: 'prompt=consent',
};

/**
 * A browser without a face: cookies per host and port, redirects followed, forms of the house filled in.
 * @param until the page that it was all for
 * @param jars what the browser has from earlier walks
 * @param before an address that it is about to ask, and does not: it is given back with what the browser would have shown
 */
export async function walk(
  first: string,
  until: (url: string) => boolean,
  { before = () => false, jars = new Map() }: { before?: (url: string) => boolean; jars?: CookieJars } = {},
): Promise<Walked> {
  const prompts: string[] = [];
  let [url, form]: [string, string | null] = [first, null];
  for (let step = 0; step < 20; step++) {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    if (before(url)) return { url, status: 0, cookies: jar, prompts };
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer: Response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie, ...(form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form === null ? {} : { method: 'POST', body: form }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /Max-Age=0/.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const to = answer.headers.get('location');
    const page = await answer.text();
    if (to === null && until(url)) return { url, status: answer.status, cookies: jar, prompts };
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page) ?? [];
    const [, prompt = 'sign-out'] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
    if (to === null && action === undefined) throw new Error(`${url}: ${answer.status} ${page.slice(0, 500)}`);
    form = to !== null ? null : (ANSWERS[prompt] ?? `logout=yes&xsrf=${xsrf}`);
    if (to === null) prompts.push(prompt);
    url = new URL(to ?? action ?? '', url).href;
  }
  throw new Error(`it goes round and round: ${url}`);
}
