// Model: the journal on a real Redis against the model of its contract, in calm and through every fault of a network.
// In: seeded sequences of commands. Out: the same answers and the same facts, or a seed that replays the difference.
// Touches: a child redis-server, a TCP proxy before it. SEEDS: how many seeds; SEED: this one only.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Journal } from '../../src/journal/journal.ts';
import { playTwins } from '../support/act-twins.ts';
import { chanceOf } from '../support/chance-of.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { ONE_FAULTS } from '../support/faulty-link.ts';
import { factsOf } from '../support/journal-facts.ts';
import { type JournalModel, journalModel } from '../support/journal-model.ts';
import { IN_CALM, playSequence } from '../support/journal-sequence.ts';
import { MODEL_ACTS } from '../support/model-acts.ts';
import { DAY_MS, type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

const SEED_COUNT = Number(process.env.SEEDS ?? 24);
const ONE_SEED = process.env.SEED;
const SEEDS_AT_A_TIME = 12;
const COMMANDS = 150;
const ACTS = 400;
const PARTITIONS = [0, 1];
const LEASE_MS = 600_000;
/** In a storm: short, so that a black hole is given up soon. In calm nothing is given up, on a busy machine neither. */
const STORM_WAITS = { commandMs: 300, silenceMs: 350 };
const CALM_WAITS = { commandMs: 60_000, silenceMs: 60_000 };

let redis: RedisChild;
let proxy: FaultProxy;

before(async () => {
  redis = await startRedisChild();
  proxy = await startFaultProxy(redis.port);
});
after(async () => {
  await proxy?.close();
  await redis?.close();
});

interface Played {
  readonly answers: readonly string[];
  readonly facts: readonly object[];
}

/** @param weatherOf before each command, what the proxy is to do; null: calm */
async function playReal(seed: number, weatherOf: ((proxy: FaultProxy) => () => void) | null): Promise<Played> {
  const proxy = await startFaultProxy(redis.port);
  const prefix = `s${seed}-${Math.abs(process.hrtime()[1])}`;
  const own = { prefix, leaseMs: LEASE_MS, partitions: PARTITIONS.length };
  const opened: OpenedJournal[] = [];
  try {
    const waits = weatherOf === null ? CALM_WAITS : STORM_WAITS;
    for (const owner of ['a', 'b']) opened.push(await openedJournal(proxy.url, { ...own, owner, waits }));
    const [first, second] = opened as [OpenedJournal, OpenedJournal];
    const expireLease = async (partition: number): Promise<void> => {
      await redis.command('HSET', `${prefix}:{p00${partition}}:meta`, 'lease', 0);
    };
    const answers = await played(seed, [first, second], expireLease, weatherOf?.(proxy) ?? (() => undefined));
    for (const partition of PARTITIONS) await expireLease(partition);
    proxy.delay(0);
    proxy.slice(0, () => 0);
    return { answers, facts: await factsOfAll(first) };
  } finally {
    for (const journal of opened) await journal.close();
    await proxy.close();
  }
}

async function playModel(seed: number): Promise<Played> {
  let now = 1_000;
  const model: JournalModel = journalModel({ partitions: PARTITIONS.length, horizonMs: 2 * DAY_MS, now: () => now });
  const programs = [model.open('a', LEASE_MS), model.open('b', LEASE_MS)] as const;
  const expireLease = async (partition: number): Promise<void> => {
    model.expireLease(partition);
  };
  const answers = await played(seed, [...programs], expireLease, () => void now++);
  for (const partition of PARTITIONS) await expireLease(partition);
  const facts = await factsOfAll(programs[0]);
  for (const program of programs) await program.close();
  return { answers, facts };
}

const played = (
  seed: number,
  journals: readonly [Journal, ...Journal[]],
  expireLease: (partition: number) => Promise<void>,
  weather: () => void,
): Promise<string[]> =>
  playSequence({ seed, commands: COMMANDS, journals, partitions: PARTITIONS, expireLease, before: weather });

const factsOfAll = async (journal: Journal): Promise<object[]> =>
  Promise.all(PARTITIONS.map(partition => factsOf(journal, partition)));

/** Every third command something happens to the connection of its first request; all the while bytes are late or in pieces. */
const stormOf = (seed: number) => (proxy: FaultProxy) => {
  const chance = chanceOf(seed ^ 0x5eed);
  return () => {
    proxy.delay(chance.below(20) === 0 ? 1 + chance.below(8) : 0);
    proxy.slice(chance.below(4) === 0 ? 1 + chance.below(64) : 0, chance.next);
    // What only time-outs find is dear.
    const dear = chance.below(25) === 0;
    const fault = ONE_FAULTS[dear ? 4 + chance.below(2) : chance.below(4)];
    if (fault !== undefined && (dear || chance.below(3) === 0)) proxy.next(fault);
  };
};

const seeds = ONE_SEED === undefined ? Array.from({ length: SEED_COUNT }, (_, i) => i + 1) : [Number(ONE_SEED)];

/** Side by side: a storm is mostly waiting. */
async function forEachSeed(play: (seed: number) => Promise<void>): Promise<void> {
  const left = [...seeds];
  const lane = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) await play(seed);
  };
  await Promise.all(Array.from({ length: SEEDS_AT_A_TIME }, lane));
}

/** Without what a repeated act says otherwise though it does the same. */
const inStorm = ({ answers, facts }: Played): Played => ({
  answers: answers.map(answer => answer.split(IN_CALM)[0] ?? ''),
  facts: facts.map(each => ({ ...each, inCalm: null })),
});

function sameOrSeed(seed: number, real: Played, model: Played): void {
  const again = `seed ${seed}; again by SEED=${seed}`;
  for (const [i, answer] of model.answers.entries()) assert.equal(real.answers[i], answer, again);
  assert.deepEqual(real.facts, model.facts, again);
}

test('any sequence of commands gets the same answers and leaves the same facts in Redis and in the model', async () => {
  await forEachSeed(async seed => {
    sameOrSeed(seed, await playReal(seed, null), await playModel(seed));
  });
});

test('any sequence of acts, right or wrong, gets the same replies and leaves the same content in Redis and in the model', async () => {
  // the library gets there with the first journal that needs it
  const journal = await openedJournal(redis.url, { prefix: 'library' });
  await journal.own(0);
  await journal.close();
  const verdicts = new Set<string>();
  for (const seed of seeds.slice(0, Math.ceil(seeds.length / 2))) {
    const { real, model } = await playTwins(redis, seed, ACTS);
    const again = `seed ${seed}; again by SEED=${seed}`;
    for (const [i, line] of model.entries()) {
      assert.equal(real[i], line, again);
      if (/^\d+ commit-step/.test(line)) verdicts.add(line.slice(line.indexOf('→') + 2));
    }
    assert.equal(real.length, model.length, again);
  }
  const all = ['"already"', '"behind"', '"done"', '"lost"', '"restarted"'];
  if (seeds.length >= 24) assert.deepEqual([...verdicts].sort(), all);
});

test('the model knows every act of the library', () => {
  const files = readdirSync(new URL('../../src/journal/functions/', import.meta.url));
  const acts = files.map(file => file.replace('.lua', '')).filter(name => name !== 'library-head');
  assert.deepEqual(Object.keys(MODEL_ACTS).sort(), [...acts, 'append-rollup'].sort());
});

test('a network that loses, doubles, tears, slows and swallows changes neither answer nor fact', async () => {
  await forEachSeed(async seed => {
    sameOrSeed(seed, inStorm(await playReal(seed, stormOf(seed))), inStorm(await playModel(seed)));
  });
});

test('a seed replays: the same commands, the same answers', async () => {
  assert.deepEqual(await playModel(7), await playModel(7));
  assert.notDeepEqual((await playModel(7)).answers, (await playModel(8)).answers);
});

const PASSING_ANSWERS = [
  '-LOADING Redis is loading the dataset in memory',
  "-READONLY You can't write against a read only replica.",
  '-CLUSTERDOWN The cluster is down',
  '-MASTERDOWN Link with MASTER is down',
  '-TRYAGAIN Multiple keys request during rehashing of slot',
  '-BUSY Redis is busy running a script',
  '-MISCONF Errors writing to the AOF file: No space left on device',
  '-NOREPLICAS Not enough good replicas to write.',
  '-ERR Function not found',
];
for (const answer of PASSING_ANSWERS) {
  test(`the answer ${answer.slice(1)} is expected: the act is carried out once it has passed`, async () => {
    const journal = await openedJournal(proxy.url, { prefix: 'passing' });
    const partition = PASSING_ANSWERS.indexOf(answer);
    const own = await journal.own(partition);
    assert.ok(own !== null);
    const told = proxy.answerTo('oee_append_counted', `${answer}\r\n`);
    const batch = { events: [{ id: 'a', text: '{}' }], producer: 'plc', seq: 1 };
    const { entry, outcome } = await journal.append(partition, batch);
    await told;
    const doubted = proxy.answerTo('oee_commit_step', `${answer}\r\n`);
    await own.commit({
      offset: entry ?? '',
      append: new Map(),
      set: new Map(),
      drop: [],
      outputs: [],
      deadLetters: [],
    });
    await doubted;
    const { accepted, commits } = await journal.counts(partition);
    assert.deepEqual([outcome, accepted, commits], ['accepted', 1, 1]);
    await journal.close();
  });
}
