// Log entry: what the journal hands to the pipeline, and what the pipeline hands back to be committed in one act.
// In: packed entries. Out: changes of state, outputs, dead letters.
// Pure; the contract between journal and pipeline, which never import one another.

import type { Output } from './result.ts';

/**
 * `events`: NDJSON, or one JSON array, of events as in POST /v1/events. `tick`: wall time as a fact (its time is `at`; body:
 * core/log-clock.ts, or empty). `plant`: the resolved plant from here on. `rollup`: results of lines that an area or site adds up. `alert-act`: what
 * a person said to an alert (core/alert-act.ts). `health`: how the engine saw itself (core/alert-health.ts).
 */
export type EntryKind = 'events' | 'tick' | 'plant' | 'rollup' | 'alert-act' | 'health';

export interface LogEntry {
  /** the stream's id, `ms-n` */
  readonly id: string;
  /** arrival by the journal's clock, epoch ms (the id's first part) */
  readonly at: number;
  readonly kind: EntryKind;
  readonly body: string;
}

/** Something refused after it was accepted. Kept with its text until somebody replays or discards it. */
export interface DeadLetter {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** id of the entry that held it, and its place there */
  readonly entry: string;
  readonly index: number;
  readonly machine: string | null;
  /** its text, cut at DEAD_LETTER_TEXT_MAX */
  readonly event: string;
  /** how many events it stands for: 1 */
  readonly count: number;
}

export const DEAD_LETTER_TEXT_MAX = 4_096;

/** What one step changed: committed whole or not at all. */
export interface Changes {
  /** last entry that was worked in */
  readonly offset: string;
  /** state key suffix -> text to append (facts, as NDJSON lines) */
  readonly append: ReadonlyMap<string, string>;
  /** state hash field -> JSON, replaced; an empty text deletes the field */
  readonly set: ReadonlyMap<string, string>;
  /** state key suffixes that fell out of the horizon */
  readonly drop: readonly string[];
  readonly outputs: readonly Output[];
  readonly deadLetters: readonly DeadLetter[];
}

/** A partition's committed state, as loaded by a new owner. */
export interface Checkpoint {
  /** "0-0" when nothing was ever committed */
  readonly offset: string;
  readonly fields: ReadonlyMap<string, string>;
  /** state key suffix -> all appended text */
  readonly texts: ReadonlyMap<string, string>;
}
