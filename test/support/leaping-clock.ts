// Leaping clock: time that stands still while something happens and leaps to the next appointment when nothing does.
// In: who sleeps until when. Out: now, sleep; leap.
// Pure.

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

export class LeapingClock {
  private readonly sleepers = new Set<Sleeper>();
  constructor(private at: number) {}

  readonly now = (): number => this.at;

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      if (signal.aborted) return resolve();
      const sleeper: Sleeper = {
        until: this.at + ms,
        wake: () => {
          this.sleepers.delete(sleeper);
          signal.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.sleepers.add(sleeper);
      signal.addEventListener('abort', sleeper.wake);
    });

  get asleep(): number {
    return this.sleepers.size;
  }

  /** To the first appointment, or to `most` if that comes before. */
  leap(most = Number.POSITIVE_INFINITY): void {
    const first = Math.min(most, ...[...this.sleepers].map(({ until }) => until));
    this.at = Math.max(this.at, first);
    for (const sleeper of [...this.sleepers]) if (sleeper.until <= this.at) sleeper.wake();
  }
}
