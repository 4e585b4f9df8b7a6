// Regression: a worker that slept, or died, in the middle of a write to InfluxDB put an old row over the newer one of the next owner.
// In: two followers of one outbox, a real InfluxDB, a request that is kept back until it is too late. Out: the newest row, at last.
// Touches: a child redis-server, a child influxd, loopback sockets.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Ownership } from '../../src/journal/lease.ts';
import { type Delivery, deliver } from '../../src/sinks/deliver.ts';
import { influxSink } from '../../src/sinks/influx/influx-sink.ts';
import { type HeldDoor, startHeldDoor } from '../support/held-door.ts';
import { type InfluxChild, startInfluxChild } from '../support/influx-child.ts';
import { madeUpResult, madeUpTally } from '../support/made-up-outputs.ts';
import { changesOf, type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { until } from '../support/role-process.ts';

let redis: RedisChild;
let influx: InfluxChild;
let door: HeldDoor;
let journal: OpenedJournal;

before(async () => {
  [redis, influx] = await Promise.all([startRedisChild(), startInfluxChild()]);
  door = await startHeldDoor(Number(new URL(influx.url).port));
  journal = await openedJournal(redis.url);
});
after(async () => {
  await journal?.close();
  await door?.close();
  await Promise.all([redis?.close(), influx?.close()]);
});

/** A partition of its own for each story, with one unit whose hour is told anew by each commit. */
class Story {
  private own: Ownership | null = null;
  private commits = 0;
  readonly running: Delivery[] = [];
  constructor(readonly partition: number) {}

  get unit(): string {
    return `unit-${this.partition}`;
  }

  /** @param total what the hour says now */
  async tell(total: number, ...others: string[]): Promise<void> {
    this.own ??= await journal.own(this.partition);
    this.commits += 1;
    const outputs = [this.unit, ...others].map(unit => madeUpResult(unit, 'hour', { tally: madeUpTally({ total }) }));
    await this.own?.commit(changesOf(`1-${this.commits}`, { outputs }));
  }

  /** A process that follows: its own journal, its own sink. */
  follow(
    url: string,
    owner: string,
    by = journal,
    more: { requestMaxMs?: number; holds?: () => boolean } = {},
  ): Delivery {
    const { requestMaxMs = 600_000, ...options } = more;
    const sink = influxSink({
      url,
      bucket: 'oee',
      placeOf: () => ({ site: null, area: null, line: null }),
      requestMaxMs,
    });
    const pauses = { idleMs: 20, backoffMinMs: 1, backoffMaxMs: 20, random: () => 0 };
    const delivery = deliver({
      sink,
      partitions: [this.partition],
      outbox: by.outbox,
      owner,
      log: () => {},
      ...pauses,
      ...options,
    });
    this.running.push(delivery);
    return delivery;
  }

  async row(): Promise<unknown> {
    const [row] = await influx.rows(`SELECT total FROM oee WHERE unit = '${this.unit}'`);
    return row?.total;
  }
  readonly lag = (): Promise<number> => journal.outbox.lag(this.partition, 'influx');
  readonly inDoubt = (): Promise<number> => journal.outbox.inDoubt(this.partition, 'influx');
  delivered(): Promise<number> {
    return until('all with InfluxDB', this.lag, lag => lag === 0);
  }
  async settled(): Promise<void> {
    await until('nothing in doubt', this.inDoubt, doubts => doubts === 0);
    await this.delivered();
  }

  /** As if the time in which a late write may come were over. */
  async waitLong(): Promise<void> {
    const meta = `oee:{p00${this.partition}}:meta`;
    const note = String(await redis.command('HGET', meta, 'writer:influx'));
    await redis.command('HSET', meta, 'writer:influx', note.replaceAll(/\|\d{13} /g, '|1 '));
  }
  kept = async (): Promise<number> => (await journal.outbox.read(this.partition, '0-0', 100)).length;
  async end(): Promise<void> {
    await Promise.all(this.running.map(delivery => delivery.stop()));
  }
}

test('a worker that wakes in the middle of a write, long after another took over, leaves the newest row', async t => {
  const story = new Story(1);
  t.after(() => story.end());
  await story.tell(1);
  let isAwake = true;
  const isHeld = door.hold();
  story.follow(door.url, 'one', journal, { holds: () => isAwake });
  await isHeld;
  isAwake = false;
  await story.tell(2);
  let isBusy = false;
  const next = story.follow(influx.url, 'two', journal, { holds: () => !isBusy });
  await story.delivered();
  assert.equal(await story.row(), 2);
  await story.waitLong();
  await story.settled();
  isBusy = true;
  assert.match(await door.release(), / 204 /);
  await until('the sleeper to have told', story.inDoubt, doubts => doubts > 0);
  assert.equal(await story.row(), 1, 'this is what used to stay');
  isBusy = false;
  await story.settled();
  assert.equal(await story.row(), 2);
  assert.equal(next.status().refused, 0);
});

test('what a worker had sent when it was killed comes late, and is written over when it cannot come any more', async t => {
  const story = new Story(2);
  t.after(() => story.end());
  await story.tell(1);
  const its = await openedJournal(redis.url);
  let isAlive = true;
  const isHeld = door.hold();
  story.follow(door.url, 'one', its, { holds: () => isAlive });
  await isHeld;
  isAlive = false;
  await its.close();
  story.follow(influx.url, 'two');
  for (const total of [2, 3, 4]) await story.tell(total);
  await story.delivered();
  assert.equal(await story.inDoubt(), 1);
  await journal.trim(story.partition, { keepMs: 0, sinks: ['influx'] });
  assert.equal(await story.kept(), 4, 'the outbox is kept from where its write began');
  assert.match(await door.release(), / 204 /);
  assert.equal(await story.row(), 1);
  await story.waitLong();
  await story.settled();
  assert.equal(await story.row(), 4);
  await journal.trim(story.partition, { keepMs: 0, sinks: ['influx'] });
  assert.equal(await story.kept(), 1);
});

test('a request that was given up is stored after its repeat and newer words: they are written once more, and refused once only', async t => {
  const story = new Story(3);
  t.after(() => story.end());
  await story.tell(1, 'nameless\\');
  const isHeld = door.hold();
  const delivery = story.follow(door.url, 'one', journal, { requestMaxMs: 1_000 });
  await isHeld;
  await story.tell(2);
  await story.delivered();
  assert.equal(await story.row(), 2);
  assert.match(await door.release(), / 204 /);
  await story.waitLong();
  await story.settled();
  assert.equal(await story.row(), 2);
  const { delivered, refused } = delivery.status();
  assert.deepEqual([delivered, refused], [2, 1]);
  const { refused: counted } = await journal.counts(story.partition);
  assert.deepEqual(
    [counted, (await journal.deadLetters.list({ partition: story.partition, countMax: 10 })).length],
    [1, 1],
  );
});

test('whoever leaves with nothing under way leaves nothing to be written once more', async t => {
  const story = new Story(4);
  t.after(() => story.end());
  await story.tell(1);
  const first = story.follow(influx.url, 'one');
  await story.delivered();
  await first.leave(story.partition);
  story.follow(influx.url, 'two');
  await story.tell(2);
  await story.delivered();
  assert.equal(await story.inDoubt(), 0);
});
