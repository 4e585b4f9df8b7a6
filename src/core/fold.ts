// Fold: one machine's facts, in event time, into raw segments of time, pieces and order runs.
// In: what is carried over and the next fact. Out: the carry, changed in place, and what that fact closed.
// Pure. Silence, micro-stops and counter differences are functions of the sorted facts alone; a tick never comes here.

import { type Carry, closeRun, closeSegment, type Emitted, flushGap, push, runKind, SILENT } from './carry.ts';
import { differenceOf, gainsOf, type Readings } from './counter.ts';
import type { CounterEvent, FactEvent, OrderEvent, StateEvent } from './event.ts';
import { isSignOfLife } from './fact.ts';
import type { CounterName } from './plant-model.ts';
import { claimBehind, cycleAt, type ReadingRules } from './reading-rules.ts';

/** Works one fact in. Facts must come in the order of compareFacts. */
export function foldFact(rules: ReadingRules, carry: Carry, fact: FactEvent, out: Emitted): void {
  if (rules.corrections.revoked.size > 0 && rules.corrections.revoked.has(fact.id)) return;
  if (isSignOfLife(fact)) liveUntil(rules, carry, fact.at, out);
  else if (carry.at === null) carry.born ??= fact.at;
  switch (fact.type) {
    case 'state':
      foldState(rules, carry, fact, out);
      return;
    case 'order':
      foldOrder(rules, carry, fact, out);
      return;
    case 'counter':
      foldCounter(rules, carry, fact, out);
      return;
    case 'count':
    case 'requalify': {
      const { good = 0, reject = 0, rework = 0, id, at } = fact;
      const energyWh = fact.type === 'count' ? (fact.energyWh ?? 0) : 0;
      const product = carry.run?.product ?? rules.machine.product;
      out.pieces.push({ id, at, product, good, reject, rework, quarantined: 0, energyWh });
      return;
    }
    case 'heartbeat':
      return;
  }
}

/** A sign of life at `at`: the state held until then, unless the machine was silent for too long. */
function liveUntil(rules: ReadingRules, carry: Carry, at: number, out: Emitted): void {
  const { silenceMs } = rules.machine;
  const last = carry.at;
  carry.at = at;
  if (last === null) {
    push(out, { ...SILENT, from: carry.born ?? at, to: at, category: 'unknown', source: 'silence' });
    carry.born = null;
    carry.runFrom = at;
    carry.segmentFrom = at;
    return;
  }
  if (carry.gap !== null && at > carry.gap.to + (silenceMs ?? 0)) flushGap(carry, 0, out);
  if (silenceMs === null || at - last <= silenceMs) return;
  closeRun(rules, carry, last, out);
  flushGap(carry, 0, out);
  carry.gap = { from: last, to: at };
  carry.runFrom = at;
  carry.segmentFrom = at;
}

function foldState(rules: ReadingRules, carry: Carry, fact: StateEvent, out: Emitted): void {
  const reason = fact.reason ?? null;
  if (fact.state === carry.word && reason === carry.reason) return;
  const claim = claimBehind(rules, fact.state, reason);
  if (runKind(claim) === runKind(carry.claim)) closeSegment(rules, carry, fact.at, out);
  else {
    closeRun(rules, carry, fact.at, out);
    carry.runFrom = fact.at;
  }
  carry.segmentFrom = fact.at;
  carry.word = fact.state;
  carry.reason = reason;
  carry.claim = claim;
}

function foldOrder(rules: ReadingRules, carry: Carry, fact: OrderEvent, out: Emitted): void {
  if (fact.phase === 'end' && carry.run?.order !== fact.order) return;
  if (carry.run !== null && carry.run.from < fact.at) out.runs.push({ ...carry.run, to: fact.at });
  carry.run = null;
  if (fact.phase === 'end') return;
  const { order, product = null, quantity = null, due = null, at } = fact;
  carry.run = { order, product, quantity, due, from: at, to: null };
  for (const [name, counter] of Object.entries(rules.machine.counters)) {
    if (counter.startsWithOrder) carry.readings[name as CounterName] = { value: 0, at };
  }
}

function foldCounter(rules: ReadingRules, carry: Carry, fact: CounterEvent, out: Emitted): void {
  const { counters, maxRate } = rules.machine;
  const before = carry.readings;
  const { gains, held, next } = differenceOf(before, fact, fact.at, {
    modulusOf: name => counters[name]?.modulus ?? null,
    maxRate,
    released: rules.corrections.released.has(fact.id),
  });
  carry.readings = { ...before, ...next };
  const speaksForItself = Object.keys(counters).length === 0;
  const moved = gainsOf(name => (speaksForItself ? fact[name] !== undefined : name in counters), gains);
  const pieces = moved.good + moved.reject + moved.rework;
  const product = carry.run?.product ?? rules.machine.product;
  const { id, at } = fact;
  if (held) {
    out.pieces.push({ id, at, product, good: 0, reject: 0, rework: 0, quarantined: pieces, energyWh: 0 });
    return;
  }
  if (moved.good !== 0 || moved.reject !== 0 || moved.rework !== 0) {
    out.pieces.push({ id, at, product, ...moved, quarantined: 0, energyWh: 0 });
  }
  // a message of a counter that stood still proves nothing: another counter's message may still follow
  const { gap } = carry;
  if (gap === null || pieces <= 0 || !spansGap(before, next, gap.from)) return;
  const cycleUs = cycleAt(rules, product, at) ?? 0;
  flushGap(carry, Math.floor((pieces * cycleUs) / 1000) - (at - gap.to), out);
}

/** Every counter of the message was last read before the silence: its gain lies across it. */
function spansGap(before: Readings, next: Readings, silentSince: number): boolean {
  return Object.keys(next).every(name => {
    const reading = before[name as CounterName];
    return reading !== undefined && reading.at <= silentSince;
  });
}
