// Fact blocks: a machine's sorted facts in blocks of a few dozen, each with the carry at its start.
// In: new facts in any order. Out: what the change took away and what it brought (segments, pieces, order runs).
// Pure. A fact at the head costs one fold step; a late one folds its block again and goes on only until the carry is the same.

import { type Carry, copyCarry, type Emitted, emptyCarry, nothingEmitted } from './carry.ts';
import type { FactEvent } from './event.ts';
import { compareFacts, lowerBound } from './fact.ts';
import { foldFact } from './fold.ts';
import { openView } from './open-view.ts';
import type { ReadingRules } from './reading-rules.ts';

/** New blocks hold this many facts; a block that late facts have swollen to twice as many is split. */
const BLOCK_SIZE = 64;

interface Block {
  facts: FactEvent[];
  carryIn: Carry;
}

export interface Replaced {
  readonly removed: Emitted;
  readonly added: Emitted;
}

export interface FactBlocks {
  blocks: Block[];
  /** the carry after the last fact */
  head: Carry;
  count: number;
}

/** `base`: what was carried into the first fact that is still kept. */
export function emptyBlocks(base: Carry = emptyCarry()): FactBlocks {
  return { blocks: [], head: copyCarry(base), count: 0 };
}

const lastOf = (store: FactBlocks): FactEvent | undefined => store.blocks.at(-1)?.facts.at(-1);

/** Index of the last block that starts at or before the fact; 0 when none does. */
function blockFor(store: FactBlocks, fact: FactEvent): number {
  let low = 0;
  let high = store.blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const first = store.blocks[middle]?.facts[0];
    if (first !== undefined && compareFacts(first, fact) <= 0) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Where the machine's story begins: its first fact that holds. What was let go began before all time. */
export function beginningOf(store: FactBlocks, revoked: ReadonlySet<string>): number {
  const base = store.blocks[0]?.carryIn ?? store.head;
  if (base.at !== null || base.born !== null) return 0;
  for (const block of store.blocks) {
    const first = block.facts.find(fact => !revoked.has(fact.id));
    if (first !== undefined) return first.at;
  }
  return Number.POSITIVE_INFINITY;
}

/** Has this very fact (time, type, id) been told before? */
export function hasFact(store: FactBlocks, fact: FactEvent): boolean {
  const last = lastOf(store);
  if (last === undefined || compareFacts(last, fact) < 0) return false;
  const facts = store.blocks[blockFor(store, fact)]?.facts ?? [];
  const found = facts[lowerBound(facts, fact)];
  return found !== undefined && compareFacts(found, fact) === 0;
}

/** Puts sorted new facts in their places. */
export function insertFacts(store: FactBlocks, rules: ReadingRules, fresh: readonly FactEvent[]): Replaced {
  const replaced: Replaced = { removed: nothingEmitted(), added: nothingEmitted() };
  const last = lastOf(store);
  const late = last === undefined ? 0 : lowerBound(fresh, last);
  if (late > 0) insertLate(store, rules, fresh.slice(0, late), replaced);
  for (let index = late; index < fresh.length; index += 1) {
    const fact = fresh[index];
    if (fact !== undefined) appendFact(store, rules, fact, replaced.added);
  }
  store.count += fresh.length;
  return replaced;
}

function appendFact(store: FactBlocks, rules: ReadingRules, fact: FactEvent, out: Emitted): void {
  const block = store.blocks.at(-1);
  if (block === undefined || block.facts.length >= BLOCK_SIZE) {
    store.blocks.push({ facts: [fact], carryIn: copyCarry(store.head) });
  } else block.facts.push(fact);
  foldFact(rules, store.head, fact, out);
}

function insertLate(store: FactBlocks, rules: ReadingRules, late: readonly FactEvent[], replaced: Replaced): void {
  let next = 0;
  let index = blockFor(store, late[0] as FactEvent);
  let carry: Carry | null = null;
  while (index < store.blocks.length) {
    const block = store.blocks[index] as Block;
    const following = store.blocks[index + 1]?.facts[0];
    const mine: FactEvent[] = [];
    while (next < late.length && (following === undefined || compareFacts(late[next] as FactEvent, following) < 0)) {
      mine.push(late[next] as FactEvent);
      next += 1;
    }
    if (carry === null && mine.length === 0) {
      if (next >= late.length) return;
      index = Math.max(index + 1, blockFor(store, late[next] as FactEvent));
      continue;
    }
    const before = foldAll(rules, copyCarry(block.carryIn), block.facts, replaced.removed);
    if (carry !== null) block.carryIn = carry;
    block.facts = mine.length === 0 ? block.facts : [...block.facts, ...mine].sort(compareFacts);
    const after = foldAll(rules, copyCarry(block.carryIn), block.facts, replaced.added);
    index += splitBlock(store, rules, index);
    carry = sameCarry(before, after) ? null : after;
    if (index === store.blocks.length) store.head = after;
  }
}

function foldAll(rules: ReadingRules, carry: Carry, facts: readonly FactEvent[], out: Emitted): Carry {
  for (const fact of facts) foldFact(rules, carry, fact, out);
  return copyCarry(carry);
}

/** Splits a swollen block. @returns how many blocks stand in its place */
function splitBlock(store: FactBlocks, rules: ReadingRules, index: number): number {
  const block = store.blocks[index];
  if (block === undefined || block.facts.length < 2 * BLOCK_SIZE) return 1;
  const parts: Block[] = [];
  let carryIn = block.carryIn;
  for (let start = 0; start < block.facts.length; start += BLOCK_SIZE) {
    const facts = block.facts.slice(start, start + BLOCK_SIZE);
    parts.push({ facts, carryIn });
    carryIn = foldAll(rules, copyCarry(carryIn), facts, nothingEmitted());
  }
  store.blocks.splice(index, 1, ...parts);
  return parts.length;
}

const sameCarry = (a: Carry, b: Carry): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Folds everything anew under other rules. */
export function refold(store: FactBlocks, before: ReadingRules, after: ReadingRules): Replaced {
  const replaced: Replaced = { removed: nothingEmitted(), added: nothingEmitted() };
  let carry: Carry | null = null;
  for (const block of store.blocks) {
    foldAll(before, copyCarry(block.carryIn), block.facts, replaced.removed);
    if (carry !== null) block.carryIn = carry;
    carry = foldAll(after, copyCarry(block.carryIn), block.facts, replaced.added);
  }
  if (carry !== null) store.head = carry;
  return replaced;
}

/**
 * Everything that touches [from, to), as it stands at the live edge. Segments may reach out of the span; pieces are those
 * of [from, to).
 * @param whole read on until the last segment has its end: intervals are told whole, tallies need no more than the span
 */
export function readSpan(
  store: FactBlocks,
  rules: ReadingRules,
  from: number,
  to: number,
  edge: number,
  whole = false,
): Emitted {
  const out = nothingEmitted();
  const start = blockBefore(store, from);
  let carry = copyCarry(store.blocks[start]?.carryIn ?? store.head);
  let done = false;
  for (let index = start; index < store.blocks.length && !done; index += 1) {
    for (const fact of store.blocks[index]?.facts ?? []) {
      if (fact.at >= to && settledBeyond(rules, carry, to) && (!whole || carry.segmentFrom >= to)) {
        done = true;
        break;
      }
      foldFact(rules, carry, fact, out);
    }
  }
  if (!done) carry = copyCarry(store.head);
  const open = openView(rules, carry, done ? Math.max(carry.at ?? to, to) : edge);
  out.segments.push(...open.segments);
  return {
    segments: out.segments.filter(segment => segment.to > from && segment.from < to).sort((a, b) => a.from - b.from),
    pieces: out.pieces.filter(piece => piece.at >= from && piece.at < to),
    runs: [...out.runs, ...open.runs],
  };
}

/** True when no later fact can change how the time before `to` reads: seen alive at or after it, nothing of it undecided. */
function settledBeyond(rules: ReadingRules, carry: Carry, to: number): boolean {
  if (carry.at === null || carry.at < to) return false;
  if (carry.gap !== null && carry.gap.from < to) return false;
  const ownStop = carry.claim === 'stop' || carry.claim === 'breakdown';
  return !(ownStop && carry.runFrom < to && carry.at - carry.runFrom < rules.machine.microStopMs);
}

/** The last block that starts before `from`: a fact closes only what ended by then, so nothing behind it touches `from`. */
function blockBefore(store: FactBlocks, from: number): number {
  let low = 0;
  let high = store.blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((store.blocks[middle]?.facts[0]?.at ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Forgets facts before `cutoff`; what they carried stays. @returns the carry into the first fact that is kept */
export function forgetBefore(store: FactBlocks, rules: ReadingRules, cutoff: number): Carry {
  while (store.blocks.length > 0) {
    const block = store.blocks[0] as Block;
    const keep = block.facts.findIndex(fact => fact.at >= cutoff);
    const gone = keep < 0 ? block.facts.length : keep;
    if (gone === 0) return copyCarry(block.carryIn);
    const carry = foldAll(rules, copyCarry(block.carryIn), block.facts.slice(0, gone), nothingEmitted());
    store.count -= gone;
    block.facts = block.facts.slice(gone);
    block.carryIn = carry;
    if (block.facts.length > 0) return copyCarry(carry);
    store.blocks.shift();
  }
  return copyCarry(store.head);
}
