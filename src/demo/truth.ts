// Truth: what really counts by the law in the simulated plant, for any machine and span: the answer that the engine must find.
// In: a ledger, a machine, a span. Out: the tally. By laying finished intervals over one another, not by folding events.
// Pure. Shares with the engine the calendar and the tally's shape, and nothing that computes.

import type { MachineModel, Plant } from '../core/plant-model.ts';
import { type Category, emptyTally, type Tally } from '../core/tally.ts';
import type { Span } from '../core/time.ts';
import type { Claim } from '../core/vocabulary.ts';
import { type CountedPieces, type Ledger, ledgerOf, type MachineAccount } from './truth-ledger.ts';

// The conventions, each of which the engine must share:
// - Times and pieces lie where the machine's own clock puts them, in [from, to); a machine with `countEdge: ending` gives a
//   piece stamped exactly at a shift's end to that shift.
// - Two signs of life (state, pieces, heartbeat; not orders, not corrections) further apart than `silenceMs` have unknown
//   time between them. A silence ends a run; the same state after it is a new one.
// - A run is unbroken time in states of one kind; `stop` and `breakdown` are one kind. Its whole length, breaks included,
//   against `microStopMs` makes it a micro-stop (shorter) or a breakdown (as long or longer).
// - Restatement over calendar over state. A run counts once, where its first scheduled and not restated instant lies; a
//   restatement to a loss counts once, where it begins. Planned stops, running and the unknown are no stops.
// - `stops` are breakdowns, set-ups, starved, blocked and idle runs; `failures` the breakdowns; micro-stops on their own.
// - A piece has the product of its time (an order's start at the same instant rules already) and the cycle valid then.

interface Run extends Span {
  readonly category: Category;
}

const kindOf = (claim: Claim): Claim => (claim === 'breakdown' ? 'stop' : claim);
const LOSSES: readonly Category[] = ['setup', 'breakdown', 'starved', 'blocked', 'idle'];

/** Silences: from the last sign before to the first one after. */
function silencesOf(account: MachineAccount): Span[] {
  const { silenceMs } = account.machine;
  const silences: Span[] = [];
  account.signs.forEach((to, index) => {
    const from = account.signs[index - 1];
    if (from !== undefined && silenceMs !== null && to - from > silenceMs) silences.push({ from, to });
  });
  return silences;
}

/** The runs of one kind of state, whole, silences taken out. */
export function runsOf(account: MachineAccount, until: number): Run[] {
  const silences = silencesOf(account);
  const known: { from: number; to: number; claim: Claim }[] = [];
  account.states.forEach(({ at, claim }, index) => {
    let from = at;
    const to = account.states[index + 1]?.at ?? Math.max(at, until);
    for (const silence of silences) {
      if (silence.to <= from || silence.from >= to) continue;
      if (silence.from > from) known.push({ from, to: silence.from, claim });
      from = silence.to;
    }
    if (from < to) known.push({ from, to, claim });
  });
  const merged: { from: number; to: number; claim: Claim }[] = [];
  const cuts = new Set(silences.map(silence => silence.to));
  for (const piece of known) {
    const last = merged.at(-1);
    const goesOn = last !== undefined && last.to === piece.from && !cuts.has(piece.from);
    if (goesOn && kindOf(last.claim) === kindOf(piece.claim)) last.to = piece.to;
    else merged.push({ ...piece });
  }
  return merged.map(({ from, to, claim }) => ({ from, to, category: categoryOf(account.machine, claim, to - from) }));
}

function categoryOf(machine: MachineModel, claim: Claim, lengthMs: number): Category {
  if (kindOf(claim) === 'stop') return lengthMs < machine.microStopMs ? 'microStop' : 'breakdown';
  return claim as Category;
}

/** The tally of one machine over a span that lies in the ledger and begins at least ten seconds after its start. */
export function truthIn(ledger: Ledger, machine: string, span: Span): Tally {
  const account = ledger.accounts.get(machine);
  if (account === undefined) throw new RangeError(`machine ${machine} is not in the ledger`);
  const tally = emptyTally();
  const runs = runsOf(account, ledger.to).filter(run => run.to > span.from && run.from < span.to);
  bookTime(tally, account, runs, span);
  bookStops(tally, account, runs, span);
  for (const pieces of account.pieces) {
    const at = sliceOf(account, pieces.at);
    if (at >= span.from && at < span.to) bookPieces(tally, account, pieces);
  }
  return tally;
}

export function truthOf(asked: { plant: Plant; seed: string; from: number; to: number }): Map<string, Tally> {
  const ledger = ledgerOf(asked);
  return new Map([...ledger.accounts.keys()].map(machine => [machine, truthIn(ledger, machine, asked)]));
}

/** Cuts the span wherever anything changes, and asks each piece what it is. */
function bookTime(tally: Tally, account: MachineAccount, runs: readonly Run[], span: Span): void {
  const plan = account.calendar.spansIn(span.from, span.to);
  const restated = account.restated.filter(each => each.to > span.from && each.from < span.to);
  const edges = new Set([span.from, span.to]);
  for (const { from, to } of [...runs, ...plan, ...restated]) {
    for (const edge of [from, to]) if (edge > span.from && edge < span.to) edges.add(edge);
  }
  const cuts = [...edges].sort((a, b) => a - b);
  const holds = (t: number) => (each: Span) => each.from <= t && t < each.to;
  cuts.slice(1).forEach((to, index) => {
    const from = cuts[index] as number;
    const kind = plan.find(holds(from))?.kind ?? 'notScheduled';
    const own = runs.find(holds(from))?.category ?? 'unknown';
    const category = restated.find(holds(from))?.category ?? (kind === 'scheduled' ? own : kind);
    tally[category] += to - from;
  });
}

function bookStops(tally: Tally, account: MachineAccount, runs: readonly Run[], span: Span): void {
  const count = (at: number | null, category: Category): void => {
    if (at === null || at < span.from || at >= span.to) return;
    if (category === 'microStop') tally.microStops += 1;
    if (LOSSES.includes(category)) tally.stops += 1;
    if (category === 'breakdown') tally.failures += 1;
  };
  for (const run of runs) count(firstOwnInstant(account, run), run.category);
  for (const { from, category } of account.restated) count(from, category);
}

/** The first instant of the run that is scheduled and not restated. */
function firstOwnInstant(account: MachineAccount, run: Run): number | null {
  for (const { from, to, kind } of account.calendar.spansIn(run.from, run.to)) {
    if (kind !== 'scheduled') continue;
    let at = from;
    for (const restated of account.restated) if (restated.from <= at && at < restated.to) at = restated.to;
    if (at < to) return at;
  }
  return null;
}

function sliceOf({ machine, calendar }: MachineAccount, at: number): number {
  return machine.countEdge === 'ending' && calendar.shiftAt(at - 1)?.end === at ? at - 1 : at;
}

function bookPieces(tally: Tally, account: MachineAccount, pieces: CountedPieces): void {
  const { machine, lead, products } = account;
  const { at, good, reject, rework } = pieces;
  const total = good + reject + rework;
  const ruling = products.filter(each => each.at <= at).at(-1);
  const product = ruling === undefined ? machine.product : ruling.product;
  const cycleUs = cycleOf(machine, product, at);
  tally.total += total;
  tally.good += good;
  tally.reject += reject;
  tally.rework += rework;
  tally.quarantined += pieces.quarantined;
  tally.energyWh += pieces.energyWh;
  tally.idealUs += total * (cycleUs ?? 0);
  tally.idealGoodUs += good * (cycleUs ?? 0);
  tally.lineIdealGoodUs += lead === null ? 0 : good * (cycleOf(lead, product, at) ?? 0);
  if (cycleUs === null) tally.uncycled += total;
}

function cycleOf(machine: MachineModel, product: string | null, at: number): number | null {
  const valid = machine.cycles.filter(cycle => cycle.product === product && cycle.from <= at);
  return valid.sort((a, b) => a.from - b.from).at(-1)?.cycleUs ?? null;
}
