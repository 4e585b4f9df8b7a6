// Rehearse: history through the whole pipeline in memory, minute by minute of event time, as if a plant file had been there.
// In: a plant, what happened. Out: every alert that would have been said, the state at the end, what was not understood.
// Pure but for its own partition. Each minute's events come at its end, then a tick: nothing is late, nothing ahead.

import type { Alert } from '../core/alert.ts';
import { isCorrection, type MachineEvent } from '../core/event.ts';
import type { DeadLetter, EntryKind, LogEntry } from '../core/log-entry.ts';
import { newPartition, type Partition } from '../core/partition.ts';
import type { Plant } from '../core/plant-model.ts';
import { type Output, packOutput } from '../core/result.ts';
import { MINUTE_MS, minuteOf } from '../core/time.ts';
import { reduce } from './reduce.ts';

export interface Rehearsal {
  /** in the order in which they were said */
  readonly said: readonly Alert[];
  readonly partition: Partition;
  readonly letters: readonly DeadLetter[];
}

/** Not the partition of the engine's health: of that there is no history. */
const PARTITION = 1;

/** @param events of the plant's machines; @param to where it ends; @param onMinute told how far it is */
export function rehearse(
  plant: Plant,
  events: readonly MachineEvent[],
  to: number,
  onMinute: (at: number) => void,
): Rehearsal {
  const partition = newPartition(PARTITION, () => true);
  const said: Alert[] = [];
  const letters: DeadLetter[] = [];
  let count = 0;
  const take = (kind: EntryKind, body: string, at: number): string => {
    count += 1;
    const entry: LogEntry = { id: `${at}-${count}`, at, kind, body };
    const lines: string[] = [];
    for (const work of [...reduce([entry], partition)].flat()) {
      letters.push(...work.deadLetters);
      for (const output of work.outputs) {
        if (output.type === 'alert') said.push(output);
        else if (isOfLine(output)) lines.push(packOutput(output));
      }
    }
    return lines.join('\n');
  };
  const ordered = [...events].sort((a, b) => whenTold(a) - whenTold(b));
  const first = ordered[0];
  if (first === undefined) return { said, partition, letters };
  let next = 0;
  take('plant', JSON.stringify(plant), minuteOf(whenTold(first)));
  for (let at = minuteOf(whenTold(first)) + MINUTE_MS; at <= minuteOf(to) + MINUTE_MS; at += MINUTE_MS) {
    const fresh: string[] = [];
    for (let event = ordered[next]; event !== undefined && whenTold(event) < Math.min(at, to); event = ordered[next]) {
      fresh.push(JSON.stringify(event));
      next += 1;
    }
    // what lines tell their areas and sites travels through the log, too
    const told = [fresh.length === 0 ? '' : take('events', fresh.join('\n'), at), take('tick', '', Math.min(at, to))];
    for (const lines of told) if (lines !== '') take('rollup', lines, at);
    onMinute(at);
  }
  return { said, partition, letters };
}

const isOfLine = (output: Output): boolean => output.type === 'result' && output.level === 'line';

/** A correction speaks of the past: it is told when it was said. */
const whenTold = (event: MachineEvent): number =>
  isCorrection(event) && 'to' in event ? Math.max(event.at, event.to) : event.at;
