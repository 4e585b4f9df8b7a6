// Follow outbox: one reader of a partition's outbox without a cursor, for ways out that only show the present.
// In: the outbox. Out: outputs in order, from what is still kept.
// Touches the journal through `read`, and a timer.

import type { Output } from '../core/result.ts';
import type { Log } from '../log.ts';

/** Entries of one read; an idle follower looks again after this long, after trouble after that. */
const ENTRIES_MAX = 100;
const IDLE_MS = 40;
const AGAIN_MS = 500;

export interface FollowPorts {
  read(
    after: string,
    countMax: number,
  ): Promise<readonly { readonly id: string; readonly outputs: readonly Output[] }[]>;
  take(outputs: readonly Output[]): void;
  readonly log: Log;
}

/** @returns how to stop */
export function followOutbox(ports: FollowPorts): () => Promise<void> {
  let running = true;
  let wake = (): void => {};
  const pause = (ms: number): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    let after = '0-0';
    while (running) {
      try {
        const entries = await ports.read(after, ENTRIES_MAX);
        for (const entry of entries) {
          ports.take(entry.outputs);
          after = entry.id;
        }
        if (entries.length === 0) await pause(IDLE_MS);
      } catch (error) {
        ports.log('debug', 'outbox not read', { error: String(error) });
        await pause(AGAIN_MS);
      }
    }
  };
  const done = run();
  return async () => {
    running = false;
    wake();
    await done;
  };
}
