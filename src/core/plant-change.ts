// Plant change: a new plant file is a fact of the log, and restates what it changes.
// In: a partition and its new plant. Out: windows marked with the reason, to be told at the next tick.
// Pure.

import { readBeginningAnew, recallBeginning } from './beginning.ts';
import { noteRecutShifts } from './confirmation-step.ts';
import { enginePhrase } from './engine-phrase.ts';
import type { Line } from './line.ts';
import { cyclesInForce } from './line-cycles.ts';
import { type Machine, memoryOf, reachOf } from './machine.ts';
import { adoptPlant, type Partition, rulesOf } from './partition.ts';
import type { Plant } from './plant-model.ts';
import type { ReadingRules } from './reading-rules.ts';
import { changeRules, inTheNameOf } from './settle.ts';
import { cellAt, type Track } from './window-track.ts';

/** Works a plant entry in. The first one only sets the stage. */
export function changePlant(partition: Partition, plant: Plant): void {
  const first = partition.plant === null;
  if (!first && partition.plant?.revision === plant.revision) return;
  adoptPlant(partition, plant);
  if (first) return;
  const rules = rulesOf(plant, constraint =>
    cyclesInForce(constraint, partition.machines.get(constraint.id)?.rules.corrections.cycles ?? []),
  );
  for (const machine of partition.machines.values()) {
    const model = partition.names.machines.get(machine.rules.machine.id);
    if (model !== undefined) changeMachine(machine, rules(model, machine.rules.corrections), plant);
  }
  for (const line of partition.lines) forgetMoved(line);
}

/** Windows of a line that the new calendar cuts otherwise are told by their new edges. */
function forgetMoved(line: Line): void {
  for (const [key, { kind, frame }] of line.windows) {
    const place = line.machines[0]?.tracks.find(track => track.kind === kind)?.locate(frame.start).frame;
    if (place?.start !== frame.start || place.end !== frame.end) line.windows.delete(key);
  }
}

function changeMachine(machine: Machine, rules: ReadingRules, plant: Plant): void {
  machine.settings = plant.settings;
  if (sameRules(machine.rules, rules)) {
    machine.rules = rules;
    return;
  }
  const author = {
    by: enginePhrase('plantFile', {}),
    why: enginePhrase('plantRevision', { revision: plant.revision }),
  };
  recallBeginning(machine);
  inTheNameOf(machine, author, () => {
    const framed = machine.tracks.filter(
      track => track.kind === 'shift' || track.kind === 'day' || track.kind === 'hour',
    );
    const frames = framed.map(track => framesOf(machine, track));
    const waiting = framed.map(track => forgetCells(machine, track));
    changeRules(machine, rules);
    readBeginningAnew(machine, null);
    noteRecutShifts(machine);
    framed.forEach((track, index) => {
      const known = frames[index] ?? new Set();
      for (const key of framesOf(machine, track)) if (!known.has(key)) touchFrame(machine, track, startOf(key));
      for (const start of waiting[index] ?? []) touchFrame(machine, track, start);
    });
  });
}

/** Plain JSON is compared whole, tags aside: a changed cycle, threshold, word, break or zone is a change of the rules. */
function sameRules(a: ReadingRules, b: ReadingRules): boolean {
  const view = ({ machine, lineCycles, calendar }: ReadingRules): string =>
    JSON.stringify([{ ...machine, tags: [] }, lineCycles, calendar.model]);
  return view(a) === view(b);
}

/** Every window of the track between the first fact that is kept and the live edge, as `start:end`. */
function framesOf(machine: Machine, track: Track): Set<string> {
  const frames = new Set<string>();
  const first = machine.store.blocks[0]?.facts[0]?.at;
  let at = Math.max(machine.keptFrom, first ?? reachOf(machine));
  const reach = reachOf(machine);
  while (at < reach) {
    const place = track.locate(at);
    if (place.frame !== null) frames.add(`${place.frame.start}:${place.frame.end}`);
    at = place.frame === null ? place.to : place.frame.end;
  }
  return frames;
}

/** @returns where the windows lie that waited to be told */
function forgetCells(machine: Machine, track: Track): number[] {
  const waiting: number[] = [];
  for (const cell of track.cells.values()) {
    if (cell.told !== 'final' || machine.dirty.has(cell)) waiting.push(cell.frame.start);
    machine.dirty.delete(cell);
    machine.unfinished.delete(cell);
  }
  track.cells.clear();
  track.last = null;
  track.freshFrom = Math.max(track.freshFrom, reachOf(machine));
  return waiting;
}

const startOf = (key: string): number => Number(key.slice(0, key.indexOf(':')));

function touchFrame(machine: Machine, track: Track, start: number): void {
  const cell = cellAt(track, start, memoryOf(machine));
  if (typeof cell !== 'number') machine.dirty.add(cell);
}
