// Live hub: what a client of /v1/live may rely on, over real sockets.
// In: a real server, real clients, made-up outputs. Out: the laws of snapshot, deltas and resume.
// Touches: loopback ports.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type LiveDoor, openLiveDoor } from '../support/live-door.ts';
import { type LiveListener, listenLive } from '../support/live-listener.ts';
import { madeUpResult, madeUpState, T0 } from '../support/made-up-outputs.ts';

const HOUR = 3_600_000;

async function door(t: TestContext, options: Parameters<typeof openLiveDoor>[0] = {}): Promise<LiveDoor> {
  const opened = await openLiveDoor(options);
  t.after(() => opened.close());
  return opened;
}

/** Everything said before has been heard when the pong comes back. */
async function caughtUp(client: LiveListener): Promise<number | undefined> {
  const before = client.frames.filter(f => f.op === 'pong').length;
  client.say({ op: 'ping' });
  const pong = await client.hears(f => f.op === 'pong' && client.frames.filter(g => g.op === 'pong').length > before);
  return pong.offset;
}

const offsets = (client: LiveListener): (number | undefined)[] =>
  client.frames.filter(f => f.op === 'result' || f.op === 'state' || f.op === 'interval').map(f => f.offset);

test('a snapshot holds the newest result per unit and window kind and the newest state, whatever was replayed', async t => {
  const { hub, url } = await door(t);
  hub.publish([
    madeUpResult('filler', 'shift', { start: T0, revision: 0 }),
    madeUpResult('filler', 'shift', { start: T0 + 8 * HOUR }),
    // restated later: an old window never takes the place of a newer one
    madeUpResult('filler', 'shift', { start: T0, revision: 3 }),
    madeUpResult('filler', 'hour', { start: T0, revision: 2 }),
    madeUpResult('filler', 'hour', { start: T0, revision: 1 }),
    madeUpState('filler', { at: T0 + 5, category: 'breakdown' }),
    madeUpState('filler', { at: T0 + 1, category: 'producing' }),
    madeUpResult('no-more', 'hour'),
  ]);
  const client = await listenLive(url);
  client.say({ op: 'subscribe', units: '*', windows: '*' });
  const snapshot = await client.hears(f => f.op === 'snapshot');
  assert.deepEqual(
    snapshot.results?.map(r => [r.unit, r.window.kind, r.window.start, r.revision]),
    [
      ['filler', 'shift', new Date(T0 + 8 * HOUR).toISOString(), 0],
      ['filler', 'hour', new Date(T0).toISOString(), 2],
    ],
  );
  assert.deepEqual(
    snapshot.states?.map(s => [s.unit, s.category]),
    [['filler', 'breakdown']],
  );
  assert.equal(snapshot.offset, 8);
  assert.equal(snapshot.epoch, 'e1');
});

test('after the snapshot every wanted output comes once, in order, and nothing that was not asked for', async t => {
  const { hub, url } = await door(t);
  const client = await listenLive(url);
  client.say({ op: 'subscribe', units: ['filler'], windows: ['shift'] });
  await client.hears(f => f.op === 'snapshot');
  hub.publish([madeUpResult('filler', 'shift'), madeUpResult('filler', 'hour'), madeUpResult('capper', 'shift')]);
  hub.publish([
    madeUpState('filler'),
    { ...interval('filler'), to: T0 + 5 },
    madeUpState('capper'),
    madeUpResult('filler', 'shift', { edge: T0 + 120_000 }),
  ]);
  assert.equal(await caughtUp(client), 7, 'a pong says how far the client has everything');
  assert.deepEqual(offsets(client), [1, 4, 5, 7]);
  client.say({ op: 'unsubscribe' });
  await caughtUp(client);
  hub.publish([madeUpState('filler')]);
  await caughtUp(client);
  assert.deepEqual(offsets(client), [1, 4, 5, 7]);
});

test('a client that comes back with its offset gets what it missed, without loss or repeat', async t => {
  const { hub, url } = await door(t);
  const first = await listenLive(url);
  first.say({ op: 'subscribe', units: ['filler'] });
  await first.hears(f => f.op === 'snapshot');
  hub.publish([madeUpState('filler'), madeUpState('filler'), madeUpState('capper')]);
  const seen = await caughtUp(first);
  first.socket.close();
  await first.closed;
  hub.publish([madeUpState('capper'), madeUpState('filler'), madeUpResult('filler', 'hour')]);
  const second = await listenLive(url);
  second.say({ op: 'subscribe', units: ['filler'], since: { epoch: 'e1', offset: seen } });
  await second.hears(f => f.op === 'resumed');
  hub.publish([madeUpState('filler')]);
  await caughtUp(second);
  assert.deepEqual(offsets(first).concat(offsets(second)), [1, 2, 5, 6, 7]);
  assert.equal(second.frames.filter(f => f.op === 'snapshot').length, 0);
});

test('a resume that is impossible is called a gap, and a new snapshot follows', async t => {
  const { hub, url } = await door(t, { ringMax: 3 });
  hub.publish(Array.from({ length: 10 }, () => madeUpState('filler')));
  const cases = [
    { since: { epoch: 'e0', offset: 9 }, heard: ['gap otherEpoch', 'snapshot'] },
    { since: { epoch: 'e1', offset: 6 }, heard: ['gap tooOld', 'snapshot'] },
    { since: { epoch: 'e1', offset: 99 }, heard: ['gap tooOld', 'snapshot'] },
    { since: { epoch: 'e1', offset: 7 }, heard: ['resumed', 'state', 'state', 'state'] },
  ];
  for (const { since, heard } of cases) {
    const client = await listenLive(url);
    client.say({ op: 'subscribe', units: '*', since });
    await caughtUp(client);
    const words = client.frames.filter(f => f.op !== 'pong').map(f => (f.because ? `${f.op} ${f.because}` : f.op));
    assert.deepEqual(words, heard, JSON.stringify(since));
    client.socket.close();
    await client.closed;
  }
});

test('a close of the hub is said to every client', async t => {
  const { hub, url } = await door(t);
  const client = await listenLive(url);
  await hub.close();
  assert.deepEqual(await client.closed, { code: 1001, reason: 'OEE_LIVE_GOING_AWAY' });
  assert.equal(hub.stats().clients, 0);
});

function interval(unit: string) {
  return {
    type: 'interval' as const,
    unit,
    from: T0,
    to: T0 + 1,
    category: 'producing' as const,
    state: 'EXECUTE',
    reason: null,
    stopId: null,
    source: 'state' as const,
    open: true,
    undecided: false,
  };
}
