// Turns: so many at a time, the others in the order in which they came.
// In: work to be done. Out: its result, when its turn came.
// Touches nothing but its own queue, which is as long as those who share it are many.

export class Turns {
  private readonly waiting: (() => void)[] = [];
  constructor(private free: number) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>(resolve => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
