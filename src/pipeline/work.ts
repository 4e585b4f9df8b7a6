// Work: one log entry on its way through the pipeline, with what each station has made of it.
// In: a log entry. Out: the same entry with events, machines it touched, outputs, dead letters and state to save.
// Pure.

import type { MachineEvent } from '../core/event.ts';
import { DEAD_LETTER_TEXT_MAX, type DeadLetter, type LogEntry } from '../core/log-entry.ts';
import type { Machine } from '../core/machine.ts';
import type { Partition } from '../core/partition.ts';
import type { Rejection } from '../core/rejection.ts';
import type { Output } from '../core/result.ts';

/** An event with its place in the entry, for dead letters. */
export interface Arrival {
  readonly event: MachineEvent;
  readonly index: number;
  /** the line that it came as, where that line says this very event; null: it has to be spelled */
  readonly text: string | null;
}

export interface Work {
  /** `at` is when it arrived, by the partition's clock */
  readonly entry: LogEntry;
  /** when it arrived, by its id */
  readonly ids: number;
  arrivals: Arrival[];
  /** machines that got new facts or whose edge moved */
  readonly touched: Set<Machine>;
  /** how far machines were final before this entry */
  readonly watermarkBefore: Map<Machine, number>;
  readonly outputs: Output[];
  readonly deadLetters: DeadLetter[];
  /** state key suffix -> text to append */
  readonly append: Map<string, string>;
  /** state key suffixes to drop */
  readonly drop: string[];
}

export function newWork(entry: LogEntry, ids = entry.at): Work {
  return {
    entry,
    ids,
    arrivals: [],
    touched: new Set(),
    watermarkBefore: new Map(),
    outputs: [],
    deadLetters: [],
    append: new Map(),
    drop: [],
  };
}

/** Puts an event among the dead letters: it stays visible, with its reason, until somebody deals with it. */
export function refuse(
  work: Work,
  partition: Partition,
  refused: { readonly index: number; readonly machine: string | null; readonly text: string },
  why: Rejection,
): void {
  const { code, message, remedy } = why;
  partition.accounting.deadLettered += 1;
  work.deadLetters.push({
    code,
    message,
    remedy,
    entry: work.entry.id,
    index: refused.index,
    machine: refused.machine,
    event: refused.text.slice(0, DEAD_LETTER_TEXT_MAX),
    count: 1,
  });
}
