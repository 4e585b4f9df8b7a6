// Auditor: holds the end of a simulation to what was acknowledged, by other ways than the engine's own.
// In: a world after everything was worked off. Out: the laws that do not hold, in words.
// Reads the world and changes nothing.

import { type Output, packOutput, unpackOutput } from '../../src/core/result.ts';
import { entryOf } from '../../src/journal/reader.ts';
import { auditFigures } from './figures-audit.ts';
import { pointsOf } from './model-influx.ts';
import type { Remains } from './remains.ts';
import { replayedLog } from './replayed-log.ts';
import type { World } from './world.ts';

export function audit(world: World): string[] {
  const remains = world.inhabited().map((partition): Remains => {
    const tag = world.tag(partition);
    const { log, out } = world.ledger.of(tag);
    const entries = log.map(({ id, fields }) => entryOf([id, [...fields]]));
    const outputs = out.flatMap(({ fields }) => (fields[5] ?? '').split('\n').map(unpackOutput));
    return { partition, tag, entries, outputs };
  });
  const broken = [...auditSent(world, remains), ...auditSayings(world)];
  for (const each of remains) broken.push(...auditState(world, each), ...auditHistory(world, each));
  broken.push(...auditFigures(world, remains));
  return broken;
}

/** What was acknowledged is in the log, once; and the books of the senders add up. */
function auditSent(world: World, remains: readonly Remains[]): string[] {
  const broken: string[] = [];
  const { sent, accepted, duplicate, rejected } = world.books;
  if (sent !== accepted + duplicate + rejected)
    broken.push(`books: ${sent} sent, ${accepted}+${duplicate}+${rejected} answered`);
  for (const { partition, tag, entries } of remains) {
    const logged = new Map<string, number>();
    for (const entry of entries) {
      if (entry.kind === 'events') for (const id of idsIn(entry.body)) logged.set(id, (logged.get(id) ?? 0) + 1);
    }
    const numbered = world.spools.filter(spool => spool.partition === partition).flatMap(spool => spool.batches.flat());
    const { plant } = world;
    const here = world.unnumbered.filter(({ event }) => {
      const line = plant.machines.find(machine => machine.id === event.machine)?.line;
      if (line !== undefined) return world.partitionOf(line) === partition;
      return plant.lines.some(each => world.partitionOf(each.id) === partition);
    });
    for (const { event } of [...numbered, ...here]) {
      const replays = world.ledger.of(tag).replayed.filter(text => idsIn(text).includes(event.id)).length;
      const times = (logged.get(event.id) ?? 0) - replays;
      if (times !== 1) broken.push(`${tag}: event ${event.id} is in the log ${times} times`);
    }
  }
  return broken;
}

function idsIn(body: string): string[] {
  return body.split('\n').flatMap(line => {
    try {
      const { id } = JSON.parse(line) as { id?: unknown };
      return typeof id === 'string' ? [id] : [];
    } catch {
      return [];
    }
  });
}

/** Nobody hears of a shorter past when there was none, and nothing was ever skipped. */
function auditSayings({ said, failOvers }: World): string[] {
  const serious = said.filter(({ level }) => level === 'error');
  const broken = serious.map(({ who, message }) => `${who} says: ${message}`);
  if (failOvers > 0) return broken;
  const fell = said.filter(({ message, code }) => code === 'OEE_JOURNAL_FELL_BACK' || message.includes('fell back'));
  return [...broken, ...fell.map(({ who, message }) => `${who} says without a fail-over: ${message}`)];
}

/** The committed state is what the surviving log says, worked through once; and every event in it is accounted for. */
function auditState(world: World, { partition, tag, entries, outputs }: Remains): string[] {
  const broken: string[] = [];
  const slot = world.redis.slot(tag);
  const key = (part: string): string => `oee:{${tag}}:${part}`;
  const truth = replayedLog(entries, partition, unit => world.partitionOf(unit) === partition);
  const fields = inOneOrder(slot.hash(key('st')));
  const texts = new Map([...slot.set(key('ts'))].map(suffix => [suffix, slot.texts.get(key(`t:${suffix}`)) ?? '']));
  broken.push(
    ...differences(`${tag}: state`, fields, inOneOrder(truth.fields)),
    ...differences(`${tag}: facts`, texts, truth.texts),
  );
  broken.push(...differences(`${tag}: told`, newestOf(outputs), newestOf(truth.outputs)));
  const letters = slot.stream(key('dlq')).entries.length;
  const { read, inState, repeats, deadLettered } = truth.partition.accounting;
  if (read !== inState + repeats + deadLettered)
    broken.push(`${tag}: ${read} read, ${inState}+${repeats}+${deadLettered} kept`);
  const count = (name: string): number => Number(slot.hash(key('meta')).get(`n:${name}`) ?? 0);
  const [replayed, discarded, counted] = [count('replayed'), count('discarded'), count('accepted') + count('replayed')];
  if (letters + replayed + discarded !== deadLettered)
    broken.push(`${tag}: ${letters}+${replayed}+${discarded} dead letters, ${deadLettered} refused`);
  const logged = world.ledger.of(tag).log.filter(({ fields: [name] }) => name === 'b');
  const events = logged.reduce((sum, { fields: [, body = ''] }) => sum + body.split('\n').length, 0);
  if (counted !== events) broken.push(`${tag}: ${counted} accepted or replayed, ${events} in the log`);
  return broken;
}

/** What is a set to the engine is written in the order in which it came to be: the same set, whatever the order. */
export function inOneOrder(fields: ReadonlyMap<string, string>): Map<string, string> {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, sorted(item)]));
  };
  const said = new Map<string, string>();
  for (const [name, text] of fields) {
    if (text === '') continue;
    said.set(name, JSON.stringify(sorted(JSON.parse(text))));
  }
  return said;
}

/** The newest text of every point, and of every revision. */
function newestOf(outputs: readonly Output[]): Map<string, string> {
  const newest = new Map<string, Output>();
  for (const output of outputs) for (const point of pointsOf(output)) newest.set(point, output);
  return new Map([...newest].map(([point, output]) => [point, packOutput(output)]));
}

/** The history holds the newest of everything that the outbox ever told, to the digit; and nothing that it never told. */
function auditHistory(world: World, { tag, outputs }: Remains): string[] {
  const broken: string[] = [];
  for (const [point, text] of newestOf(outputs)) {
    const kept = world.influx.point(point);
    if (kept !== text) broken.push(`${tag}: history holds of ${point}: ${kept}, told was ${text}`);
  }
  return broken;
}

const SHOWN = 2;
export function differences(what: string, a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...a.keys(), ...b.keys()])].filter(name => a.get(name) !== b.get(name));
  return names
    .slice(0, SHOWN)
    .map(name => `${what} ${name}: is ${a.get(name)}, should be ${b.get(name)} (${names.length} such)`);
}
