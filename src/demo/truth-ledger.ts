// Truth ledger: what the simulated plant knows of itself: states, pieces, orders, silences and corrections as they really were.
// In: plant, seed and whole days. Out: one account per machine, by the machine's own clock, without what nobody ever heard.
// Pure. Written from the deeds, not from the events.

import type { Calendar } from '../core/calendar.ts';
import type { MachineModel, Plant } from '../core/plant-model.ts';
import { DAY_MS } from '../core/time.ts';
import type { Claim } from '../core/vocabulary.ts';
import type { Deed } from './deed.ts';
import { type Correction, DemoPeople } from './demo-people.ts';
import { deedsOfDay, demoPlantOf } from './plant-day.ts';
import { utcDayOf } from './simulate.ts';

export interface CountedPieces {
  readonly at: number;
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
  readonly quarantined: number;
  readonly energyWh: number;
}
export interface Restated {
  readonly from: number;
  readonly to: number;
  readonly category: 'setup' | 'idle' | 'plannedStop';
}

/** All lists ascending. */
export interface MachineAccount {
  readonly machine: MachineModel;
  readonly calendar: Calendar;
  /** the constraint's model when this is the last machine of a serial line */
  readonly lead: MachineModel | null;
  readonly states: { readonly at: number; readonly claim: Claim }[];
  readonly pieces: CountedPieces[];
  /** the product from an instant on; null where no order runs and the plant names none */
  readonly products: { readonly at: number; readonly product: string | null }[];
  readonly restated: Restated[];
  /** instants at which the machine was heard */
  readonly signs: number[];
}

export interface Ledger {
  readonly from: number;
  readonly to: number;
  readonly accounts: ReadonlyMap<string, MachineAccount>;
}

/** How far into the next day the ledger looks, so that what the last day left open is seen to end. */
const SECONDS_OF_NEXT_DAY = 10;

/**
 * The ledger of all UTC days that share time with [from, to). It knows with hindsight: late news, bursts and corrections
 * are in it, however late they come; what was lost is not. It begins with the machines' first words at midnight (within
 * the first five seconds), as for an engine that is fed from then on.
 */
export function ledgerOf(asked: { plant: Plant; seed: string; from: number; to: number }): Ledger {
  const { plant, seed } = asked;
  const from = utcDayOf(asked.from);
  const to = utcDayOf(asked.to + DAY_MS - 1);
  const demo = demoPlantOf(plant, seed);
  const accounts = emptyAccounts(plant, demo.calendars);
  for (let day = from; day <= to; day += DAY_MS) {
    const people = new DemoPeople(demo, day);
    let second = 0;
    for (const deeds of deedsOfDay(demo, day)) {
      for (const deed of deeds) {
        write(accounts, deed);
        for (const correction of people.watch(deed)) correct(accounts, correction);
      }
      second += 1;
      if (day === to && second === SECONDS_OF_NEXT_DAY) break;
    }
  }
  for (const account of accounts.values()) {
    account.signs.sort((a, b) => a - b);
    for (const list of [account.states, account.pieces, account.products]) {
      (list as { at: number }[]).sort((a, b) => a.at - b.at);
    }
    account.restated.sort((a, b) => a.from - b.from);
  }
  return { from, to, accounts };
}

function emptyAccounts(plant: Plant, calendars: ReadonlyMap<string, Calendar>): Map<string, MachineAccount> {
  const models = new Map(plant.machines.map(machine => [machine.id, machine]));
  const leads = new Map<string, MachineModel>();
  for (const line of plant.lines) {
    const lead = line.constraint === null ? undefined : models.get(line.constraint);
    const last = line.machines.at(-1);
    if (line.kind === 'serial' && lead !== undefined && last !== undefined) leads.set(last, lead);
  }
  const accounts = new Map<string, MachineAccount>();
  for (const machine of plant.machines) {
    const calendar = calendars.get(machine.calendar);
    if (calendar === undefined) continue;
    const lead = leads.get(machine.id) ?? null;
    accounts.set(machine.id, {
      machine,
      calendar,
      lead,
      states: [],
      pieces: [],
      products: [],
      restated: [],
      signs: [],
    });
  }
  return accounts;
}

function write(accounts: ReadonlyMap<string, MachineAccount>, deed: Deed): void {
  const account = accounts.get(deed.machine);
  if (account === undefined || deed.link === 'lost') return;
  const { at } = deed;
  // An order is news from the planner: it does not show that the machine is alive.
  if (deed.kind !== 'order') account.signs.push(at);
  if (deed.kind === 'state') account.states.push({ at, claim: deed.claim });
  if (deed.kind === 'order') {
    account.products.push({ at, product: deed.phase === 'start' ? deed.product : account.machine.product });
  }
  if (deed.kind === 'pieces') {
    const { good, reject, rework, quarantined, energyWh } = deed;
    account.pieces.push({ at, good, reject, rework, quarantined, energyWh });
  }
}

function correct(accounts: ReadonlyMap<string, MachineAccount>, correction: Correction): void {
  const account = accounts.get(correction.machine);
  if (correction.kind === 'reclassify') {
    const { from, to, category, revoked } = correction;
    if (!revoked) account?.restated.push({ from, to, category });
    return;
  }
  const { at, moved } = correction;
  account?.pieces.push({ at, good: -moved, reject: moved, rework: 0, quarantined: 0, energyWh: 0 });
}
