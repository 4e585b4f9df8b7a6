// Lane reader: keeps the index of one receiver's queues up to date, partition by partition.
// In: queues, which partitions are ours. Out: an index.
// Touches the queues, reading only.

import type { Tries, WebhookQueues } from '../../core/webhook-queue.ts';
import { LaneIndex } from './lane-index.ts';

/** Messages read at once; their bodies are let go again. */
const PAGE = 100;
const FIRST = '0-0';

const UNTRIED: Tries = { attempts: 0, nextAt: 0 };

interface Followed {
  /** the last entry that was read */
  seen: string;
}

export class LaneReader {
  readonly index = new LaneIndex();
  private readonly followed = new Map<number, Followed>();

  constructor(
    private readonly receiver: string,
    private readonly queues: Pick<WebhookQueues, 'read' | 'length' | 'tries'>,
  ) {}

  follows(partition: number): boolean {
    return this.followed.has(partition);
  }

  follow(partition: number): void {
    if (!this.followed.has(partition)) this.followed.set(partition, { seen: FIRST });
  }

  leave(partition: number): void {
    this.followed.delete(partition);
    this.index.forget(partition);
  }

  /** Reads what came into these partitions. */
  async look(partitions: Iterable<number>): Promise<void> {
    await Promise.all([...partitions].map(partition => this.readOn(partition)));
  }

  /** Reads what came anywhere, and a queue anew of which more is there than was seen: after a fail-over ids may come again. */
  async lookAround(): Promise<void> {
    await Promise.all(
      [...this.followed].map(async ([partition, followed]) => {
        await this.readOn(partition);
        const missed = (await this.queues.length(partition, this.receiver)) > this.index.count(partition);
        if (!missed || this.index.isBusy(partition) || this.followed.get(partition) !== followed) return;
        this.index.forget(partition);
        followed.seen = FIRST;
        await this.readOn(partition);
      }),
    );
  }

  private async readOn(partition: number): Promise<void> {
    const followed = this.followed.get(partition);
    if (followed === undefined) return;
    const isNew = followed.seen === FIRST;
    const tries = isNew ? await this.queues.tries(partition, this.receiver) : null;
    for (;;) {
      const some = await this.queues.read(partition, this.receiver, followed.seen, PAGE);
      // left meanwhile: another one reads it now
      if (this.followed.get(partition) !== followed) return;
      for (const { entry, message } of some) {
        const { attempts, nextAt } = tries?.get(entry) ?? UNTRIED;
        const { unit, at } = message;
        this.index.add({ partition, entry, unit, at, attempts, nextAt, busy: false });
        followed.seen = entry;
      }
      if (some.length < PAGE) return;
    }
  }
}
