// Refused to letters: outputs that a neighbour will never take, as dead letters that say where they came from.
// In: refused outputs, the outbox entries that were sent. Out: dead letters.
// Pure.

import { DEAD_LETTER_TEXT_MAX, type DeadLetter } from '../core/log-entry.ts';
import { type Output, packOutput } from '../core/result.ts';
import type { RefusedOutput } from './sink.ts';

interface Sent {
  readonly id: string;
  readonly outputs: readonly Output[];
}

export function refusedToLetters(refused: readonly RefusedOutput[], entries: readonly Sent[]): DeadLetter[] {
  return refused.map(({ output, code, message, remedy }) => {
    const entry = entries.find(({ outputs }) => outputs.includes(output));
    return {
      code,
      message,
      remedy,
      entry: `out:${entry?.id ?? ''}`,
      index: entry?.outputs.indexOf(output) ?? 0,
      machine: output.unit,
      event: packOutput(output).slice(0, DEAD_LETTER_TEXT_MAX),
      count: 1,
    };
  });
}
