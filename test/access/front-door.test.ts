// Front door: under which names an engine is asked: where nobody signs in no other name gets through, so that no page elsewhere can point its own here.
// In: names as browsers say them, at the real program and at the rule itself. Out: what is let in; what is refused, why, and counted.
// Touches child processes, loopback, a temporary folder.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { refusedAtDoor } from '../../src/access/front-door.ts';
import { accessStage } from '../support/access-stage.ts';
import { upgradeAnswer } from '../support/upgrade-answer.ts';

const SECRET = 'x'.repeat(32);
const EVENT = JSON.stringify([{ id: 'e1', type: 'heartbeat', machine: 'm1', at: Date.now() }]);
type Said = readonly [status: number, code: string | null];

function said(status: number, body: string): Said {
  if (status !== 403) return [status, null];
  const { code, remedy } = JSON.parse(body) as { code: string; remedy: string };
  assert.ok(remedy.length > 20, body);
  return [status, code];
}

async function ask(url: string, method: string, path: string, headers: OutgoingHttpHeaders): Promise<Said> {
  const type = method === 'POST' ? { 'content-type': 'application/json' } : {};
  const asked = request(new URL(path, url), { method, headers: { ...type, ...headers } });
  asked.end(method === 'POST' ? EVENT : '');
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return said(answer.statusCode ?? 0, await text(answer));
}

async function upgrade(url: string, headers: Record<string, string>): Promise<Said> {
  const { status, body } = await upgradeAnswer(`${url.replace('http', 'ws')}/v1/live`, headers);
  return said(status, body);
}

test('an engine that asks nobody who they are answers under loopback and configured names only, on every way in, and counts the rest', async t => {
  const stage = await accessStage(() => ({
    ...{ OEE_SECRET: '', OEE_PUBLIC_URL: 'http://oee.lan', OEE_HOSTS: 'Oee-2.lan:8080, oee-3.lan' },
  }));
  t.after(() => stage.close());
  const { url, metric } = stage.engine;
  const { port } = new URL(url);
  const refused: Said = [403, 'OEE_ACCESS_HOST'];
  const strange = [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.7',
  ];
  for (const host of strange) {
    // the page was loaded from there, and then the name was pointed here: its requests are of its own origin
    const origin = `http://${host}`;
    assert.deepEqual(await ask(url, 'GET', '/v1/plant', { host }), refused, host);
    assert.deepEqual(await ask(url, 'GET', '/nowhere', { host }), refused, host);
    assert.deepEqual(await ask(url, 'POST', '/v1/events', { host, origin }), refused, host);
    assert.deepEqual(await upgrade(url, { host, origin }), refused, host);
  }
  for (const host of [
    `127.0.0.1:${port}`,
    'localhost',
    'LOCALHOST:1',
    '[::1]:9',
    '127.9.9.9',
    'oee.lan',
    'oee-2.lan',
  ]) {
    const origin = `http://${host.toLowerCase()}`;
    assert.deepEqual(await ask(url, 'GET', '/v1/plant', { host }), [200, null], host);
    assert.deepEqual(await ask(url, 'POST', '/v1/events', { host: host.toLowerCase(), origin }), [202, null], host);
    assert.deepEqual(await upgrade(url, { host }), [101, null], host);
  }
  assert.deepEqual(await ask(url, 'POST', '/v1/events', { origin: 'http://evil.example' }), [403, 'OEE_ACCESS_ORIGIN']);
  const counted = await metric('oee_access_refusals_total');
  assert.deepEqual(
    [...counted],
    [
      ['{code="OEE_ACCESS_HOST"}', strange.length * 4],
      ['{code="OEE_ACCESS_ORIGIN"}', 1],
    ],
  );
});

test('with sign-in a page is of the public address or of a name of ours; programs, probes and proxies name us as they like', () => {
  const publicUrl = 'https://oee.example';
  const codeOf = (headers: IncomingHttpHeaders, plate: object = {}, isChange = true): string | null =>
    refusedAtDoor(headers, { secret: SECRET, publicUrl, hosts: ['oee.lan'], ...plate }, isChange)?.code ?? null;
  const host = 'evil.example:8080';
  const origin = `http://${host}`;
  assert.equal(codeOf({ host, origin }), 'OEE_ACCESS_HOST');
  assert.equal(codeOf({ host, origin }, {}, false), 'OEE_ACCESS_HOST', 'nor may it only ask');
  assert.equal(codeOf({ host, origin }, { publicUrl: null }), 'OEE_ACCESS_HOST', 'names are given');
  assert.equal(codeOf({ host, origin }, { publicUrl: null, hosts: [] }), null, 'no name is: its cookies are not ours');
  assert.equal(codeOf({ host: 'engine-7:8080' }), null, 'a gateway, a probe');
  assert.equal(
    codeOf({ host: 'backend', origin: publicUrl }),
    null,
    'our page, by a proxy that passes a name of its own',
  );
  for (const own of ['oee.example', 'oee.lan:8080', '10.0.0.7:8080', '[fd00::7]', 'localhost:8080']) {
    assert.equal(codeOf({ host: own, origin: `http://${own}` }), null, own);
  }
  assert.equal(codeOf({ host: 'oee.lan', origin: 'http://evil.example' }), 'OEE_ACCESS_ORIGIN');
  for (const odd of ['', 'evil.example/127.0.0.1', 'evil.example#@localhost', 'x@localhost', 'localhost\\', '[::1']) {
    assert.equal(codeOf({ host: odd }, { secret: null }), 'OEE_ACCESS_HOST', odd);
  }
  assert.equal(codeOf({}, { secret: null }), null, 'HTTP 1.0: no browser');
});
