// Alerts by HTTP: whoever is asked gives the same alerts, and what a person said of one outlives every process that heard it.
// In: two real processes on a real Redis, a machine that stands. Out: alerts, acknowledgements and mutes as they are answered.
// Touches child processes, loopback, a temporary folder.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { WireAlert } from '../../src/core/alert-to-wire.ts';
import type { WirePlant } from '../../src/core/wire-plant.ts';
import { spokenAlert } from '../../src/web/spoken-alert.ts';
import { speak } from '../../src/web/spoken-texts.ts';
import { listenLive } from '../support/live-listener.ts';
import { startRedisChild } from '../support/redis-child.ts';
import { type RoleProcess, startRoleProcess, until } from '../support/role-process.ts';

const MINUTE_MS = 60_000;
const PLANT = `plant: One machine stands
products: { piece: {} }
calendars: { always: { zone: UTC, shifts: { all: { start: "00:00", end: "00:00" } }, weekly: { mon-sun: [all] } } }
defaults: { silence: off, calendar: always, product: piece, cycles: { piece: 1s } }
sites: [{ id: works, zone: UTC, areas: [{ id: hall, lines: [{ id: line-1, kind: parallel, machines: [{ id: m1 }, { id: m2 }] }] }] }]
alerts:
  - { id: stands, text: It stands, when: { stop: longer than 10min }, on: { machines: all }, severity: critical }
`;

interface Answer {
  readonly alerts: readonly WireAlert[];
  readonly mutes: readonly { readonly rule: string | null; readonly by: string }[];
}
const say = async ({ url }: RoleProcess, path: string, body: object): Promise<number> => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
};
/** Both give one list that is as it should be. */
const agree = async (what: string, processes: readonly RoleProcess[], isGood: (answer: Answer) => boolean) => {
  const [answer] = await until(
    what,
    () => Promise.all(processes.map(({ get }) => get<Answer>('/v1/alerts'))),
    all => all.every(isGood) && new Set(all.map(({ alerts }) => JSON.stringify(alerts))).size === 1,
  );
  assert.ok(answer !== undefined);
  return answer;
};

test('an alert is the same from owner and follower; acknowledged and muted at either, it stays so for the heir', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'oee-alerts-'));
  const plant = join(folder, 'plant.yaml');
  await writeFile(plant, PLANT);
  const redis = await startRedisChild();
  const started: RoleProcess[] = [];
  t.after(async () => {
    await Promise.all(started.map(each => each.kill()));
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  });
  const settings = { REDIS_URL: redis.url, INFLUX_URL: 'none', OEE_PLANT: plant, OEE_DATA_DIR: folder };
  const start = async (role: string): Promise<RoleProcess> => {
    const small = { OEE_PARTITIONS: '4', OEE_TICK_MS: '250', OEE_LEASE_MS: '1000', OEE_ROLE: role };
    const process = await startRoleProcess({ ...settings, ...small });
    started.push(process);
    await process.ready();
    return process;
  };
  const owner = await start('ingest,compute,web');
  const web = await start('web');

  const stoodAt = Date.now() - 30 * MINUTE_MS;
  const state = (machine: string, at: number, word: string): object => ({
    ...{ id: `${machine}-${at}`, machine, at, type: 'state', state: word },
  });
  await owner.send([
    ...['m1', 'm2'].map(machine => state(machine, stoodAt - MINUTE_MS, 'producing')),
    state('m1', stoodAt, 'stop'),
  ]);
  const raised = await agree('one active alert', [owner, web], ({ alerts }) => alerts[0]?.status === 'active');
  const [alert, ...others] = raised.alerts;
  assert.ok(alert !== undefined && others.length === 0);
  assert.deepEqual(
    [alert.unit, alert.severity, Date.parse(alert.since), Date.parse(alert.raisedAt)],
    ['m1', 'critical', stoodAt, stoodAt + 10 * MINUTE_MS],
  );
  await speak('nb');
  const { text } = spokenAlert(alert, await web.get<WirePlant>('/v1/plant'));
  assert.equal(text, 'It stands: m1, har stått i 10 min eller lenger', 'what it looks for is told with the plant');
  const live = await listenLive(`${web.url.replace('http', 'ws')}/v1/live`);
  live.say({ op: 'subscribe', units: ['m1'] });
  const snapshot = await live.hears(({ op }) => op === 'snapshot');
  assert.deepEqual(
    snapshot.alerts?.map(({ id }) => id),
    [alert.id],
  );

  const path = `/v1/alerts/${encodeURIComponent(alert.id)}`;
  assert.equal(await say(web, `${path}/acknowledge`, { by: 'Anna', why: 'on it' }), 202);
  const heard = await live.hears(frame => frame.alert?.acknowledged?.by === 'Anna');
  live.socket.terminate();
  const taken = await agree('Anna’s name at both', [owner, web], ({ alerts }) => alerts[0]?.acknowledged !== null);
  assert.deepEqual(taken.alerts[0], heard.alert);
  assert.equal(await say(owner, `${path}/acknowledge`, { by: 'Bert' }), 202, 'said again it is no mistake');
  assert.equal(await say(owner, '/v1/alerts/mute', { by: 'Jo', rule: 'stands', minutes: 60 }), 202);
  await agree('the mute at both', [owner, web], ({ mutes }) => mutes[0]?.by === 'Jo');

  await owner.kill();
  const heir = await start('ingest,compute,web');
  await heir.send([state('m1', Date.now(), 'producing')]);
  const over = await agree('its end', [heir, web], ({ alerts }) => alerts[0]?.status === 'resolved');
  assert.deepEqual([over.alerts[0]?.acknowledged?.by, over.mutes[0]?.by], ['Anna', 'Jo']);
  assert.equal(await say(web, `${path}/acknowledge`, { by: 'Anna' }), 409, 'nothing is left to take care of');
});
