// Live manners: slow, silent, hostile and uninvited clients of /v1/live, and how nobody else notices them.
// In: a real server, real sockets that misbehave. Out: counts, codes, close codes.
// Touches: loopback ports.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { rejection } from '../../src/core/rejection.ts';
import { HEARTBEAT_MS, type LiveDoor, openLiveDoor, SLOW_MS } from '../support/live-door.ts';
import { listenLive } from '../support/live-listener.ts';
import { madeUpResult, madeUpState } from '../support/made-up-outputs.ts';
import { upgradeStatus } from '../support/upgrade-answer.ts';

async function door(t: TestContext, options: Parameters<typeof openLiveDoor>[0] = {}): Promise<LiveDoor> {
  const opened = await openLiveDoor(options);
  t.after(() => opened.close());
  return opened;
}

/** Larger than what the kernel holds for a socket: 400 results of 60 kB for three units, at the end in another order. */
const RESULTS = 400;
const unitOf = (n: number): string => `machine-${n > RESULTS - 3 ? RESULTS - n : n % 3}`;
const WHY = 'x'.repeat(60_000);

test('a slow client gets the newest of each unit and window, and the client beside it gets everything', async t => {
  const { hub, url } = await door(t);
  const [slow, fast] = [await listenLive(url), await listenLive(url)];
  for (const client of [slow, fast]) {
    client.say({ op: 'subscribe', units: '*', windows: ['shift'] });
    await client.hears(f => f.op === 'snapshot');
  }
  slow.socket.pause();
  for (let n = 1; n <= RESULTS; n += 1) {
    hub.publish([madeUpResult(unitOf(n), 'shift', { revision: n, why: `${n} ${WHY}` })]);
    await fast.hears(f => f.offset === n && f.op === 'result');
  }
  assert.equal(fast.frames.filter(f => f.op === 'result').length, RESULTS);
  const { coalesced } = hub.stats();
  assert.ok(coalesced > 0, 'nothing was held back: the kernel took it all');
  slow.socket.resume();
  await slow.hears(f => f.op === 'result' && f.offset === RESULTS);
  const got = slow.frames.filter(f => f.op === 'result').map(f => f.offset ?? 0);
  assert.equal(got.length, RESULTS - coalesced);
  assert.deepEqual(got.slice(-3), [RESULTS - 2, RESULTS - 1, RESULTS], 'the newest of all units, the oldest first');
  assert.deepEqual(
    got,
    [...got].sort((a, b) => a - b),
  );
  assert.equal(hub.stats().cutSlow, 0);
  // the hub has forgotten the slowness with the last frame that waited
  hub.publish([madeUpState('filler')]);
  await slow.hears(f => f.op === 'state');
});

test('a client that stays slow is told why and closed with 4408', async t => {
  const { hub, url, fire } = await door(t);
  const slow = await listenLive(url);
  slow.say({ op: 'subscribe', units: '*' });
  await slow.hears(f => f.op === 'snapshot');
  slow.socket.pause();
  for (let n = 1; hub.stats().coalesced === 0; n += 1) {
    hub.publish([madeUpResult('filler', 'shift', { revision: n, why: WHY })]);
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.equal(fire(SLOW_MS), 1);
  slow.socket.resume();
  const told = await slow.hears(f => f.op === 'error');
  assert.equal(told.code, 'OEE_LIVE_TOO_SLOW');
  assert.deepEqual(await slow.closed, { code: 4408, reason: 'OEE_LIVE_TOO_SLOW' });
  assert.equal(hub.stats().cutSlow, 1);
});

test('a client so far behind that too much waits for it gets a gap and a snapshot when it reads again', async t => {
  const { hub, url } = await door(t);
  const slow = await listenLive(url);
  slow.say({ op: 'subscribe', units: '*' });
  await slow.hears(f => f.op === 'snapshot');
  slow.socket.pause();
  for (let n = 1; hub.stats().coalesced === 0; n += 1) {
    hub.publish([madeUpResult('filler', 'shift', { revision: n, why: WHY })]);
    await new Promise(resolve => setImmediate(resolve));
  }
  hub.publish(Array.from({ length: 10_001 }, (_, n) => madeUpState(`machine-${n}`)));
  slow.socket.resume();
  const gap = await slow.hears(f => f.op === 'gap');
  assert.equal(gap.because, 'slow');
  const snapshot = await slow.hears(f => f.op === 'snapshot' && (f.states?.length ?? 0) > 0);
  assert.equal(snapshot.states?.length, 10_001);
  assert.equal(snapshot.offset, hub.stats().published);
});

test('a dead socket is ended at the second heartbeat, a living one is not', async t => {
  const { hub, url, fire } = await door(t);
  const living = await listenLive(url);
  const dead = new WebSocket(url, { autoPong: false });
  await once(dead, 'open');
  assert.equal(hub.stats().clients, 2);
  fire(HEARTBEAT_MS);
  await Promise.all([once(living.socket, 'ping'), once(dead, 'ping')]);
  // the answer to this is heard after the pong that the living client sent before it
  living.say({ op: 'ping' });
  await living.hears(f => f.op === 'pong');
  fire(HEARTBEAT_MS);
  const [code] = await once(dead, 'close');
  assert.equal(code, 1006);
  assert.equal(hub.stats().clients, 1);
});

const HOSTILE: readonly [string | Buffer, string][] = [
  ['not json', 'OEE_LIVE_NOT_JSON'],
  [Buffer.from([0, 1, 2]), 'OEE_LIVE_NOT_JSON'],
  ['[1]', 'OEE_LIVE_NOT_OBJECT'],
  ['null', 'OEE_LIVE_NOT_OBJECT'],
  ['{"op":"__proto__"}', 'OEE_LIVE_UNKNOWN_OP'],
  ['{"op":"subscribe"}', 'OEE_LIVE_BAD_UNITS'],
  ['{"op":"subscribe","units":[]}', 'OEE_LIVE_BAD_UNITS'],
  ['{"op":"subscribe","units":[{"a":1}]}', 'OEE_LIVE_BAD_UNITS'],
  ['{"op":"subscribe","units":["no-such-unit"]}', 'OEE_LIVE_UNKNOWN_UNIT'],
  ['{"op":"subscribe","units":"*","windows":["fortnight"]}', 'OEE_LIVE_BAD_WINDOWS'],
  ['{"op":"subscribe","units":"*","since":{"epoch":"e1","offset":-1}}', 'OEE_LIVE_BAD_SINCE'],
  ['{"op":"subscribe","units":"*","since":7}', 'OEE_LIVE_BAD_SINCE'],
];

test('whatever a hostile client says it is told what was wrong, the sixth time it is closed with 4400', async t => {
  const { hub, url } = await door(t);
  for (let from = 0; from < HOSTILE.length; from += 6) {
    const client = await listenLive(url);
    const six = HOSTILE.slice(from, from + 6);
    for (const [text] of six) client.say(text);
    assert.equal((await client.closed).code, 4400);
    assert.deepEqual(
      client.frames.map(f => f.code),
      six.map(([, code]) => code),
    );
  }
  assert.equal(hub.stats().faults, HOSTILE.length);
});

test('a message beyond the bound and a flood of messages end their own connection only', async t => {
  const { hub, url } = await door(t);
  const [quiet, big, flood] = [await listenLive(url), await listenLive(url), await listenLive(url)];
  big.say('x'.repeat(65 * 1024));
  assert.equal((await big.closed).code, 1009);
  for (let n = 0; n < 301; n += 1) flood.say({ op: 'ping' });
  assert.equal((await flood.closed).code, 4429);
  quiet.say({ op: 'ping' });
  await quiet.hears(f => f.op === 'pong');
  assert.equal(hub.stats().clients, 1);
});

test('only pages of the same house may connect, or those that the plant allows', async t => {
  const same = await door(t);
  const port = new URL(same.url).host;
  assert.equal(await upgradeStatus(same.url, { Origin: `http://${port}` }), 101);
  assert.equal(await upgradeStatus(same.url, { Origin: 'https://evil.example' }), 403);
  assert.equal(await upgradeStatus(same.url, { Origin: 'null' }), 403);
  const no = rejection('OEE_TEST', 'not that one', 'Come from the wall.');
  const named = await door(t, { refuses: ({ origin }) => (origin === 'https://wall.example' ? null : no) });
  assert.equal(await upgradeStatus(named.url, { Origin: 'https://wall.example' }), 101);
  assert.equal(await upgradeStatus(named.url, { Origin: `http://${new URL(named.url).host}` }), 403);
});

test('a token opens the door by query, header or first message; without it the line is cut with 4401', async t => {
  const { url, fire } = await door(t, { token: 'open sesame' });
  assert.equal(await upgradeStatus(`${url}?access_token=open%20sesame`), 101);
  assert.equal(await upgradeStatus(`${url}?access_token=open`), 401);
  assert.equal(await upgradeStatus(url, { Authorization: 'Bearer wrong' }), 401);
  const spoken = await listenLive(url);
  spoken.say({ op: 'auth', token: 'open sesame' });
  spoken.say({ op: 'subscribe', units: '*' });
  await spoken.hears(f => f.op === 'snapshot');
  const rude = await listenLive(url);
  rude.say({ op: 'subscribe', units: '*' });
  assert.deepEqual(await rude.closed, { code: 4401, reason: 'OEE_LIVE_UNAUTHORISED' });
  const mute = await listenLive(url);
  fire(5_000);
  assert.equal((await mute.closed).code, 4401);
  assert.equal(rude.frames.some(f => f.op === 'snapshot') || mute.frames.some(f => f.op === 'snapshot'), false);
});

test('whoever is known stays as long as that holds; nobody is sent away because nobody can be asked', async t => {
  let answer: () => Promise<boolean> = async () => true;
  const guest = { stays: () => answer() };
  const { url, fire } = await door(t, { porter: { greet: async (_, token) => (token === 'known' ? guest : null) } });
  assert.equal(await upgradeStatus(`${url}?access_token=strange`), 401);
  const known = await listenLive(`${url}?access_token=known`);
  const ask = async (): Promise<void> => {
    fire(HEARTBEAT_MS);
    known.say({ op: 'ping' });
    const pongs = known.frames.filter(({ op }) => op === 'pong').length;
    await known.hears(frame => frame.op === 'pong' && known.frames.filter(({ op }) => op === 'pong').length > pongs);
  };
  await ask();
  answer = async () => Promise.reject(new Error('away'));
  await ask();
  answer = async () => false;
  fire(HEARTBEAT_MS);
  assert.deepEqual(await known.closed, { code: 4401, reason: 'OEE_LIVE_UNAUTHORISED' });
  const lost = await door(t, { porter: { greet: () => Promise.reject(new Error('away')) } });
  assert.equal(await upgradeStatus(lost.url), 503);
});

test('above clientsMax the next one is sent away with 503, other paths with 404', async t => {
  const { url } = await door(t, { clientsMax: 1 });
  await listenLive(url);
  assert.equal(await upgradeStatus(url), 503);
  assert.equal(await upgradeStatus(url.replace('/v1/live', '/elsewhere')), 404);
  assert.equal(await upgradeStatus(url.replace('/v1/live', '//')), 404);
});
