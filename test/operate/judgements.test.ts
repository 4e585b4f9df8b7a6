// Judgements: what the doctor makes of what it sees: well, doubtful or broken, and always with a remedy.
// In: made-up facts, one thing wrong at a time. Out: laws that hold.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATE_LAW } from '../../src/core/state-revision.ts';
import type { PartitionLook, ServerLook } from '../../src/journal/journal-look.ts';
import { exitCodeOf, type Finding, findingsText, ok, shownBytes, shownTime, warn } from '../../src/operate/finding.ts';
import { judgeInflux } from '../../src/operate/judge-influx.ts';
import { judgePartitions, type PlantNeeds } from '../../src/operate/judge-partitions.ts';
import { judgeRedis } from '../../src/operate/judge-redis.ts';
import { judgeMachine } from '../../src/operate/machine-look.ts';
import { lookAtInflux } from '../../src/sinks/influx/influx-look.ts';

const NOW = Date.UTC(2026, 10, 22);
const GOOD: ServerLook = {
  info: {
    redisVersion: '7.2.5',
    nodes: 1,
    appendOnly: true,
    appendOnlyHealthy: true,
    appendFsync: 'always',
    maxmemoryPolicy: 'noeviction',
    usedMemoryBytes: 1e8,
    maxmemoryBytes: 1e9,
    warnings: [],
  },
  skewMs: 3,
  skewUnsureMs: 1,
  cluster: null,
  denied: [],
};
const CLUSTER = { state: 'ok', masters: 3, nodes: 6, slotsServed: 16_384, slotsFailing: 0 };
const part = (partition: number, more: Partial<PartitionLook> = {}): PartitionLook => ({
  partition,
  owner: 'host-1',
  leaseLeftMs: 4_000,
  fence: 1,
  offset: '5-0',
  lag: { entries: 0, oldestMs: 0 },
  logLength: 10,
  logAgeMs: 60_000,
  outLength: 3,
  sinkLags: { influx: 0, rollup: 2 },
  letters: [],
  holes: 0,
  lastHoleAt: null,
  gaps: 0,
  stateRevision: STATE_LAW.revision,
  plantRevision: 'r1',
  ...more,
});
const NEEDS: PlantNeeds = { revision: 'r1', partitions: [1, 2] };
const worst = (findings: readonly Finding[]): 0 | 1 | 2 => exitCodeOf(findings);
const saidOf = (findings: readonly Finding[]): string =>
  findings
    .filter(({ level }) => level !== 'ok')
    .map(({ what }) => what)
    .join('; ');
const well = [part(1), part(2)];
const judged = (more: Partial<PartitionLook>): Finding[] => judgePartitions([part(1), part(2, more)], NEEDS, NOW);

test('what is well is told without a remedy, and the exit code is 0', () => {
  const findings = [...judgeRedis(GOOD), ...judgePartitions(well, NEEDS, NOW)];
  assert.equal(saidOf(findings), '');
  assert.equal(worst(findings), 0);
  assert.match(findingsText(findings), /\nall is well: \d+ ok, 0 warnings, 0 bad\n$/);
});

const REDIS_TROUBLES: readonly [name: string, change: Partial<ServerLook['info']>, code: 1 | 2, said: RegExp][] = [
  ['an old version', { redisVersion: '6.2.14' }, 2, /6\.2\.14/],
  ['no file', { appendOnly: false }, 2, /no append-only file/],
  ['a file that cannot be written', { appendOnlyHealthy: false }, 2, /cannot write/],
  ['a second that may be lost', { appendFsync: 'everysec' }, 1, /last second/],
  ['no sync at all', { appendFsync: 'no' }, 1, /appendfsync no/],
  ['keys that may be evicted', { maxmemoryPolicy: 'allkeys-lru' }, 2, /allkeys-lru/],
  ['no limit', { maxmemoryBytes: 0 }, 1, /no memory limit/],
  ['little room', { usedMemoryBytes: 7.5e8 }, 1, /75 %/],
  ['no room', { usedMemoryBytes: 9.5e8 }, 2, /95 %/],
];
for (const [name, change, code, said] of REDIS_TROUBLES) {
  test(`Redis with ${name} is ${code === 2 ? 'broken' : 'doubtful'}`, () => {
    const findings = judgeRedis({ ...GOOD, info: { ...GOOD.info, ...change } });
    assert.match(saidOf(findings), said);
    assert.equal(worst(findings), code);
  });
}

test('clocks may differ by what nobody notices; more is doubtful, a minute is broken, a slow answer is no proof', () => {
  const at = (skewMs: number, skewUnsureMs = 1): 0 | 1 | 2 => worst(judgeRedis({ ...GOOD, skewMs, skewUnsureMs }));
  assert.deepEqual([at(1_500), at(-3_000), at(70_000), at(-70_000), at(3_000, 2_000)], [0, 1, 2, 2, 0]);
});

test('a cluster is well when every slot is served and every master has a replica', () => {
  const at = (more: Partial<typeof CLUSTER>): 0 | 1 | 2 =>
    worst(judgeRedis({ ...GOOD, cluster: { ...CLUSTER, ...more } }));
  assert.deepEqual(
    [at({}), at({ nodes: 3 }), at({ slotsFailing: 5 }), at({ slotsServed: 9_000 }), at({ state: 'fail' })],
    [0, 1, 1, 2, 2],
  );
});

test('rights that are missing are named; loading functions may be left to an administrator', () => {
  const denied = judgeRedis({ ...GOOD, denied: ['xadd', 'hset'] });
  assert.deepEqual([worst(denied), saidOf(denied)], [2, 'our user may not use xadd, hset']);
  assert.equal(worst(judgeRedis({ ...GOOD, denied: ['function'] })), 1);
});

test('every trouble of a partition is told with its number', () => {
  const letters = [{ code: 'OEE_X', machine: 'm1', letters: 7, events: 7, oldest: 1, youngest: 2 }];
  const troubles: readonly [Partial<PartitionLook>, 0 | 1 | 2, RegExp][] = [
    [{ owner: null }, 2, /nobody works partition 2$/],
    [{ lag: { entries: 40, oldestMs: 6_000 } }, 1, /partition 2 behind, the oldest entry waits for 6 s \(40 entries\)/],
    [{ lag: { entries: 1_000, oldestMs: 3_600_000 } }, 2, /60 min/],
    [{ sinkLags: { influx: 50_000 } }, 1, /influx: 50000 outputs/],
    [{ stateRevision: STATE_LAW.revision + 1 }, 2, /partition 2 was saved by a newer program/],
    [{ stateRevision: STATE_LAW.revision - 1 }, 0, /^$/],
    [{ plantRevision: 'r0' }, 1, /partition 2 works by another plant file/],
    [{ holes: 1, lastHoleAt: NOW - 1_000 }, 2, /vanished unread from partition 2/],
    [{ holes: 1, lastHoleAt: NOW - 3 * 86_400_000 }, 1, /vanished unread/],
    [{ gaps: 3 }, 1, /3 jumps/],
    [{ letters }, 1, /7 dead letters OEE_X of m1/],
  ];
  for (const [more, code, said] of troubles) {
    const findings = judged(more);
    assert.match(saidOf(findings), said);
    assert.equal(worst(findings), code, said.source);
    assert.ok(findings.every(({ level, remedy }) => (level === 'ok') === (remedy === null)));
  }
});

test('a partition that the plant needs and nobody began is not worked; one that it does not need may rest, unless events wait there', () => {
  assert.match(saidOf(judgePartitions([part(1)], NEEDS, NOW)), /nobody works partition 2/);
  assert.equal(worst(judgePartitions([...well, part(9, { owner: null })], NEEDS, NOW)), 0);
  const waiting = judgePartitions([...well, part(9, { owner: null, lag: { entries: 4, oldestMs: 9e9 } })], NEEDS, NOW);
  assert.deepEqual(
    [worst(waiting), saidOf(waiting)],
    [1, 'partition 9 holds unread entries but no unit of this plant'],
  );
});

test('InfluxDB is asked by a write of no points: what it says of the place and of our rights is told', async () => {
  const at = async (status: number, body: string, pingFails = false): Promise<[0 | 1 | 2, string]> => {
    const sent: string[] = [];
    const ask = (async (url: string | URL | Request, init?: RequestInit) => {
      if (pingFails) throw Object.assign(new Error('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
      if (init?.method === 'POST') sent.push(String(init.body));
      const ping = String(url).endsWith('/ping');
      const headers = { 'x-influxdb-version': '1.8.10', date: new Date(NOW).toUTCString() };
      return new Response(ping || status === 204 ? null : body, { status: ping ? 204 : status, headers });
    }) as typeof fetch;
    const findings = judgeInflux(await lookAtInflux({ url: 'http://influx:8086', bucket: 'oee' }, ask, () => NOW));
    assert.ok(
      sent.every(text => text.startsWith('#') && text.indexOf('\n') === text.length - 1),
      'a comment, no point',
    );
    return [worst(findings), saidOf(findings)];
  };
  assert.deepEqual(await at(204, ''), [0, '']);
  assert.deepEqual(await at(400, '{"code":"invalid","message":"writing requires points"}'), [0, '']);
  assert.equal((await at(401, 'unauthorized'))[0], 2);
  assert.equal((await at(404, '{"error":"database not found: \\"oee\\""}'))[0], 1);
  assert.equal((await at(404, 'bucket "oee" not found'))[0], 2);
  assert.equal((await at(503, 'busy'))[0], 1);
  assert.match((await at(0, '', true))[1], /does not answer \(ECONNREFUSED\)/);
});

test('the machine: an old Node, an unknown time zone and old tables are found', async () => {
  const facts = { nodeVersion: '20.20.2', zoneTable: '2025b', dataDir: '.', zones: ['Europe/Oslo'], now: NOW };
  const levels = async (more: Partial<typeof facts>): Promise<string> =>
    saidOf(await judgeMachine({ ...facts, ...more }));
  assert.doesNotMatch(await levels({}), /Node|zone/);
  assert.match(await levels({ nodeVersion: '18.20.1' }), /Node 18/);
  assert.match(await levels({ zones: ['Europe/Oslo', 'Mars/Phobos'] }), /Mars\/Phobos/);
  assert.match(await levels({ zoneTable: '2021a' }), /2021a/);
});

test('one line for a finding, a summary, sizes and times as people say them', () => {
  const text = findingsText([ok('redis', 'version 7'), warn('letters', '2 dead letters', 'look')]);
  assert.equal(
    text,
    'ok    redis       version 7\nwarn  letters     2 dead letters → look\n\nworks, with warnings: 1 ok, 1 warning, 0 bad\n',
  );
  assert.deepEqual([0, 999, 1_500, 2.5e9, 3e11].map(shownBytes), ['0 B', '999 B', '1.5 kB', '2.5 GB', '300 GB']);
  assert.deepEqual([5, 5_000, 600_000, 4 * 3_600_000, 1e9].map(shownTime), ['5 ms', '5 s', '10 min', '4 h', '12 days']);
});
