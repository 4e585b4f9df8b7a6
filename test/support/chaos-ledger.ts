// Chaos ledger: what must be there after all of it was taken once, by a naive method that shares nothing with the engine.
// In: a form. Out: numbers of events; tallies of machines and sites over any span.
// Pure. Whole lists and the naive tally; pieces of one minute are added up first, or a million of them would take it hours.

import { type MachineEvent, parseEvent } from '../../src/core/event.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { sumOfTallies, type Tally } from '../../src/core/tally.ts';
import { MINUTE_MS } from '../../src/core/time.ts';
import { type ChaosForm, roundOf } from './chaos-form.ts';
import { BEGIN, CHAOS_PLAN, chaosPlant, isMachine } from './chaos-plant.ts';
import { chaosPhases } from './chaos-traffic.ts';
import type { ChaosEvent } from './chaos-voice.ts';
import { NaiveMachine } from './naive-tally.ts';

export interface ChaosLedger {
  /** events in batches, repeats and all */
  readonly sent: number;
  /** of machines that nobody knows */
  readonly rejected: number;
  /** different events of machines that there are */
  readonly held: number;
  /** of those, beyond the horizon */
  readonly tooLate: number;
  tallyOf(machine: string, from: number, to: number): Tally;
  /** pieces in and good pieces of a site */
  piecesOf(site: string, from: number, to: number): { readonly total: number; readonly good: number };
}

export function chaosLedger(form: ChaosForm): ChaosLedger {
  const books = { sent: 0, rejected: 0, held: 0, tooLate: 0 };
  const seen = new Set<string>();
  const folded = new Map<string, Map<string, ChaosEvent>>();
  for (const { queues } of chaosPhases(form)) {
    for (const queue of queues) {
      for (const event of [...queue].flat()) {
        books.sent += 1;
        const name = `${event.machine} ${event.id}`;
        if (!isMachine(event.machine)) books.rejected += 1;
        else if (!seen.has(name)) {
          seen.add(name);
          books.held += 1;
          if (event.at < BEGIN) books.tooLate += 1;
          else fold(folded, event);
        }
      }
    }
  }
  const machines = naiveMachines(form, folded);
  const tallyOf = (machine: string, from: number, to: number): Tally => {
    const naive = machines.get(machine);
    if (naive === undefined) throw new Error(`no machine ${machine}`);
    return naive.tallyOver(from, to);
  };
  return { ...books, tallyOf, piecesOf: piecesOfSites(tallyOf) };
}

/** Increments of a minute are one increment, of the readings of a minute the last speaks for all: orders change on the minute. */
function fold(folded: Map<string, Map<string, ChaosEvent>>, event: ChaosEvent): void {
  const mine = folded.get(event.machine) ?? new Map<string, ChaosEvent>();
  folded.set(event.machine, mine);
  const minute = Math.floor(event.at / MINUTE_MS) * MINUTE_MS;
  const key = `${event.type} ${minute}`;
  const known = mine.get(key);
  if (event.type === 'count') {
    const sum = (field: string): number => Number(known?.[field] ?? 0) + Number(event[field]);
    mine.set(key, { ...event, id: key, at: minute, good: sum('good'), reject: sum('reject') });
  } else if (event.type === 'counter' && event.at > BEGIN) {
    if (known === undefined || event.at > known.at) mine.set(key, event);
  } else mine.set(event.id, event);
}

function naiveMachines(
  form: ChaosForm,
  folded: ReadonlyMap<string, ReadonlyMap<string, ChaosEvent>>,
): ReadonlyMap<string, NaiveMachine> {
  const edge = roundOf(form.rounds - 1).end;
  return new Map(
    chaosPlant().machines.map(model => {
      const said = [...(folded.get(model.id)?.values() ?? [])].map(parsed);
      return [model.id, new NaiveMachine(model, CHAOS_PLAN, said, edge)];
    }),
  );
}

function parsed(raw: ChaosEvent): MachineEvent {
  const event = parseEvent(raw, raw.at);
  if (isRejection(event)) throw new Error(`${JSON.stringify(raw)}: ${event.message}`);
  return event;
}

/** A parallel line makes what its machines make; a serial one takes in at its constraint and gives out at its last machine. */
function piecesOfSites(tallyOf: ChaosLedger['tallyOf']): ChaosLedger['piecesOf'] {
  const { lines } = chaosPlant();
  return (site, from, to) => {
    const parts = lines
      .filter(line => line.site === site)
      .map(({ kind, machines }) => {
        const tallies = machines.map(machine => tallyOf(machine, from, to));
        if (kind === 'parallel') return sumOfTallies(tallies);
        return { ...sumOfTallies([]), total: tallies[0]?.total ?? 0, good: tallies.at(-1)?.good ?? 0 };
      });
    const { total, good } = sumOfTallies(parts);
    return { total, good };
  };
}
