// Send queue: what is on its way to the engine, soonest arrival first.
// In: things with an arrival. Out: the same, in order of arrival; at one instant in order of sending.
// Pure but for its own state: a binary heap. Bounded by the plant: longest delay x events per second.

interface Waiting<T> {
  readonly sendAt: number;
  readonly turn: number;
  readonly what: T;
}

const before = <T>(a: Waiting<T>, b: Waiting<T>): boolean =>
  a.sendAt < b.sendAt || (a.sendAt === b.sendAt && a.turn < b.turn);

export class SendQueue<T> {
  readonly #heap: Waiting<T>[] = [];
  #turn = 0;

  get size(): number {
    return this.#heap.length;
  }

  push(sendAt: number, what: T): void {
    const heap = this.#heap;
    const entry: Waiting<T> = { sendAt, turn: this.#turn, what };
    this.#turn += 1;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Waiting<T>;
      if (!before(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  /** The soonest one that arrives before the instant; null when there is none. */
  popBefore(instant: number): { readonly sendAt: number; readonly what: T } | null {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined || top.sendAt >= instant) return null;
    const last = heap.pop() as Waiting<T>;
    if (heap.length > 0) this.#sink(last);
    return top;
  }

  #sink(entry: Waiting<T>): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, heap[child] as Waiting<T>)) child += 1;
      const below = heap[child] as Waiting<T>;
      if (!before(below, entry)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = entry;
  }
}
