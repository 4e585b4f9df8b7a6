// Sign-in: who may do what on the real program: every route by every rank, sessions, marks, tokens, names, the trail, the socket.
// In: an engine with a secret, on a real Redis. Out: statuses, codes, what the trail keeps.
// Touches child processes, loopback, a temporary folder.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ROUTE_RULES } from '../../src/access/route-rules.ts';
import { RANKS, type Rank, ROLES } from '../../src/core/access.ts';
import { type AccessStage, accessStage, ask, bearer, PASSWORD, signIn, type Who } from '../support/access-stage.ts';
import { listenLive } from '../support/live-listener.ts';
import { type RoleProcess, until } from '../support/role-process.ts';
import { upgradeStatus } from '../support/upgrade-answer.ts';

let stage: AccessStage;
/** another process on the same journal, behind a proxy that speaks https, and with little patience */
let second: RoleProcess;
let url = '';
const tokens = new Map<Rank, string>();
const tokenOf = (rank: Rank) => bearer(tokens.get(rank) ?? '');

before(async () => {
  stage = await accessStage(address => ({
    OEE_PROXIES: '127.0.0.1',
    OEE_SIGN_INS_PER_MINUTE: '100',
    // nobody is there: whoever wants to sign in by it hears so
    ...{ OEE_OIDC_ISSUER: 'http://127.0.0.1:1', OEE_OIDC_CLIENT_ID: 'oee', OEE_OIDC_ROLES: '*=viewer' },
    OEE_PUBLIC_URL: address,
  }));
  url = stage.engine.url;
  const impatient = { OEE_REQUESTS_PER_MINUTE: '30', OEE_SIGN_INS_PER_MINUTE: '2' };
  await Promise.all([
    stage.start({ ...impatient, OEE_PUBLIC_URL: '', OEE_OIDC_ISSUER: '' }).then(started => {
      second = started;
    }),
    ...RANKS.map(async rank => void tokens.set(rank, await stage.addToken(`of-${rank}`, rank))),
    stage.addUser('Anna', 'supervisor', 'Anna Berg'),
    stage.addUser('olav', 'operator'),
  ]);
});
after(() => stage?.close());

interface Deed {
  readonly who: { readonly id: string; readonly name: string };
  readonly what: string;
  readonly about: { readonly by?: string; readonly body?: unknown };
  readonly from: string;
  readonly status: number | null;
}
const deeds = async (): Promise<readonly Deed[]> =>
  (await ask<{ deeds: readonly Deed[] }>(url, 'GET /v1/audit', tokenOf('admin'))).body.deeds;

/** What a rank may change, as the session says it to the page. */
const toldTo = async (rank: Rank): Promise<readonly string[]> =>
  (await ask<Who>(url, 'GET /v1/session', tokenOf(rank))).body.may;

const REASON = {
  type: 'reclassify',
  machine: 'm1',
  from: '2026-11-20T06:00:00Z',
  to: '2026-11-20T06:10:00Z',
  category: 'setup',
  why: 'format change',
};

test('every address by every rank: strangers are asked who they are, ranks below the need are refused, all others come through', async () => {
  const wrong: string[] = [];
  const told = new Map(await Promise.all(RANKS.map(async rank => [rank, await toldTo(rank)] as const)));
  for (const [address, { need, deed }] of Object.entries(ROUTE_RULES)) {
    const path = address
      .replace(/:unit/, 'm1')
      .replace(/:partition/, '0')
      .replace(/:\w+/g, '1-1')
      .replace('/*', '/');
    const method = path.split(' ')[0] ?? '';
    const asked = (options: object) =>
      ask(url, path, { ...options, ...(method === 'POST' ? { body: path.includes('events') ? [REASON] : {} } : {}) });
    const stranger = await asked({});
    if (stranger.body.code === 'OEE_SERVER_NOT_FOUND') wrong.push(`${address}: there is no such route`);
    if ((stranger.status === 401) !== (need !== 'anyone')) wrong.push(`${address}: a stranger gets ${stranger.status}`);
    if (need === 'anyone') continue;
    for (const rank of RANKS) {
      const rankMay =
        need === 'sender' ? rank !== 'viewer' : rank !== 'machine' && ROLES.indexOf(rank) >= ROLES.indexOf(need);
      const { status } = await asked(tokenOf(rank));
      const isThrough = status !== 403 && status !== 401;
      if (isThrough !== rankMay) wrong.push(`${address}: ${rank} gets ${status}`);
      if (deed !== undefined && told.get(rank)?.includes(deed) !== isThrough) {
        wrong.push(`${address}: ${rank} is told otherwise by GET /v1/session`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  const ready = await ask(url, 'GET /health/ready');
  assert.deepEqual(ready.body, { ready: true }, 'whoever is not known hears yes or no');
  const whole = await ask(url, 'GET /health/ready', tokenOf('viewer'));
  assert.ok(Array.isArray(whole.body.neighbours));
  const api = await ask<{ components: object; paths: Record<string, Record<string, { security?: object[] }>> }>(
    url,
    'GET /openapi.json',
  );
  assert.deepEqual(Object.keys((api.body.components as { securitySchemes: object }).securitySchemes), [
    'token',
    'session',
  ]);
  assert.deepEqual(api.body.paths['/v1/plant']?.get?.security, [{ session: [] }, { token: [] }]);
});

test('each event asks for its rank, and is in the name of whoever sent it', async () => {
  const at = '2026-11-20T06:00:00Z';
  const events = [
    { id: 'n1', type: 'count', machine: 'm1', at, good: 1 },
    { ...REASON, id: 'n2', by: 'lab' },
    { id: 'n3', type: 'cycle', machine: 'm1', product: 'a', from: at, idealCycleMs: 500, by: 'lab', why: 'measured' },
  ];
  const sent = async (rank: Rank) =>
    (
      await ask<{ accepted: number; rejected: { index: number; code: string }[] }>(url, 'POST /v1/events', {
        ...tokenOf(rank),
        body: events,
      })
    ).body;
  const refusedTo = async (rank: Rank) => (await sent(rank)).rejected.map(({ index, code }) => `${index} ${code}`);
  assert.deepEqual(await refusedTo('machine'), ['1 OEE_ACCESS_ROLE', '2 OEE_ACCESS_ROLE']);
  assert.deepEqual(await refusedTo('operator'), ['0 OEE_ACCESS_ROLE', '2 OEE_ACCESS_ROLE']);
  assert.deepEqual(
    await refusedTo('engineer'),
    ['1 OEE_EVENT_ID_REUSED'],
    'the same id in the name of another is another event',
  );
  const toldOfEvents = async (rank: Rank) => {
    const may = await toldTo(rank);
    return events.map(({ type }) => may.includes(`event.${type}`));
  };
  assert.deepEqual(await toldOfEvents('machine'), [true, false, false]);
  assert.deepEqual(await toldOfEvents('operator'), [false, true, false]);
  assert.deepEqual(await toldOfEvents('engineer'), [true, true, true]);
  const anna = await signIn(url, 'ANNA ');
  const asAnother = await anna.ask('POST /v1/events', { body: [{ ...REASON, id: 'n4', by: 'olav' }] });
  assert.deepEqual([asAnother.status, asAnother.body.code], [400, 'OEE_ACCESS_BY']);
  const asHerself = await anna.ask('POST /v1/events', { body: [{ ...REASON, id: 'n5' }] });
  assert.equal(asHerself.status, 202, JSON.stringify(asHerself.body));
  const changes = await until(
    'her reason among the changes',
    async () =>
      (
        await anna.ask<{ machines: { changes: { id: string; by: string }[] }[] }>(
          'GET /v1/units/m1/explain?from=2026-11-20T05:00:00Z&to=2026-11-20T07:00:00Z',
        )
      ).body.machines[0]?.changes ?? [],
    found => found.some(({ id }) => id === 'n5'),
  );
  assert.equal(changes.find(({ id }) => id === 'n5')?.by, 'Anna Berg');
  assert.equal(changes.find(({ id }) => id === 'n2')?.by, 'lab (of-operator)');
  const [last] = await deeds();
  assert.deepEqual(
    [last?.what, last?.who.id, last?.who.name, last?.about.by, last?.status, last?.from],
    ['event.reclassify', 'user:anna', 'Anna Berg', 'Anna Berg', 202, '127.0.0.1'],
  );
});

test('a session: a cookie that no script reads, a mark for changes, an end by signing out, by a new password, by removal', async () => {
  const mistyped = (name: string) =>
    ask<Who>(url, 'POST /v1/session', { body: { name, password: 'correct horse batterx' } });
  const [answer, nobody] = [await mistyped('anna'), await mistyped('nobody')];
  assert.deepEqual([answer.status, answer.body], [401, nobody.body], 'which of both was wrong is not told');
  assert.equal(answer.headers.get('set-cookie'), null);

  const right = await ask(url, 'POST /v1/session', { body: { name: 'anna', password: PASSWORD } });
  assert.match(
    right.headers.get('set-cookie') ?? '',
    /^oee-session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/,
  );

  const anna = await signIn(url, 'anna');
  const who = await anna.ask<Who>('GET /v1/session');
  assert.deepEqual(who.body.user, { id: 'user:anna', name: 'Anna Berg', role: 'supervisor' });
  const mute = { body: { rule: 'none', minutes: 5 } };
  const codeOf = async (headers: Record<string, string>) =>
    (await anna.ask('POST /v1/alerts/mute', { ...mute, headers })).body.code;
  assert.equal(await codeOf({ 'x-oee-mark': '' }), 'OEE_ACCESS_MARK');
  assert.equal(await codeOf({ 'x-oee-mark': `${anna.mark}x` }), 'OEE_ACCESS_MARK');
  assert.equal(await codeOf({ origin: 'https://evil.example' }), 'OEE_ACCESS_ORIGIN');
  assert.equal(await codeOf({ origin: url }), 'OEE_QUERY_UNKNOWN_RULE', 'through to the route itself');

  const other = await signIn(url, 'anna');
  await anna.ask('DELETE /v1/session');
  assert.equal((await anna.ask('GET /v1/plant')).status, 401);
  assert.equal((await other.ask('GET /v1/plant')).status, 200, 'only this session');
  const elsewhere = { headers: { cookie: other.cookie } };
  assert.equal((await ask(second.url, 'GET /v1/plant', elsewhere)).status, 200, 'every process knows her');
  await stage.command('users', 'password', { name: 'anna' }, 'another long sentence');
  assert.equal((await other.ask('GET /v1/plant')).status, 401);
  assert.equal((await ask(second.url, 'GET /v1/plant', elsewhere)).status, 401);
  const overHttps = await ask(second.url, 'POST /v1/session', {
    body: { name: 'olav', password: PASSWORD },
    headers: { 'x-forwarded-proto': 'https' },
  });
  assert.match(overHttps.headers.get('set-cookie') ?? '', /^__Host-oee-session=[\w-]{43}; .*; Secure$/);
  const olav = await signIn(url, 'olav');
  await stage.command('users', 'remove', { name: 'olav' });
  assert.equal((await olav.ask('GET /v1/plant')).status, 401);
  const kept = (await stage.redis.command('KEYS', 'oee:{access}:s:*')) as string[];
  for (const key of kept) {
    assert.ok(Number(await stage.redis.command('PTTL', key)) > 0, 'every session leaves Redis by itself');
    assert.ok(!key.includes(other.cookie.split('=')[1] ?? ''), 'what is in Redis opens nothing');
  }
});

test('the socket knows the same people: by token, by cookie; strangers and machines are cut, and so are pages of others', async () => {
  const live = `${url.replace('http', 'ws')}/v1/live`;
  const viewer = tokens.get('viewer') ?? '';
  assert.equal(await upgradeStatus(`${live}?access_token=${viewer}`), 101);
  assert.equal(await upgradeStatus(`${live}?access_token=${tokens.get('machine')}`), 401);
  assert.equal(await upgradeStatus(live, { authorization: 'Bearer nonsense' }), 401);
  assert.equal(await upgradeStatus(`${live}?access_token=${viewer}`, { origin: 'https://evil.example' }), 403);
  await stage.addUser('kari', 'viewer');
  const { cookie } = await signIn(url, 'kari');
  assert.equal(await upgradeStatus(live, { cookie, origin: 'https://evil.example' }), 403);
  const known = await listenLive(live, { cookie, origin: url });
  known.say({ op: 'subscribe', units: '*', windows: ['shift'] });
  await known.hears(({ op }) => op === 'snapshot');
  known.socket.terminate();
  const stranger = await listenLive(live);
  stranger.say({ op: 'subscribe', units: '*', windows: ['shift'] });
  assert.equal((await stranger.closed).code, 4401);
  const told = await listenLive(live);
  told.say({ op: 'auth', token: viewer });
  told.say({ op: 'subscribe', units: '*', windows: ['shift'] });
  await told.hears(({ op }) => op === 'snapshot');
  told.socket.terminate();
});

test('too many questions of one address are put off, and sooner those that try passwords', async () => {
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const wrong = { ...from('192.0.2.1'), body: { name: 'nobody', password: 'x' } };
  const tries = [];
  for (let n = 0; n < 3; n++) tries.push((await ask(second.url, 'POST /v1/session', wrong)).status);
  assert.deepEqual(tries, [401, 401, 429]);
  const asked = await Promise.all(
    Array.from({ length: 31 }, () => ask(second.url, 'GET /v1/plant', from('192.0.2.2'))),
  );
  const late = asked.filter(({ status }) => status === 429);
  assert.equal(late.length, 1);
  assert.equal(late[0]?.body.code, 'OEE_ACCESS_TOO_MANY');
  assert.ok(Number(late[0]?.headers.get('retry-after')) > 0);
  const other = await ask(second.url, 'GET /v1/plant', from('192.0.2.3'));
  assert.equal(other.status, 401, 'another address is not held up');
});
