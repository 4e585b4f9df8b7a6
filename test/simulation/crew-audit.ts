// Crew audit: the processes of an installation among each other: who works what, and whether those who only follow agree.
// In: a world after everything was worked off. Out: the laws that do not hold, in words.
// Reads the world; what it asks of a state changes nothing that counts any more.

import { saveFields } from '../../src/core/checkpoint.ts';
import { differences, inOneOrder } from './auditor.ts';
import type { World } from './world.ts';

/** Every partition has one worker, among all processes. */
export function auditCrew(world: World): string[] {
  const broken = [...auditReplicas(world)];
  for (const partition of world.inhabited()) {
    const workers = world.engines.filter(({ engine }) => engine?.keeper?.workers.get(partition)?.mode === 'working');
    if (workers.length !== 1) broken.push(`${world.tag(partition)} is worked by ${workers.length} processes`);
  }
  for (const { message, error } of world.said) {
    if (message === 'replica to be loaded again' && error.includes("the owner's books say"))
      broken.push(`a replica and its owner differ: ${error}`);
  }
  return broken;
}

/** Whoever answers questions has every partition, worked or followed, as its owner committed it. */
function auditReplicas(world: World): string[] {
  const broken: string[] = [];
  for (const { engine, life, roles } of world.engines) {
    if (!roles.web || engine === null) continue;
    for (const partition of world.inhabited()) {
      const tag = world.tag(partition);
      const state = engine.stateOf(partition);
      if (state === null) {
        broken.push(`${tag}: ${life.name} has no state of it`);
        continue;
      }
      const mine = saveFields(state, { machines: state.machines.values(), plant: true });
      const committed = world.redis.slot(tag).hash(`oee:{${tag}}:st`);
      const theirs = new Map([...committed].filter(([name]) => mine.has(name)));
      for (const each of differences(`${tag}: state`, inOneOrder(mine), inOneOrder(theirs)))
        broken.push(`${each}, says ${life.name}`);
    }
  }
  return broken;
}

/** Everybody who answers questions has worked in what is in the log. */
export function allCaughtUp(world: World): boolean {
  return world.engines.every(({ engine, roles }) => {
    if (!roles.web) return true;
    if (engine === null) return false;
    return engine.replicas.all().every(({ index, offset }) => {
      return offset === world.ledger.of(world.tag(index)).log.at(-1)?.id;
    });
  });
}
