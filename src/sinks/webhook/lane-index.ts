// Lane index: what waits for one receiver, by unit, without the bodies: who is next, and when.
// In: entries of its queues, as they come and go. Out: the head of each unit that is due.
// Pure; as long as the queues are, which have their bound.

export interface Waiting {
  readonly partition: number;
  readonly entry: string;
  readonly unit: string;
  /** since when, epoch ms */
  readonly at: number;
  attempts: number;
  /** not before, epoch ms */
  nextAt: number;
  /** under way */
  busy: boolean;
}

export class LaneIndex {
  /** oldest first within a unit; a unit is in one partition */
  private readonly units = new Map<string, Waiting[]>();
  private readonly counts = new Map<number, number>();

  add(waiting: Waiting): void {
    const known = this.units.get(waiting.unit);
    if (known === undefined) this.units.set(waiting.unit, [waiting]);
    else known.push(waiting);
    this.counts.set(waiting.partition, this.count(waiting.partition) + 1);
  }

  remove(waiting: Waiting): void {
    const known = this.units.get(waiting.unit) ?? [];
    const place = known.indexOf(waiting);
    if (place < 0) return;
    known.splice(place, 1);
    if (known.length === 0) this.units.delete(waiting.unit);
    this.counts.set(waiting.partition, this.count(waiting.partition) - 1);
  }

  /** Forgets a partition, to be read anew. */
  forget(partition: number): void {
    for (const [unit, known] of this.units) if (known[0]?.partition === partition) this.units.delete(unit);
    this.counts.delete(partition);
  }

  count(partition: number): number {
    return this.counts.get(partition) ?? 0;
  }

  isBusy(partition: number): boolean {
    for (const [head] of this.units.values()) if (head?.partition === partition && head.busy) return true;
    return false;
  }

  total(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  /** The head of each unit that is not under way: a unit's message waits for the one before it. */
  *heads(): Generator<Waiting> {
    for (const [head] of this.units.values()) if (head !== undefined && !head.busy) yield head;
  }

  /** Of those that are due, the one that waits longest. */
  due(now: number, may: (partition: number) => boolean): Waiting | null {
    let first: Waiting | null = null;
    for (const head of this.heads()) {
      if (head.nextAt <= now && (first === null || head.at < first.at) && may(head.partition)) first = head;
    }
    return first;
  }

  /** When the next head is due; Infinity: none waits. */
  nextAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const head of this.heads()) next = Math.min(next, head.nextAt);
    return next;
  }
}
