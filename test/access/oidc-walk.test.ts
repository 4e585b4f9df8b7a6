// OIDC walk: another house says who she is: through a real provider, with PKCE, to a session with the role of her group.
// In: the real engine, a real provider. Out: who she is here; what a forged or stale way back comes to.
// Touches child processes, loopback, a temporary folder.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openOidcDoor } from '../../src/access/oidc-door.ts';
import { openClient } from '../../src/client/oee-client.ts';
import { readConfig } from '../../src/config.ts';
import { type AccessStage, accessStage, ask, SECRET, type Who } from '../support/access-stage.ts';
import { CLIENT, type CookieJars, type OidcHouse, openOidcHouse, walk } from '../support/oidc-house.ts';

const settingsOf = (url: string, { issuer }: OidcHouse): Readonly<Record<string, string>> => ({
  OEE_PUBLIC_URL: url,
  OEE_OIDC_ISSUER: issuer,
  OEE_OIDC_CLIENT_ID: CLIENT.id,
  OEE_OIDC_CLIENT_SECRET: CLIENT.secret,
  OEE_OIDC_SCOPE: 'openid profile groups',
  OEE_OIDC_SESSION_HOURS: '1',
  OEE_OIDC_ROLES: 'packing=operator, shift-leads=supervisor, oee-admins=admin',
});

async function twoHouses(t: TestContext): Promise<{ readonly stage: AccessStage; readonly house: OidcHouse }> {
  // the address of the engine is known to the house before the engine is there
  let house: OidcHouse | null = null;
  const stage = await accessStage(async url => {
    house = await openOidcHouse(new URL('/v1/session/oidc/callback', url).href, {
      name: 'Kari Nordmann',
      groups: ['packing', 'shift-leads'],
    });
    return settingsOf(url, house);
  });
  assert.ok(house !== null);
  const opened: OidcHouse = house;
  t.after(async () => {
    await stage.close();
    await opened.close();
  });
  return { stage, house: opened };
}

test('the way to the other house and back', { timeout: 120_000 }, async t => {
  const { stage, house } = await twoHouses(t);
  const { url } = stage.engine;
  const isHome = (address: string): boolean => address.startsWith(url) && !address.includes('/v1/session');
  const start = new URL('/v1/session/oidc', url).href;
  const cookieOf = (cookies: ReadonlyMap<string, string>): string =>
    [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  await t.test('she is who the house says, with the highest role of her groups; the trail says so', async () => {
    const { status, cookies, url: last } = await walk(start, isHome);
    assert.deepEqual([status, last], [200, `${url}/`]);
    assert.deepEqual([...cookies.keys()], ['oee-session'], 'what was needed for the way is gone');
    const who = await ask<Who & { until: string }>(url, 'GET /v1/session', { headers: { cookie: cookieOf(cookies) } });
    assert.deepEqual(who.body.user, { id: 'oidc:sub-7', name: 'Kari Nordmann', role: 'supervisor' });
    const lasts = Date.parse(who.body.until) - Date.now();
    assert.ok(lasts > 0 && lasts <= 3_600_000, 'an hour, though users of our own have twelve');
    const trail = await stage.command('audit', 'list');
    assert.match(trail, /Kari Nordmann +sign-in\.oidc +200/);
  });

  await t.test('whoever signs out here is signed out there, too; till then the house asks nothing', async () => {
    const jars: CookieJars = new Map();
    assert.deepEqual((await walk(start, isHome, { jars })).prompts, ['login', 'consent']);
    const again = await walk(start, isHome, { jars });
    assert.deepEqual(again.prompts, []);
    const kept = (await stage.redis.command('KEYS', 'oee:{access}:s:*')) as string[];
    const held = JSON.stringify(await Promise.all(kept.map(key => stage.redis.command('HGETALL', key))));
    const out = await ask<{ goTo: string }>(url, 'DELETE /v1/session', {
      headers: { cookie: cookieOf(again.cookies) },
    });
    const goTo = new URL(out.body.goTo);
    const token = goTo.searchParams.get('id_token_hint') ?? '';
    assert.deepEqual([goTo.origin, token.split('.').length], [house.issuer, 3]);
    assert.ok(held.includes('hint') && !held.includes(token), 'sealed as long as it lies in Redis');
    const gone = await walk(goTo.href, isHome, { jars });
    assert.deepEqual([gone.url, gone.prompts], [`${url}/`, ['sign-out']]);
    assert.deepEqual((await walk(start, isHome, { jars })).prompts, ['login', 'consent']);
    for (const [word, host] of [
      ['here', undefined],
      ['everywhere', goTo.host],
    ] as const) {
      const config = readConfig({ ...settingsOf(url, house), OEE_SECRET: SECRET, OEE_OIDC_SIGN_OUT: word });
      assert.ok('access' in config, JSON.stringify(config));
      assert.equal((await openOidcDoor(config.access)?.farewell(token))?.host, host, word);
    }
  });

  await t.test('a program in her page writes under her session, also when another has begun meanwhile', async () => {
    const signIn = async (): Promise<string> => cookieOf((await walk(start, isHome)).cookies);
    let cookie = await signIn();
    const asked: string[] = [];
    // what a browser adds by itself
    const client = openClient({
      url,
      fetch: (input, init) => {
        asked.push(`${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`);
        const headers = new Headers(init?.headers);
        headers.set('cookie', cookie);
        if (init?.method === 'POST') headers.set('origin', url);
        return fetch(input, { ...init, headers });
      },
    });
    const [to, from] = [Date.now(), Date.now() - 60_000];
    const reason = { type: 'reclassify', machine: 'm1', from, to, category: 'setup', why: 'format change' } as const;
    const both = await Promise.all([client.send(reason), client.send(reason)]);
    assert.deepEqual(
      both.map(({ accepted, rejected }) => [accepted, rejected]),
      [
        [1, []],
        [1, []],
      ],
    );
    assert.match(await stage.command('audit', 'list', { count: 1, json: true }), /"by": "Kari Nordmann"/);
    asked.length = 0;
    await client.send(reason);
    assert.deepEqual(asked.splice(0), ['POST /v1/events'], 'the mark is known now');
    cookie = await signIn();
    assert.equal((await client.send(reason)).accepted, 1);
    assert.deepEqual(asked, ['POST /v1/events', 'GET /v1/session', 'POST /v1/events']);
    await assert.rejects(client.acknowledge('none:m1:0'), { code: 'OEE_QUERY_NO_ALERT' });
    cookie = '';
    await assert.rejects(client.send(reason), { code: 'OEE_ACCESS_NOBODY', status: 401 });
  });

  await t.test('without a group of ours she is nobody here', async () => {
    house.claims = { name: 'Kari Nordmann', groups: ['canteen'] };
    const { url: last, cookies } = await walk(start, isHome);
    assert.equal(last, `${url}/?refused=OEE_ACCESS_OIDC_ROLE`);
    assert.equal(cookies.get('oee-session'), undefined);
  });

  await t.test(
    'a true code opens nothing with another state, or in a browser that did not ask for it; and then what it should',
    async () => {
      house.claims = { name: 'Kari Nordmann', groups: ['packing'] };
      const { url: back, cookies } = await walk(start, isHome, {
        before: address => address.includes('/callback?'),
      });
      const cookie = cookieOf(cookies);
      const other = new URL(back);
      other.searchParams.set('state', 'other');
      const stranger = (await ask(url, 'GET /v1/session/oidc')).headers.get('set-cookie')?.split(';')[0] ?? '';
      const opened = async (address: string, shown: string): Promise<string | null> =>
        (await ask(url, `GET ${address.slice(url.length)}`, { headers: { cookie: shown } })).headers.get('location');
      assert.equal(await opened(other.href, cookie), `${url}/?refused=OEE_ACCESS_OIDC`);
      assert.equal(await opened(back, stranger), `${url}/?refused=OEE_ACCESS_OIDC`);
      assert.equal(await opened(back, cookie), `${url}/`);
      assert.equal(await opened(back, cookie), `${url}/?refused=OEE_ACCESS_OIDC`, 'a code is good once');
    },
  );

  await t.test('a way back that this browser did not begin, or with another state, opens nothing', async () => {
    const begun = await ask(url, 'GET /v1/session/oidc');
    const to = new URL(begun.headers.get('location') ?? '');
    assert.equal(to.searchParams.get('code_challenge_method'), 'S256');
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const state = to.searchParams.get('state') ?? '';
    assert.ok(!cookie.includes(state), 'the journey is sealed');
    const back = (query: string, headers: Record<string, string>) =>
      ask(url, `GET /v1/session/oidc/callback?${query}`, { headers });
    const iss = encodeURIComponent(house.issuer);
    const tries = await Promise.all([
      back(`code=stolen&state=${state}&iss=${iss}`, {}),
      back(`code=stolen&state=other&iss=${iss}`, { cookie }),
      back(`code=stolen&state=${state}&iss=${iss}`, { cookie: `${cookie}x` }),
      back(`code=stolen&state=${state}&iss=${iss}`, { cookie }),
    ]);
    for (const { status, headers } of tries) {
      assert.deepEqual([status, headers.get('location')], [302, `${url}/?refused=OEE_ACCESS_OIDC`]);
      assert.ok(!(headers.get('set-cookie') ?? '').includes('oee-session'));
    }
  });
});
