// Chaos faults: which fault strikes before which batch, by seed; senders wait for one to be over only when the next is due.
// In: how many of which, how many batches there will be, hands that strike. Out: gates for senders; what struck.
// Touches what the hands touch.

import type { Chance } from './chance-of.ts';

/** a worker killed, a worker asleep for longer than its lease, a Redis killed, a slot moved */
export type Fault = 'worker' | 'sleep' | 'redis' | 'slot';

export interface FaultHands {
  /** @param inHand one that has work in hand. @returns whether it had */
  killWorker(inHand: boolean): Promise<boolean>;
  putToSleep(): Promise<void>;
  strikeRedis(): Promise<void>;
  moveSlot(): Promise<void>;
}

export class ChaosFaults {
  readonly struck: Record<Fault, number> = { worker: 0, sleep: 0, redis: 0, slot: 0 };
  /** workers killed with work in hand */
  busy = 0;
  private readonly due: { readonly batch: number; readonly fault: Fault }[];
  private batches = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(
    counts: Readonly<Partial<Record<Fault, number>>>,
    batchesAbout: number,
    private readonly hands: FaultHands,
    chance: Chance,
  ) {
    const faults = Object.entries(counts).flatMap(([fault, count]) => Array<Fault>(count).fill(fault as Fault));
    const places = faults.map(() => chance.below(batchesAbout)).sort((a, b) => a - b);
    this.due = chance.shuffled(faults).map((fault, index) => ({ fault, batch: places[index] ?? 0 }));
  }

  /** Before a batch: what is due strikes while it is sent; the one before is over. */
  async gate(): Promise<void> {
    this.batches += 1;
    const next = this.due[0];
    if (next === undefined || next.batch > this.batches) return;
    this.due.shift();
    await this.strike(next.fault);
  }

  /** Before batches that restate what is final: a worker dies while they are worked in and told. */
  async steer(): Promise<void> {
    const place = this.due.findIndex(({ fault }) => fault === 'worker');
    if (place < 0) return;
    this.due.splice(place, 1);
    await this.strike('worker', false);
  }

  /** @param all what never became due strikes now */
  async rest(all = false): Promise<void> {
    for (const { fault } of all ? this.due.splice(0) : []) await this.strike(fault);
    await this.running;
  }

  /** Resolves when it begins. */
  private async strike(fault: Fault, inHand = true): Promise<void> {
    const before = this.running;
    const begun = before.then(() => undefined);
    this.running = before.then(() => this.carryOut(fault, inHand));
    // told to whoever waits for it next
    this.running.catch(() => {});
    await begun;
  }

  private async carryOut(fault: Fault, inHand: boolean): Promise<void> {
    if (fault === 'worker') this.busy += (await this.hands.killWorker(inHand)) ? 1 : 0;
    else if (fault === 'sleep') await this.hands.putToSleep();
    else if (fault === 'redis') await this.hands.strikeRedis();
    else await this.hands.moveSlot();
    this.struck[fault] += 1;
  }
}
