// Explanation: what made a machine's figures of a span: its time with sources, plan, pieces by cycle, and what people changed.
// In: a machine, a span. Out: plain JSON; for each correction that stands, the figures as they would be without it.
// Pure.

import { correctionsOf } from './correction.ts';
import type { CorrectionEvent, FactEvent, Pieces, RevokeEvent } from './event.ts';
import { readSpan } from './fact-blocks.ts';
import { type Machine, readEffective } from './machine.ts';
import { tallyOver } from './machine-results.ts';
import { type Ratios, ratiosOf } from './oee.ts';
import { cycleAt, type ReadingRules } from './reading-rules.ts';
import { intervalToWire, type WireInterval } from './result-to-wire.ts';
import { isoOf } from './time.ts';
import { intervalOf } from './timeline.ts';

/** Changes told one by one, the newest said first; of so many of them it is also told what the figures were without. */
const CHANGES_MAX = 200;
const WITHOUT_MAX = 20;

/** Pieces of one product at one ideal cycle. */
export interface WirePieces {
  readonly product: string | null;
  readonly idealCycleMs: number | null;
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
  readonly quarantined: number;
}

/** A stretch of the calendar as it holds, exceptions of people included. */
export interface WirePlan {
  readonly from: string;
  readonly to: string;
  readonly kind: 'scheduled' | 'plannedStop' | 'notScheduled';
  readonly shift: string | null;
  /** a break's name, or that of whoever changed the calendar */
  readonly name: string | null;
}

/** The figures of the span under other assumptions. */
export type WireFigures = Pick<Ratios, 'oee' | 'availability' | 'performance' | 'quality'> & {
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
};

/** Something that a person said of the span. */
export interface WireChange {
  readonly id: string;
  readonly type: 'reclassify' | 'requalify' | 'shift' | 'cycle' | 'order';
  readonly at: string;
  readonly by: string | null;
  readonly why: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** what a span became: a category, or what was planned */
  readonly category: string | null;
  readonly reason: string | null;
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
  readonly phase: 'start' | 'end' | null;
  readonly order: string | null;
  readonly product: string | null;
  /** who took it back; null while it stands */
  readonly undone: { readonly id: string; readonly by: string; readonly why: string; readonly at: string } | null;
  /** null where it does not stand, or is none whose effect is one figure */
  readonly without: WireFigures | null;
}

export interface WireExplanation {
  readonly unit: string;
  readonly from: string;
  readonly to: string;
  readonly figures: WireFigures;
  /** as the machine alone told it: without every person's correction */
  readonly asTold: WireFigures;
  readonly intervals: readonly WireInterval[];
  readonly plan: readonly WirePlan[];
  readonly pieces: readonly WirePieces[];
  readonly changes: readonly WireChange[];
  /** changes that did not fit */
  readonly more: number;
}

type ChangeEvent = Extract<CorrectionEvent | FactEvent, { type: WireChange['type'] }>;

/** @param to exclusive; figures reach as far as the facts do */
export function explain(machine: Machine, from: number, to: number): WireExplanation {
  const changes = changesIn(machine, from, to);
  const standing = changes.filter(({ id }) => !machine.rules.corrections.revoked.has(id));
  const tried = new Set(
    standing
      .filter(hasFigure)
      .slice(0, WITHOUT_MAX)
      .map(({ id }) => id),
  );
  const figures = (gone: readonly string[]): WireFigures => figuresWithout(machine, from, to, gone);
  return {
    unit: machine.rules.machine.id,
    from: isoOf(from),
    to: isoOf(to),
    figures: figures([]),
    asTold: figures(standing.filter(hasFigure).map(({ id }) => id)),
    intervals: intervalsIn(machine, from, to),
    plan: planIn(machine.rules, from, to),
    pieces: piecesIn(machine, from, to),
    changes: changes
      .slice(0, CHANGES_MAX)
      .map(change => changeToWire(machine.rules, change, tried.has(change.id) ? figures([change.id]) : null)),
    more: Math.max(0, changes.length - CHANGES_MAX),
  };
}

const hasFigure = ({ type }: ChangeEvent): boolean => type !== 'order';

function figuresWithout(machine: Machine, from: number, to: number, gone: readonly string[]): WireFigures {
  const { all } = machine.rules.corrections;
  const latest = Math.max(0, ...all.map(({ at }) => at));
  const taken = gone.map(
    (revokes): RevokeEvent => ({
      id: `without ${revokes}`,
      machine: machine.rules.machine.id,
      at: latest,
      type: 'revoke',
      revokes,
      by: '',
      why: '',
    }),
  );
  const rules =
    gone.length === 0 ? machine.rules : { ...machine.rules, corrections: correctionsOf([...all, ...taken]) };
  const tally = tallyOver({ ...machine, rules }, from, to);
  const { oee, availability, performance, quality } = ratiosOf(tally);
  return { oee, availability, performance, quality, good: tally.good, reject: tally.reject, rework: tally.rework };
}

function intervalsIn(machine: Machine, from: number, to: number): WireInterval[] {
  return readEffective(machine, from, to)
    .stretches.filter(stretch => stretch.to > from && stretch.from < to)
    .map(stretch => intervalOf(machine.rules.machine.id, stretch, machine.edge))
    .map(told => ({ ...told, from: Math.max(from, told.from), to: Math.min(to, told.to) }))
    .map(intervalToWire);
}

function planIn(rules: ReadingRules, from: number, to: number): WirePlan[] {
  const spans: WirePlan[] = [];
  for (let at = from; at < to; ) {
    const span = rules.calendar.spanAt(at);
    const exception = rules.corrections.shifts.find(each => each.to > at);
    const isRuled = exception !== undefined && exception.from <= at;
    const until = Math.min(to, span.to, isRuled ? exception.to : (exception?.from ?? to));
    spans.push({
      from: isoOf(at),
      to: isoOf(until),
      kind: isRuled ? exception.by.planned : span.kind,
      shift: span.shift?.name ?? null,
      name: isRuled ? (exception.by.name ?? exception.by.by) : span.name,
    });
    at = until;
  }
  return spans;
}

function piecesIn(machine: Machine, from: number, to: number): WirePieces[] {
  const { rules, store, edge } = machine;
  const groups = new Map<string, WirePieces>();
  for (const { product, at, good, reject, rework, quarantined } of readSpan(store, rules, from, to, edge).pieces) {
    const cycleUs = cycleAt(rules, product, at);
    const idealCycleMs = cycleUs === null ? null : cycleUs / 1000;
    const key = `${product} ${cycleUs}`;
    const sum = groups.get(key) ?? { product, idealCycleMs, good: 0, reject: 0, rework: 0, quarantined: 0 };
    groups.set(key, {
      ...sum,
      good: sum.good + good,
      reject: sum.reject + reject,
      rework: sum.rework + rework,
      quarantined: sum.quarantined + quarantined,
    });
  }
  return [...groups.values()];
}

/** What people said of the span, the newest said first. */
function changesIn(machine: Machine, from: number, to: number): ChangeEvent[] {
  const said: ChangeEvent[] = [];
  for (const event of machine.rules.corrections.all) {
    const isSpan = event.type === 'reclassify' || event.type === 'shift';
    if (isSpan && event.from < to && event.to > from) said.push(event);
    if (event.type === 'cycle' && event.from < to) said.push(event);
  }
  for (const { facts } of machine.store.blocks) {
    if ((facts.at(-1)?.at ?? 0) < from || (facts[0]?.at ?? to) >= to) continue;
    for (const fact of facts) {
      const isSaid = fact.type === 'requalify' || fact.type === 'order';
      if (isSaid && fact.at >= from && fact.at < to) said.push(fact);
    }
  }
  return said.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

function changeToWire(rules: ReadingRules, event: ChangeEvent, without: WireFigures | null): WireChange {
  const isSpan = event.type === 'reclassify' || event.type === 'shift';
  const { all, revoked } = rules.corrections;
  const undo = all.findLast(
    (each): each is RevokeEvent => each.type === 'revoke' && each.revokes === event.id && !revoked.has(each.id),
  );
  const pieces: Pieces = event.type === 'requalify' ? event : {};
  const order = event.type === 'order' ? event : null;
  return {
    id: event.id,
    type: event.type,
    at: isoOf(event.at),
    by: 'by' in event ? event.by : null,
    why: 'why' in event ? event.why : null,
    from: isSpan || event.type === 'cycle' ? isoOf(event.from) : null,
    to: isSpan ? isoOf(event.to) : null,
    category: event.type === 'reclassify' ? event.category : event.type === 'shift' ? event.planned : null,
    reason: event.type === 'reclassify' ? (event.reason ?? null) : null,
    good: pieces.good ?? 0,
    reject: pieces.reject ?? 0,
    rework: pieces.rework ?? 0,
    phase: order?.phase ?? null,
    order: order?.order ?? null,
    product: order?.product ?? (event.type === 'cycle' ? event.product : null),
    undone: undo === undefined ? null : { id: undo.id, by: undo.by, why: undo.why, at: isoOf(undo.at) },
    without,
  };
}
