// Simulated run: one seed from beginning to end: traffic in bad weather, healing, working off, and the audit.
// In: a seed. Out: which laws it broke, what befell it, and a hash by which a replay is known as the same.
// Touches virtual time only.

import { audit } from './auditor.ts';
import { allCaughtUp, auditCrew } from './crew-audit.ts';
import { heal, planIncidents } from './incidents.ts';
import { World } from './world.ts';

export interface SimulatedRun {
  readonly seed: number;
  /** laws that did not hold, in words; empty: all is well */
  readonly broken: readonly string[];
  readonly hash: string;
  readonly virtualMs: number;
  readonly messages: number;
  readonly commits: number;
  readonly deaths: number;
  readonly stops: number;
  /** processes that were told to stop, operators who came */
  readonly leavings: number;
  readonly tendings: number;
  /** dead letters that went into the log again */
  readonly replayed: number;
  /** times that a follower loaded a state */
  readonly loads: number;
  readonly failOvers: number;
  readonly staleRefused: number;
}

const STEP_MS = 1_000;
/** After the healing everything must be through within this time: sends, doubts, leases, the longest back-off. */
const HEALED_BY_MS = 240_000;
const DRAINED_BY_MS = 120_000;
/** Ticks after the last event, so that every window has been told as it stands. */
const TICKS_AFTER = 3;

export async function simulatedRun(seed: number, tell: ((line: string) => void) | null = null): Promise<SimulatedRun> {
  const world = new World(seed, tell);
  const { time } = world;
  const broken: string[] = [];
  await time.reign(async () => {
    world.openDoors();
    planIncidents(world);
    await time.runUntil(world.begin + world.spanMs);
    heal(world);
    if (!(await reached(world, HEALED_BY_MS, () => world.sending === 0)))
      broken.push('somebody still has events to send');
    const ticks = world.inhabited().map(partition => ticksOf(world, partition));
    const told = (): boolean =>
      world.inhabited().every((partition, i) => ticksOf(world, partition) >= (ticks[i] ?? 0) + TICKS_AFTER);
    if (!(await reached(world, HEALED_BY_MS, () => told() && plantKnown(world)))) {
      broken.push('a partition gets no ticks, or does not know the plant');
    }
    world.trace.add('world', 'takes nothing in any more');
    world.redis.full = true;
    if (!(await reached(world, DRAINED_BY_MS, () => isDrained(world))))
      broken.push(`not worked off: ${backlog(world)}`);
    if (!(await reached(world, DRAINED_BY_MS, () => allCaughtUp(world)))) broken.push('a follower stays behind');
    if (!(await reached(world, DRAINED_BY_MS, () => world.engines.every(({ engine }) => engine?.isReady() === true))))
      broken.push('a process does not get ready');
  });
  broken.push(...world.ledger.broken, ...audit(world), ...auditCrew(world));
  const { deaths, stops, leavings, tendings, failOvers, ledger, trace } = world;
  return {
    seed,
    broken,
    hash: trace.hash(),
    virtualMs: time.now - world.begin,
    messages: time.steps,
    commits: ledger.commits,
    deaths,
    stops,
    leavings,
    tendings,
    replayed: [...ledger.accounts.values()].reduce((sum, { replayed }) => sum + replayed.length, 0),
    loads: world.engines.reduce((sum, { engine }) => sum + (engine?.replicas.loads() ?? 0), 0),
    failOvers,
    staleRefused: ledger.staleRefused,
  };
}

async function reached(world: World, withinMs: number, isThere: () => boolean): Promise<boolean> {
  const { time } = world;
  const end = time.now + withinMs;
  while (!isThere()) {
    if (time.now >= end) return false;
    await time.runUntil(time.now + STEP_MS);
  }
  return true;
}

const ticksOf = (world: World, partition: number): number =>
  world.ledger.of(world.tag(partition)).log.filter(({ fields }) => fields[0] === 'k' && fields[1] === 'tick').length;

function plantKnown(world: World): boolean {
  return world.inhabited().every(partition => {
    const tag = world.tag(partition);
    const plant = world.redis.slot(tag).hash(`oee:{${tag}}:st`).get('plant');
    return plant !== undefined && (JSON.parse(plant) as { revision: string }).revision === world.plant.revision;
  });
}

/** Partitions that have something to be worked in or to be delivered, once more where a late write may lie over it. */
function backlog(world: World): string {
  const behind = world.inhabited().filter(partition => {
    const tag = world.tag(partition);
    const slot = world.redis.slot(tag);
    const { log, out } = world.ledger.of(tag);
    const offset = slot.hash(`oee:{${tag}}:meta`).get('offset');
    const last = out.at(-1)?.id;
    const cursors = ['influx', 'rollup'].map(sink => slot.hash(`oee:{${tag}}:cur`).get(sink)?.split(' ')[0]);
    const [, ...inDoubt] = slot.hash(`oee:{${tag}}:meta`).get('writer:influx')?.split('|') ?? [];
    if (inDoubt.some(text => text !== '')) return true;
    return log.at(-1)?.id !== offset || (last !== undefined && cursors.some(cursor => cursor !== last));
  });
  return behind.join(', ');
}

const isDrained = (world: World): boolean => backlog(world) === '';
