// Circuit breaker: a receiver that fails again and again is left alone for a while, then asked once.
// In: how attempts ended, the clock. Out: how many attempts may be under way.
// Pure; remembers its own state.

/** Failures in a row after which it opens. */
export const OPEN_AFTER = 5;
const PAUSES_MS = [5_000, 30_000, 60_000, 300_000, 600_000];

export type BreakerState = 'closed' | 'open' | 'probing';

export class CircuitBreaker {
  private row = 0;
  private openings = 0;
  private until = 0;
  private quietUntil = 0;

  state(now: number): BreakerState {
    if (this.row < OPEN_AFTER) return 'closed';
    return now < this.until ? 'open' : 'probing';
  }

  /** @returns how many may be under way at once */
  room(now: number, most: number): number {
    if (now < this.quietUntil) return 0;
    const state = this.state(now);
    return state === 'closed' ? most : state === 'open' ? 0 : 1;
  }

  /** When there is room again; 0: there is already. */
  opensAt(now: number): number {
    const until = Math.max(this.state(now) === 'open' ? this.until : 0, this.quietUntil);
    return until > now ? until : 0;
  }

  /** @returns whether it had been given up: what waits may come at once */
  succeeded(): boolean {
    const wasOpen = this.row >= OPEN_AFTER;
    this.row = 0;
    this.openings = 0;
    return wasOpen;
  }

  /** @param random 0..1: half of the pause is sure, half is chance */
  failed(now: number, random: number): void {
    this.row += 1;
    if (this.row < OPEN_AFTER) return;
    const pause = PAUSES_MS[Math.min(this.openings, PAUSES_MS.length - 1)] ?? 0;
    this.openings += 1;
    this.until = now + pause / 2 + (random * pause) / 2;
  }

  /** The receiver asked for patience. */
  quiet(until: number): void {
    this.quietUntil = Math.max(this.quietUntil, until);
  }
}
