// Chaos crew: the door of a plant and the workers behind it, real processes, each started again whenever it ends.
// In: settings, chance. Out: the door; a worker killed while it has work in hand.
// Touches child processes, loopback.

import { setTimeout as wait } from 'node:timers/promises';
import type { OpenJournal } from '../../src/journal/journal.ts';
import type { Chance } from './chance-of.ts';
import { WORKED } from './chaos-plant.ts';
import { type RoleProcess, startRoleProcess, until } from './role-process.ts';

export interface ChaosCrew {
  /** takes in and answers; computes nothing where there are workers */
  readonly door: RoleProcess;
  ready(): Promise<unknown>;
  /**
   * SIGKILL of a worker.
   * @param inHand look for one that has; otherwise any owner, somewhere between a batch and the tick that tells of it
   * @returns whether entries of a partition of its waited to be worked in just then
   */
  killWorker(inHand: boolean): Promise<boolean>;
  /** SIGSTOP of a worker until others own all that it had, then SIGCONT: what it has in hand is nobody's business any more. */
  putToSleep(): Promise<void>;
  close(): Promise<void>;
}

/** How often a worker with work in hand is looked for before any is good enough. */
const LOOKS_MAX = 40;
const LOOK_MS = 25;
/** How much later than seen it is killed, at most: before its read, its commit, its deliveries; or as late as the next tick. */
const LATER_MAX_MS = 40;
const TICK_MAX_MS = 400;

/** Where much else runs a start alone takes half a minute: so many times as patient as others are. */
const PATIENCE = 5;
async function atLast<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= PATIENCE) throw error;
    }
  }
}

export async function startCrew(
  settings: Readonly<Record<string, string>>,
  size: number,
  journal: OpenJournal,
  chance: Chance,
): Promise<ChaosCrew> {
  const crew = new Map<number, RoleProcess>();
  let closing = false;
  /** the hire that is under way: one that comes after the end is sent home */
  let hired: Promise<void> = Promise.resolve();
  const hire = async (): Promise<void> => {
    const worker = await startRoleProcess({ ...settings, OEE_ROLE: 'compute' });
    if (closing) return worker.kill();
    crew.set(worker.pid, worker);
    void worker.gone.then(() => {
      crew.delete(worker.pid);
      if (!closing) hired = hired.then(hire);
    });
  };
  const role = size === 0 ? 'ingest,compute,web' : 'ingest,web';
  const door = await startRoleProcess({ ...settings, OEE_ROLE: role });
  for (let n = 0; n < size; n += 1) await hire();
  const owners = new Owners(journal, crew);
  return {
    door,
    ready: () => atLast(() => door.ready()),
    killWorker: async inHand => {
      const { worker, isBusy } = await owners.one(chance, inHand ? LOOKS_MAX : 1);
      await wait(chance.below(inHand ? LATER_MAX_MS : TICK_MAX_MS));
      await worker.kill();
      return isBusy;
    },
    putToSleep: async () => {
      const { worker } = await owners.one(chance, LOOKS_MAX);
      worker.signal('SIGSTOP');
      const had = (): Promise<number[]> => owners.partitionsOf(worker);
      await atLast(() => until('others to own what it had', had, left => left.length === 0));
      worker.signal('SIGCONT');
    },
    close: async () => {
      closing = true;
      await Promise.all([hired, ...[door, ...crew.values()].map(each => each.kill())]);
    },
  };
}

/** Who owns what, as the journal says it. */
class Owners {
  constructor(
    private readonly journal: OpenJournal,
    private readonly crew: ReadonlyMap<number, RoleProcess>,
  ) {}

  /** A living owner, if possible one that has work in hand. */
  async one(chance: Chance, looksMax: number): Promise<{ worker: RoleProcess; isBusy: boolean }> {
    for (let looks = 0; looks < looksMax; looks += 1) {
      for (const partition of chance.shuffled(WORKED)) {
        const worker = await this.ownerOf(partition).catch(() => undefined);
        if (worker === undefined) continue;
        const { entries } = await this.journal.lag(partition).catch(() => ({ entries: 0 }));
        if (entries > 0) return { worker, isBusy: true };
      }
      if (looksMax > 1) await wait(LOOK_MS);
    }
    const idle = (): Promise<RoleProcess | undefined> => this.ownerOf(WORKED[chance.below(WORKED.length)] ?? 0);
    const worker = await atLast(() => until('a worker that owns something', idle, found => found !== undefined));
    if (worker === undefined) throw new Error('nobody owns anything');
    return { worker, isBusy: false };
  }

  async partitionsOf(worker: RoleProcess): Promise<number[]> {
    const owned = await Promise.all(WORKED.map(partition => this.ownerOf(partition)));
    return WORKED.filter((_, index) => owned[index] === worker);
  }

  /** The owner's name holds its process id. */
  private async ownerOf(partition: number): Promise<RoleProcess | undefined> {
    const { owner } = await this.journal.position(partition);
    return this.crew.get(Number(/-(\d+)-[0-9a-f]{8}$/.exec(owner ?? '')?.[1] ?? 0));
  }
}
