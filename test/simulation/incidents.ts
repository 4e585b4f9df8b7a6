// Incidents: what befalls an installation: programs die and freeze, servers are away, replicas take over with a shorter past.
// In: a world, chance. Out: incidents at their times; at last everything is well again.
// Touches the world.

import type { Chance } from '../support/chance-of.ts';
import { CALM, type Weather } from './fault-network.ts';
import { changedPlant } from './made-up-traffic.ts';
import type { World } from './world.ts';

const WEATHERS: readonly Weather[] = [
  CALM,
  { lostBefore: 0.004, lostAfter: 0.004, late: 0.002, doubled: 0.01, slow: 0.05 },
  { lostBefore: 0.01, lostAfter: 0.02, late: 0.01, doubled: 0.05, slow: 0.2 },
  { lostBefore: 0.03, lostAfter: 0.05, late: 0.02, doubled: 0.1, slow: 0.3 },
];

const MESSAGES_MAX = 400;
const LAG_MAX_MS = 900;
const AWAY_MAX_MS = 6_000;
/** Twice the lease, and more. */
const STOPPED_MAX_MS = 10_000;

type Incident = (world: World, chance: Chance) => void;

const pick = <T>(chance: Chance, items: readonly T[]): T | undefined => items[chance.below(items.length)];

const dies: Incident = (world, chance) => {
  const engine = pick(chance, world.engines);
  if (engine !== undefined) world.kill(engine, chance.below(8_000));
};

/** Dies between two messages: after a request, before its execution, between execution and reply, or as the reply comes. */
const diesAtAMessage: Incident = (world, chance) => {
  const engine = pick(chance, world.engines);
  if (engine !== undefined) world.doomed.set(engine.life, chance.below(MESSAGES_MAX));
};

const freezes: Incident = (world, chance) => {
  const engine = pick(chance, world.engines);
  if (engine === undefined || engine.life.state !== 'alive') return;
  const { time } = world;
  const { life } = engine;
  world.stops += 1;
  world.trace.add(life.name, 'is stopped');
  time.stop(life);
  time.after(200 + chance.below(STOPPED_MAX_MS), time.world, () => {
    world.trace.add(life.name, 'goes on');
    time.resume(life);
  });
};

const leaves: Incident = (world, chance) => {
  const engine = pick(chance, world.engines);
  if (engine !== undefined) world.restart(engine, chance.below(5_000));
};

const tendsLetters: Incident = (world, chance) => {
  const partition = pick(chance, world.inhabited());
  if (partition !== undefined) world.tendLetters(partition);
};

const gatewayDies: Incident = (world, chance) => {
  const spool = pick(chance, world.spools);
  if (spool !== undefined) world.restartGateway(spool);
};

function away(world: World, tag: string, ms: number): void {
  world.trace.add(tag, 'is away');
  world.network.down.add(tag);
  world.time.after(ms, world.time.world, () => {
    world.trace.add(tag, 'is back');
    world.network.down.delete(tag);
  });
}

const serverAway: Incident = (world, chance) => {
  away(world, world.tag(chance.below(world.partitions)), chance.below(AWAY_MAX_MS));
};

const influxAway: Incident = (world, chance) => away(world, 'influx', chance.below(world.spanMs / 2));

/** The replica is some moments behind when its master dies; what came in since is gone, with everything said of it. */
const failsOver: Incident = (world, chance) => {
  const { time, network, redis, ledger } = world;
  const tag = world.tag(chance.below(world.partitions));
  if (network.lagging.has(tag) || world.healed) return;
  network.lagging.add(tag);
  const replica = redis.slot(tag).copy();
  const account = ledger.copyOf(tag);
  time.after(chance.below(LAG_MAX_MS), time.world, () => {
    world.failOvers += 1;
    world.trace.add(tag, 'is lost; its replica takes over');
    redis.promote(tag, replica);
    ledger.fellBack(tag, account);
    network.lagging.delete(tag);
    if (chance.below(2) === 0) away(world, tag, chance.below(2_000));
  });
};

const isFull: Incident = (world, chance) => {
  world.trace.add('redis', 'is full');
  world.redis.full = true;
  world.time.after(chance.below(4_000), world.time.world, () => {
    world.redis.full = false;
  });
};

/** Somebody writes into the stream past all doors. */
const outsider: Incident = (world, chance) => {
  const partition = pick(chance, world.inhabited()) ?? 0;
  const tag = world.tag(partition);
  const key = `oee:{${tag}}:in`;
  const text = pick(chance, ['no JSON', '{"id":"x1","machine":"nobody","type":"heartbeat"}', '[]', '{}']) ?? '';
  const reply = world.redis.slot(tag).stream(key).add(null, ['event', text], Math.floor(world.time.now));
  world.ledger.note({ act: 'outsider', tag, keys: [key], args: [], reply });
  world.trace.add('outsider', `${key} ${text}`);
};

/** Another plant file, and every program started anew with it. */
const plantChanges: Incident = (world, chance) => {
  if (world.plant.revision !== 'r1') return;
  world.plant = changedPlant(chance, world.plant, 'r2');
  world.trace.add('plant', 'has a new file');
  for (const engine of world.engines) {
    world.kill(engine, chance.below(3_000));
  }
};

const INCIDENTS: readonly (readonly [weight: number, Incident])[] = [
  [4, dies],
  [6, diesAtAMessage],
  [4, freezes],
  [3, leaves],
  [2, tendsLetters],
  [2, gatewayDies],
  [2, serverAway],
  [1, influxAway],
  [4, failsOver],
  [1, isFull],
  [1, outsider],
  [1, plantChanges],
];

export function planIncidents(world: World): void {
  const { time, spanMs } = world;
  const { chance } = time;
  // every seed has a character: which kinds of incidents it knows, how many, and what weather
  const known = INCIDENTS.filter(() => chance.below(3) > 0);
  const deck = known.flatMap(([weight, incident]) => Array.from({ length: weight }, () => incident));
  const weather = pick(chance, WEATHERS) ?? CALM;
  time.after(chance.below(3_000), time.world, () => {
    world.network.weather = weather;
  });
  const count = chance.below(12);
  for (let n = 0; n < count; n += 1) {
    const incident = pick(chance, deck);
    if (incident !== undefined)
      time.after(chance.below(spanMs - LAG_MAX_MS), time.world, () => incident(world, chance));
  }
}

/** From here on nothing goes wrong any more. */
export function heal(world: World): void {
  const { network, time } = world;
  world.trace.add('world', 'heals');
  network.weather = CALM;
  network.down.clear();
  world.redis.full = false;
  world.doomed.clear();
  world.healed = true;
  for (const engine of world.engines) time.resume(engine.life);
}
