// Checkpoint: a partition's state as plain JSON, and back. The facts are the state; all else is derived from them again.
// In: a partition and what of it changed. Out: fields to set, texts to append; and from a checkpoint the same partition.
// Pure.

import { loadAlerts, saveAlerts } from './alert-state.ts';
import type { Carry, OrderRun } from './carry.ts';
import { FACTS_PER_STEP, factsByMachine, linesOf, type MachineFacts, readJson } from './checkpoint-facts.ts';
import { loadBooks, saveBook } from './confirmation-book.ts';
import { correctionsOf } from './correction.ts';
import type { CorrectionEvent, RevokeEvent } from './event.ts';
import { beginningOf, emptyBlocks, insertFacts } from './fact-blocks.ts';
import { type Line, newLine } from './line.ts';
import { lineCyclesOf } from './line-cycles.ts';
import type { LogClock } from './log-clock.ts';
import type { Checkpoint } from './log-entry.ts';
import type { Machine } from './machine.ts';
import { stateKeyOf } from './machine-results.ts';
import { machineTracks } from './machine-tracks.ts';
import { openView } from './open-view.ts';
import { type Accounting, adoptPlant, newPartition, ownerOf, type Partition, type Share } from './partition.ts';
import { reviveWaiting, type Waiting, waitingOf } from './pending-windows.ts';
import { recallWindows } from './recall-windows.ts';
import { loadSum, saveRollup } from './rollup.ts';
import { loadReports, saveReports } from './shift-report-rollup.ts';
import { HEAD_FIELD, STATE_LAW, upgradeState } from './state-revision.ts';
import { plantOfText } from './stored-plant.ts';
import { stretchesOf } from './timeline.ts';
import { valuedPieces } from './valued-pieces.ts';
import { keepWaiting, WAITING_SUFFIX } from './waiting-results.ts';

export const REVOCATIONS_SUFFIX = 'revocations';
export const correctionsSuffix = (machine: string): string => `c:${machine}`;

interface SavedMachine extends Waiting {
  readonly edge: number;
  readonly finalUpTo: number;
  readonly toldAt: number;
  readonly heardAt: number;
  readonly behindMs: number;
  readonly openToldTo: number;
  readonly keptFrom: number;
  readonly restless: boolean;
}

/** Fields to set for what was touched. */
export function saveFields(
  partition: Partition,
  touched: { readonly machines: Iterable<Machine>; readonly plant: boolean },
): Map<string, string> {
  const fields = new Map<string, string>();
  const lines = new Set<Line>();
  for (const machine of touched.machines) {
    saveMachine(fields, machine);
    const line = partition.lineOf.get(machine.rules.machine.id);
    if (line !== undefined) lines.add(line);
  }
  for (const line of lines) {
    const { finalUpTo, revisions, windows } = line;
    fields.set(`l:${line.model.id}`, JSON.stringify({ finalUpTo, revisions: [...revisions], windows: [...windows] }));
  }
  for (const rollup of partition.rollups) {
    for (const [key, text] of saveRollup(rollup)) fields.set(`r:${rollup.unit}|${key}`, text);
    saveReports(fields, rollup);
  }
  saveAlerts(partition.alerts, fields);
  const { accounting, tick, clock } = partition;
  fields.set(
    HEAD_FIELD,
    JSON.stringify({ stateRevision: STATE_LAW.revision, accounting, tick, ...(clock === null ? {} : { clock }) }),
  );
  if (touched.plant) fields.set('plant', JSON.stringify(partition.plant));
  return fields;
}

function saveMachine(fields: Map<string, string>, machine: Machine): void {
  const { id } = machine.rules.machine;
  const { edge, finalUpTo, toldAt, heardAt, behindMs, openToldTo, keptFrom, restless } = machine;
  const position = { edge, finalUpTo, toldAt, heardAt, behindMs, openToldTo, keptFrom, restless };
  const saved: SavedMachine = { ...position, ...waitingOf(machine) };
  fields.set(`m:${id}`, JSON.stringify(saved));
  saveBook(fields, id, machine.book);
  if (machine.revisionsUnsaved) fields.set(`v:${id}`, JSON.stringify([...machine.revisions]));
  if (machine.baseUnsaved) fields.set(`b:${id}`, JSON.stringify(machine.base));
  Object.assign(machine, { revisionsUnsaved: false, baseUnsaved: false });
}

/**
 * Builds a partition from its checkpoint.
 * @throws StateRefused when the state was written by a newer program
 */
export function loadPartition(index: number, share: Share, checkpoint: Checkpoint): Partition {
  const steps = loadSteps(index, share, checkpoint);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * The same in steps of about equal length, so that whoever has other duties can do them in between; a small state is one step.
 * @throws StateRefused when the state was written by a newer program
 */
export function* loadSteps(index: number, share: Share, checkpoint: Checkpoint): Generator<void, Partition> {
  const partition = newPartition(index, share);
  const { fields, texts } = upgradeState(checkpoint).checkpoint;
  const head = readJson<{ accounting: Accounting; tick: number; clock?: LogClock }>(fields.get(HEAD_FIELD));
  if (head !== null) {
    const { accounting, tick, clock = null } = head;
    Object.assign(partition, { accounting, tick, clock });
  }
  const plant = fields.get('plant');
  if (plant === undefined) {
    keepWaiting(
      partition,
      (texts.get(WAITING_SUFFIX) ?? '').split('\n').filter(text => text !== ''),
    );
    return partition;
  }
  adoptPlant(partition, plantOfText(plant));
  for (const revoke of linesOf<RevokeEvent>(texts.get(REVOCATIONS_SUFFIX)))
    partition.revocations.set(revoke.id, revoke);
  const facts = yield* factsByMachine(texts);
  for (const machine of partition.machines.values()) loadCorrections(partition, machine, texts, facts);
  for (const machine of partition.machines.values()) resolveCorrections(partition, machine);
  let unbroken = 0;
  for (const machine of partition.machines.values()) {
    for (const read of loadMachine(partition, machine, fields, facts)) {
      unbroken += read;
      if (unbroken < FACTS_PER_STEP) continue;
      unbroken = 0;
      yield;
    }
  }
  for (const [id, book] of loadBooks(fields)) Object.assign(partition.machines.get(id) ?? {}, { book });
  for (const line of partition.lines) loadLine(line, fields.get(`l:${line.model.id}`));
  for (const rollup of partition.rollups) {
    loadReports(rollup, fields);
    const prefix = `r:${rollup.unit}|`;
    for (const [field, text] of fields) if (field.startsWith(prefix)) loadSum(rollup, field.slice(prefix.length), text);
  }
  partition.alerts = loadAlerts(fields);
  return partition;
}

function loadCorrections(
  partition: Partition,
  machine: Machine,
  texts: ReadonlyMap<string, string>,
  facts: MachineFacts,
): void {
  const { id } = machine.rules.machine;
  for (const correction of linesOf<CorrectionEvent>(texts.get(correctionsSuffix(id)))) {
    machine.corrections.set(correction.id, correction);
    partition.correctable.set(correction.id, id);
  }
  for (const fact of facts.get(id) ?? []) if (fact.type === 'requalify') partition.correctable.set(fact.id, id);
}

/** Once all corrections are known: which of them hold on the machine. */
function resolveCorrections(partition: Partition, machine: Machine): void {
  const { id } = machine.rules.machine;
  for (const revoke of partition.revocations.values()) {
    if (ownerOf(partition, revoke) === id) machine.corrections.set(revoke.id, revoke);
  }
  machine.rules = { ...machine.rules, corrections: correctionsOf([...machine.corrections.values()]) };
}

/** Yields how many facts it read since. */
function* loadMachine(
  partition: Partition,
  machine: Machine,
  fields: ReadonlyMap<string, string>,
  allFacts: MachineFacts,
): Generator<number> {
  const { id } = machine.rules.machine;
  const saved = readJson<SavedMachine>(fields.get(`m:${id}`));
  if (saved === null) return;
  const base = readJson<Carry>(fields.get(`b:${id}`));
  if (base !== null) machine.base = base;
  const facts = (allFacts.get(id) ?? []).filter(fact => fact.at >= saved.keptFrom);
  const lineCycles = lineCyclesOf(partition, machine);
  if (lineCycles !== null) machine.rules = { ...machine.rules, lineCycles };
  machine.store = emptyBlocks(machine.base);
  const runs: OrderRun[] = [];
  const piecesAt: number[] = [];
  for (let from = 0; from < facts.length; from += FACTS_PER_STEP) {
    const slice = facts.slice(from, from + FACTS_PER_STEP);
    const { added } = insertFacts(machine.store, machine.rules, slice);
    for (const run of added.runs) runs.push(run);
    for (const pieces of added.pieces) piecesAt.push(valuedPieces(machine.rules, pieces).at);
    yield slice.length;
  }
  machine.latest = facts.at(-1)?.at ?? machine.base.at;
  const { open: openWindows, pending, ...position } = saved;
  Object.assign(machine, position);
  machine.revisions = new Map(readJson<[string, number][]>(fields.get(`v:${id}`)) ?? []);
  const open = openView(machine.rules, machine.store.head, machine.edge);
  machine.openSegments = open.segments;
  machine.openStretches = stretchesOf(machine.rules, open.segments);
  machine.runs = [...runs, ...open.runs];
  machine.beginning = beginningOf(machine.store, machine.rules.corrections.revoked);
  machine.tracks = machineTracks(machine);
  machine.stateTold = machine.latest === null ? '' : stateKeyOf(machine);
  reviveWaiting(machine, piecesAt, { open: openWindows, pending });
  yield* recallWindows(machine);
}

function loadLine(line: Line, text: string | undefined): void {
  const saved = readJson<{ finalUpTo: number; revisions: [string, number][]; windows: [string, never][] }>(text);
  if (saved === null) return;
  const fresh = newLine(line.model, line.machines);
  Object.assign(line, { ...fresh, finalUpTo: saved.finalUpTo, revisions: new Map(saved.revisions) });
  for (const [key, window] of saved.windows) line.windows.set(key, window);
}
