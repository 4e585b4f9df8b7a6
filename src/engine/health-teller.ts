// Health teller: how the engine sees itself, as entries of the log, so that rules about it are judged and replayed like all others.
// In: lags, neighbours, dead letters, as far as this process sees them. Out: a `health` entry every HEALTH_EVERY_MS.
// Touches the journal and the neighbours through the ports, and a timer.

import { HEALTH_EVERY_MS, type Health } from '../core/alert-health.ts';
import type { Log } from '../log.ts';
import { type Neighbours, within } from './health-routes.ts';

export interface HealthPorts {
  /** whether this process works the partition that carries alerts about the engine */
  isOurs(): boolean;
  readonly partitions: readonly number[];
  /** how long the oldest entry waits that was not worked in, milliseconds */
  lagMs(partition: number): Promise<number>;
  deadLetters(partition: number): Promise<number>;
  readonly neighbours: Neighbours;
  append(body: string): Promise<unknown>;
  /** milliseconds by a clock that never jumps */
  readonly now: () => number;
  readonly log: Log;
}

/** @returns how to stop; resolves when the last entry is in or refused */
export function startHealthTeller(ports: HealthPorts, everyMs = HEALTH_EVERY_MS): () => Promise<void> {
  const awaySince = new Map<string, number>();
  let under: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    // what takes longer than its turn is told less often, not beside itself
    if (busy || !ports.isOurs()) return;
    busy = true;
    under = look(ports, awaySince)
      .then(health => ports.append(JSON.stringify(health)))
      .catch(error => ports.log('debug', 'health not told', { error: String(error) }))
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await under;
  };
}

async function look(ports: HealthPorts, awaySince: Map<string, number>): Promise<Health> {
  const lags = await Promise.all(ports.partitions.map(async each => [`${each}`, await ports.lagMs(each)] as const));
  const letters = await Promise.all(ports.partitions.map(each => ports.deadLetters(each)));
  const now = ports.now();
  for (const { name, check } of ports.neighbours) {
    if ((await within(check())) === null) awaySince.delete(name);
    else awaySince.set(name, awaySince.get(name) ?? now);
  }
  return {
    lagMs: Object.fromEntries(lags.filter(([, ms]) => ms > 0)),
    awayMs: Object.fromEntries(
      [...awaySince].map(([name, since]) => [name, Math.max(1, Math.round(ports.now() - since))]),
    ),
    deadLetters: letters.reduce((sum, count) => sum + count, 0),
  };
}
