// Remains: what is left of a partition when a simulated run is over.
// In: nothing. Out: the shape that every auditor reads.
// Pure.

import type { LogEntry } from '../../src/core/log-entry.ts';
import type { Output } from '../../src/core/result.ts';

/** Of one partition, at the end. */
export interface Remains {
  readonly partition: number;
  readonly tag: string;
  readonly entries: readonly LogEntry[];
  readonly outputs: readonly Output[];
}
