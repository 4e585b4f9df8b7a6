// Virtual time: a clock that stands still while anybody has something to do, and then jumps to the next thing that is due.
// In: things to do after a while, by whom; a seed. Out: the same things in the same order for the same seed.
// Touches the timers, Date.now and Math.random of this process while it runs, and puts them back.

import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import { type Chance, chanceOf } from '../support/chance-of.ts';

/** A program that lives in virtual time. What it awaits comes to it through tasks; one that is dead hears nothing any more. */
export class Life {
  state: 'alive' | 'stopped' | 'dead' = 'alive';
  /** what came while it was stopped */
  readonly held: (() => void)[] = [];
  constructor(readonly name: string) {}
}

interface Task {
  readonly at: number;
  /** ties go by chance, then by age */
  readonly tie: number;
  readonly life: Life;
  run: (() => void) | null;
}

/** Taken before anybody replaces them. */
const REAL = { setTimeout, clearTimeout, setInterval, clearInterval, now: Date.now, random: Math.random };
const REAL_PAUSE = timersPromises.setTimeout;
const realSetImmediate = setImmediate;
/** All promises that can go on without a task have gone on. */
const settled = (): Promise<void> => new Promise(resolve => void realSetImmediate(resolve));

/** An idle loop looks again after this long at the earliest: shorter looks are many and show nothing new. */
const LOOK_MIN_MS = 700;

class Timer {
  constructor(
    readonly time: VirtualTime,
    public task: Task,
  ) {}
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  cancel(): void {
    this.task.run = null;
  }
}

export class VirtualTime {
  /** whose code runs now */
  current: Life;
  steps = 0;
  readonly chance: Chance;
  private readonly heap: Task[] = [];

  constructor(
    public now: number,
    seed: number,
    readonly world: Life = new Life('world'),
  ) {
    this.current = world;
    this.chance = chanceOf(seed);
  }

  after(ms: number, life: Life, run: () => void): Task {
    const task: Task = { at: this.now + Math.max(0, ms), tie: this.chance.next(), life, run };
    push(this.heap, task);
    return task;
  }

  pause(ms: number): Promise<void> {
    return new Promise(resolve => void this.after(ms, this.current, resolve));
  }

  stop(life: Life): void {
    if (life.state === 'alive') life.state = 'stopped';
  }

  resume(life: Life): void {
    if (life.state !== 'stopped') return;
    life.state = 'alive';
    for (const run of life.held.splice(0)) this.after(0, life, run);
  }

  kill(life: Life): void {
    life.state = 'dead';
    life.held.length = 0;
  }

  /** Runs what is due, one thing at a time, until then. */
  async runUntil(instant: number): Promise<void> {
    for (let next = this.heap[0]; next !== undefined && next.at <= instant; next = this.heap[0]) {
      pop(this.heap);
      const { life, run } = next;
      if (run === null || life.state === 'dead') continue;
      this.now = Math.max(this.now, next.at);
      if (life.state === 'stopped') {
        life.held.push(run);
        continue;
      }
      this.current = life;
      this.steps += 1;
      run();
      await settled();
      this.current = this.world;
    }
    this.now = Math.max(this.now, instant);
  }

  /** Runs `work` with every clock of this process, and its chance, replaced by ours. */
  async reign(work: () => Promise<void>): Promise<void> {
    this.install();
    try {
      await work();
    } finally {
      Object.assign(globalThis, REAL);
      Date.now = REAL.now;
      Math.random = REAL.random;
      timersPromises.setTimeout = REAL_PAUSE;
      syncBuiltinESMExports();
    }
  }

  private install(): void {
    const timer = (run: () => void, ms = 0): Timer =>
      new Timer(this, this.after(this.stretched(ms), this.current, run));
    const clear = (handle: unknown): void => {
      if (handle instanceof Timer) handle.cancel();
    };
    const interval = (run: () => void, ms = 0): Timer => {
      const again: Timer = timer(function tick() {
        again.task = timer(tick, ms).task;
        run();
      }, ms);
      return again;
    };
    Object.assign(globalThis, {
      setTimeout: timer,
      setInterval: interval,
      clearTimeout: clear,
      clearInterval: clear,
    });
    Date.now = () => this.now;
    Math.random = () => this.chance.next();
    timersPromises.setTimeout = ((ms?: number, value?: unknown, options?: { signal?: AbortSignal }) =>
      this.breakable(ms ?? 0, value, options?.signal)) as typeof timersPromises.setTimeout;
    syncBuiltinESMExports();
  }

  /** As node:timers/promises does it: rejects as soon as the signal says so. */
  private breakable(ms: number, value: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const broken = (): void => {
        task.run = null;
        reject(new Error('The operation was aborted'));
      };
      const task = this.after(this.stretched(ms), this.current, () => {
        signal?.removeEventListener('abort', broken);
        resolve(value);
      });
      if (signal?.aborted === true) broken();
      else signal?.addEventListener('abort', broken, { once: true });
    });
  }

  /** Timers are never early, and on a busy machine late. */
  private stretched(ms: number): number {
    return ms <= 0 ? 0 : Math.max(ms, LOOK_MIN_MS * (0.5 + this.chance.next()));
  }
}

const before = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.tie < b.tie);

function push(heap: Task[], task: Task): void {
  let at = heap.length;
  while (at > 0) {
    const up = (at - 1) >> 1;
    const parent = heap[up];
    if (parent === undefined || !before(task, parent)) break;
    heap[at] = parent;
    at = up;
  }
  heap[at] = task;
}

function pop(heap: Task[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (left === undefined) break;
    if (right !== undefined && before(right, left)) child += 1;
    const next = heap[child];
    if (next === undefined || !before(next, last)) break;
    heap[at] = next;
    at = child;
  }
  heap[at] = last;
}
