// Figures audit: every window that was told, computed once more from the facts that were acknowledged, by the naive method.
// In: the surviving logs and outboxes. Out: windows whose figures differ.
// Pure. Shares nothing with the engine's way to a figure but how an event is read.

import { ANY_MACHINE, type MachineEvent, parseEvent } from '../../src/core/event.ts';
import type { LogEntry } from '../../src/core/log-entry.ts';
import { isRejection } from '../../src/core/rejection.ts';
import type { WindowResult } from '../../src/core/result.ts';
import { emptyTally, sumOfTallies, TALLY_FIELDS, type Tally } from '../../src/core/tally.ts';
import { PLAN } from '../support/made-up-calendar.ts';
import { NaiveMachine } from '../support/naive-tally.ts';
import type { Remains } from './remains.ts';
import type { World } from './world.ts';

/** Order runs are what the newest facts say they are; which of those told before still stand is not for this method. */
const KINDS: ReadonlySet<string> = new Set(['minute', 'hour', 'shift', 'day']);

export function auditFigures(world: World, remains: readonly Remains[]): string[] {
  const rows = new Map<string, WindowResult>();
  for (const { outputs } of remains) {
    for (const output of outputs) {
      if (output.type === 'result' && KINDS.has(output.kind))
        rows.set(`${output.unit} ${output.kind} ${output.start}`, output);
    }
  }
  const facts = remains.flatMap(({ entries }) => {
    // what comes before the first plant of a new partition is of machines that nobody knows, or of none
    const first = entries.findIndex(entry => entry.kind === 'plant');
    return entries.flatMap((entry, index) =>
      factsIn(world, entry).filter(({ machine }) => machine === ANY_MACHINE || (first >= 0 && index >= first)),
    );
  });
  const machines = naiveMachines(world, facts, rows);
  const broken: string[] = [];
  for (const [name, row] of rows) {
    const expected = expectedOf(world, row, machines, rows);
    if (expected === null || textOf(expected) === textOf(row.tally)) continue;
    broken.push(`${name} ${new Date(row.start).toISOString()}: told ${textOf(row.tally)}, is ${textOf(expected)}`);
  }
  return broken;
}

/** Events that hold: those that can be read, of machines that there are, not stamped ahead of their arrival. */
function factsIn(world: World, entry: LogEntry): MachineEvent[] {
  if (entry.kind !== 'events') return [];
  const { settings, machines } = world.plant;
  return entry.body.split('\n').flatMap(line => {
    const event = parsed(line, entry.at);
    if (event === null) return [];
    // what names no machine is judged by nobody's clock
    if (event.machine === ANY_MACHINE) return [event];
    const holds = event.at <= entry.at + settings.maxAheadMs && machines.some(({ id }) => id === event.machine);
    return holds ? [event] : [];
  });
}

function parsed(line: string, at: number): MachineEvent | null {
  try {
    const event = parseEvent(JSON.parse(line), at);
    return isRejection(event) ? null : event;
  } catch {
    return null;
  }
}

interface Naive {
  readonly machine: NaiveMachine;
  /** its first fact that stands; windows before it were told when another fact seemed to be the first */
  readonly beginning: number;
}

function naiveMachines(
  world: World,
  facts: readonly MachineEvent[],
  rows: ReadonlyMap<string, WindowResult>,
): ReadonlyMap<string, Naive> {
  const edges = new Map<string, number>();
  for (const { unit, edge } of rows.values()) edges.set(unit, Math.max(edge, edges.get(unit) ?? 0));
  const everywhere = facts.filter(event => event.machine === ANY_MACHINE);
  const naive = new Map<string, Naive>();
  for (const line of world.plant.lines) {
    const constraint = world.plant.machines.find(machine => machine.id === line.constraint);
    for (const id of line.machines) {
      const model = world.plant.machines.find(machine => machine.id === id);
      if (model === undefined) continue;
      const mine = [...facts.filter(event => event.machine === id), ...everywhere];
      const said = constraint === undefined ? [] : (naive.get(constraint.id)?.machine.cyclesSaid() ?? []);
      const lineCycles =
        constraint !== undefined && id === line.machines.at(-1) ? [...constraint.cycles, ...said] : null;
      const machine = new NaiveMachine(model, PLAN, mine, edges.get(id) ?? 0, lineCycles);
      naive.set(id, { machine, beginning: machine.facts[0]?.at ?? Number.POSITIVE_INFINITY });
    }
  }
  return naive;
}

function expectedOf(
  world: World,
  row: WindowResult,
  machines: ReadonlyMap<string, Naive>,
  rows: ReadonlyMap<string, WindowResult>,
): Tally | null {
  const of = (id: string): Tally => {
    const naive = machines.get(id);
    if (naive === undefined || row.end <= naive.beginning) return emptyTally();
    return naive.machine.tallyOver(row.start, Math.max(row.end, row.edge));
  };
  if (row.level === 'machine') return row.end <= (machines.get(row.unit)?.beginning ?? 0) ? null : of(row.unit);
  if (row.level === 'line') {
    const line = world.plant.lines.find(each => each.id === row.unit);
    const beginning = Math.min(...(line?.machines ?? []).map(id => machines.get(id)?.beginning ?? 0));
    if (line === undefined || row.end <= beginning) return null;
    if (line.kind === 'parallel') return { ...sumOfTallies(line.machines.map(of)), lineIdealGoodUs: 0 };
    return serial(of(line.machines[0] ?? ''), of(line.machines.at(-1) ?? ''));
  }
  // areas and sites: the sum of what their lines said last
  const parts = world.plant.lines.flatMap(line => rows.get(`${line.id} ${row.kind} ${row.start}`)?.tally ?? []);
  return sumOfTallies(parts);
}

/** Time of the constraint, which comes first here; good pieces of the last; rejects of both. */
function serial(first: Tally, last: Tally): Tally {
  const { reject, rework, quarantined, energyWh } = sumOfTallies([first, last]);
  const { good, lineIdealGoodUs } = last;
  return { ...first, good, idealGoodUs: lineIdealGoodUs, lineIdealGoodUs: 0, reject, rework, quarantined, energyWh };
}

const textOf = (tally: Readonly<Tally>): string =>
  TALLY_FIELDS.filter(field => tally[field] !== 0)
    .map(field => `${field} ${tally[field]}`)
    .join(', ');
