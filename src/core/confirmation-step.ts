// Confirmation step: what is to be said of a machine's orders now that shifts of it are final, or were restated.
// In: a machine, what its windows said. Out: confirmations and restatements; the machine's book remembers them.
// Pure; changes the book in place. Figures are read from the facts, so a replay says the same under the same ids.

import type { Confirmation } from './confirmation.ts';
import { type MovedRun, noteMoved, remember, takeMoved } from './confirmation-book.ts';
import { type Machine, watermarkOf } from './machine.ts';
import { tallyOver } from './machine-results.ts';
import type { Output } from './result.ts';
import { addInto, emptyTally, type Tally, talliesEqual } from './tally.ts';
import { isoOf } from './time.ts';
import type { Frame } from './window-track.ts';

interface Author {
  readonly by: string | null;
  readonly why: string | null;
}

/** One order's part of a shift: the sum over its runs in it. */
interface OrderPart {
  readonly order: string;
  readonly product: string | null;
  readonly from: number;
  readonly to: number;
  readonly tally: Tally;
}

/**
 * Says what is new of the shifts that `outputs` tell as final, and on a tick of those in which orders turned out to run
 * otherwise. A shift whose facts were let go in part is left as it was said.
 */
export function confirmShifts(machine: Machine, outputs: readonly Output[], onTick: boolean): Confirmation[] {
  const due = new Map<number, Author>();
  if (onTick) for (const moved of takeMoved(machine.book)) markShifts(machine, moved, due);
  for (const told of outputs) {
    if (told.type !== 'result' || told.kind !== 'shift' || !told.final) continue;
    const { start, by, why, revision } = told;
    // whoever corrected a shift that was still open has restated nothing
    if (by !== null && revision > 0) due.set(start, { by, why });
    else if (!due.has(start)) due.set(start, NOBODY);
  }
  return [...due].sort(([a], [b]) => a - b).flatMap(([start, author]) => confirmShift(machine, start, author));
}

const NOBODY: Author = { by: null, why: null };

/** The shifts that share time with the span: those of the calendar that are over, and those of which something was said. */
function markShifts(machine: Machine, { from, to, by, why }: MovedRun, due: Map<number, Author>): void {
  const mark = (start: number): void => {
    if (!due.has(start) || by !== null) due.set(start, { by, why });
  };
  const locate = machine.tracks.find(track => track.kind === 'shift')?.locate;
  const limit = Math.min(to, watermarkOf(machine));
  for (let at = Math.max(from, machine.keptFrom); locate !== undefined && at < limit; ) {
    const place = locate(at);
    if (place.frame !== null) mark(place.frame.start);
    at = place.frame === null ? place.to : place.frame.end;
  }
  for (const [start, orders] of machine.book.said) {
    const [said] = orders.values();
    if (said !== undefined && start < to && said.shift.end > from) mark(start);
  }
}

/** Another calendar may cut shifts otherwise: what was said of those that are no more is looked at again. */
export function noteRecutShifts(machine: Machine): void {
  const locate = machine.tracks.find(track => track.kind === 'shift')?.locate;
  for (const [start, orders] of machine.book.said) {
    const [said] = orders.values();
    if (said === undefined) continue;
    const { name, end, businessDay } = said.shift;
    const frame = locate?.(start).frame ?? null;
    const stands = frame?.start === start && frame.end === end && frame.name === name;
    if (!stands || frame.businessDay !== businessDay) noteMoved(machine.book, { from: start, to: end, ...NOBODY });
  }
}

function confirmShift(machine: Machine, start: number, author: Author): Confirmation[] {
  if (start < machine.keptFrom) return [];
  const place = machine.tracks.find(track => track.kind === 'shift')?.locate(start);
  const frame = place?.frame?.start === start ? place.frame : null;
  if (frame !== null && frame.end > watermarkOf(machine)) return [];
  const said = machine.book.said.get(start);
  const parts = frame === null ? new Map<string, OrderPart>() : orderParts(machine, frame);
  const out: Confirmation[] = [];
  for (const part of parts.values()) {
    const known = said?.get(part.order);
    if (frame !== null) out.push(...saidAnew(known, confirmation(machine, frame, part), author));
  }
  for (const known of said?.values() ?? []) {
    if (!parts.has(known.order))
      out.push(...saidAnew(known, { ...known, to: known.from, tally: emptyTally() }, author));
  }
  for (const each of out) remember(machine.book, each);
  return out;
}

/** The orders that share time with the frame, each with the sum of its runs there, in the order of their beginnings. */
export function orderParts(
  machine: Machine,
  frame: { readonly start: number; readonly end: number },
): Map<string, OrderPart> {
  const parts = new Map<string, OrderPart>();
  for (const run of machine.runs) {
    const from = Math.max(run.from, frame.start);
    const to = Math.min(run.to ?? frame.end, frame.end);
    if (from >= to) continue;
    const tally = tallyOver(machine, from, to);
    const known = parts.get(run.order);
    if (known !== undefined) addInto(tally, known.tally);
    const product = run.product ?? known?.product ?? null;
    parts.set(run.order, { order: run.order, product, from: known?.from ?? from, to, tally });
  }
  return parts;
}

function confirmation(machine: Machine, frame: Frame, { order, product, from, to, tally }: OrderPart): Confirmation {
  const { id: unit, line } = machine.rules.machine;
  const { name, start, end, businessDay } = frame;
  return {
    type: 'confirmation',
    id: `${unit}:${order}:${isoOf(start)}`,
    revision: 0,
    unit,
    line,
    order,
    product,
    shift: { name, start, end, businessDay },
    from,
    to,
    tally,
    before: null,
    by: null,
    why: null,
  };
}

/** Nothing when it says what was said already; else a restatement that carries what it takes back. */
function saidAnew(known: Confirmation | undefined, next: Confirmation, { by, why }: Author): Confirmation[] {
  if (known === undefined) return [{ ...next, by, why }];
  if (talliesEqual(known.tally, next.tally) && frameOf(known) === frameOf(next)) return [];
  return [{ ...next, revision: known.revision + 1, before: known.tally, by, why }];
}

const frameOf = ({ line, product, shift, from, to }: Confirmation): string =>
  JSON.stringify([line, product, shift.name, shift.start, shift.end, shift.businessDay, from, to]);
