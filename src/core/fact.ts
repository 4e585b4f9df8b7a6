// Fact: an event that stands in a machine's course of time, and the one order in which facts are read.
// In: fact events. Out: their order, the same whatever order they arrived in.
// Pure.

import type { FactEvent } from './event.ts';

/**
 * Ties at one instant: an order's change comes first (pieces at that instant belong to the new order), then states, then
 * readings and counts, then signs of life; equal types by id, compared by code unit. So of two states in one
 * millisecond the one with the greater id stays.
 */
const RANK: Readonly<Record<FactEvent['type'], number>> = {
  order: 0,
  state: 1,
  counter: 2,
  count: 3,
  requalify: 4,
  heartbeat: 5,
};

/** Negative, zero or positive. Zero: the same fact told twice. */
export function compareFacts(a: FactEvent, b: FactEvent): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.type !== b.type) return RANK[a.type] - RANK[b.type];
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Orders come from people and the ERP, requalifications from the lab: neither shows that the machine is alive. */
export function isSignOfLife(fact: FactEvent): boolean {
  return fact.type !== 'order' && fact.type !== 'requalify';
}

/** Index of the first fact at or after `fact` in a sorted list. */
export function lowerBound(facts: readonly FactEvent[], fact: FactEvent): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = facts[middle];
    if (candidate !== undefined && compareFacts(candidate, fact) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
