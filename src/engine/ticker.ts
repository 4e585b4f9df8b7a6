// Ticker: wall time as entries of the log, so that a replay of the log knows when it was what.
// In: partitions that are worked here. Out: one tick entry each, every tickMs.
// Touches the journal through `append`, and a timer.
//
// A tick carries the time of a clock that never jumps: where the clock of Redis is set, the pace of the ticks goes on.

import { tickBody } from '../core/log-clock.ts';
import type { Log } from '../log.ts';

export interface TickerPorts {
  readonly tickMs: number;
  /** partitions with a plant, worked by this process and not far behind */
  ready(): readonly number[];
  append(partition: number, body: string): Promise<unknown>;
  /** epoch ms at the start, then by a clock that never jumps; without it ticks have the time of the journal alone */
  readonly steadyTime?: (() => number) | undefined;
  /** unlike any other that ticks */
  readonly owner: string;
  readonly log: Log;
}

/** @returns how to stop; resolves when the last tick is in or refused */
export function startTicker(ports: TickerPorts): () => Promise<void> {
  let under: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    // a journal that is slower than the clock gets fewer ticks, not a queue of them
    if (busy) return;
    busy = true;
    const body = ports.steadyTime === undefined ? '' : tickBody(ports.steadyTime(), ports.owner);
    under = Promise.all(ports.ready().map(partition => ports.append(partition, body)))
      .catch(error => ports.log('warn', 'no tick', { error: String(error) }))
      .finally(() => {
        busy = false;
      });
  }, ports.tickMs);
  return async () => {
    clearInterval(timer);
    await under;
  };
}
