// Changes to args: one step's changes as the keys and arguments of the commit act.
// In: changes, who commits, from where. Out: keys and arguments, always the same bytes for the same step.
// Pure.

import type { Changes, DeadLetter } from '../core/log-entry.ts';
import { type Output, packOutput } from '../core/result.ts';
import type { PartitionKeys } from './keys.ts';

export interface CommitFrom {
  readonly fence: number;
  readonly owner: string;
  /** the offset that this step began at */
  readonly previous: string;
  /** this checkpoint's number */
  readonly number: number;
}

export interface CommitCall {
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

/** An outbox entry stays readable in one go: at most so many outputs … */
const OUTPUTS_PER_ENTRY_MAX = 500;
/** … and so many characters, unless one output alone is longer. */
const ENTRY_LENGTH_MAX = 262_144;

export function changesToArgs(changes: Changes, from: CommitFrom, keys: PartitionKeys): CommitCall {
  const entries = packOutputs(changes.outputs);
  const args: (string | number)[] = [
    from.fence,
    from.owner,
    from.previous,
    from.number,
    changes.offset,
    changes.append.size,
    changes.drop.length,
    changes.set.size,
    entries.length,
    changes.deadLetters.length,
  ];
  const textKeys: string[] = [];
  for (const [suffix, text] of changes.append) {
    textKeys.push(keys.text(suffix));
    args.push(suffix, text);
  }
  for (const suffix of changes.drop) args.push(suffix);
  for (const [field, json] of changes.set) args.push(field, json);
  for (const { count, body } of entries) args.push(count, body);
  args.push(...lettersToArgs(changes.deadLetters));
  return {
    keys: [keys.meta, keys.st, keys.ts, keys.out, keys.dlq, ...textKeys, ...changes.drop.map(keys.text)],
    args,
  };
}

/** (events it stands for, JSON) per letter. */
export function lettersToArgs(letters: readonly DeadLetter[]): (string | number)[] {
  return letters.flatMap(letter => [letter.count, JSON.stringify(letter)]);
}

interface PackedEntry {
  readonly count: number;
  readonly body: string;
}

function packOutputs(outputs: readonly Output[]): PackedEntry[] {
  const entries: PackedEntry[] = [];
  let lines: string[] = [];
  let length = 0;
  const close = (): void => {
    if (lines.length > 0) entries.push({ count: lines.length, body: lines.join('\n') });
    lines = [];
    length = 0;
  };
  for (const output of outputs) {
    const line = packOutput(output);
    if (lines.length === OUTPUTS_PER_ENTRY_MAX || length + line.length > ENTRY_LENGTH_MAX) close();
    lines.push(line);
    length += line.length + 1;
  }
  close();
  return entries;
}
