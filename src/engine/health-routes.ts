// Health routes: is the process alive, and can it do its work; if not, which neighbour is missing.
// In: the engine, questions to neighbours. Out: 200 or 503 with a sentence per neighbour.
// Touches the neighbours through the ports.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Engine } from './engine.ts';
import { ROLE_NAMES } from './roles.ts';

export interface Neighbour {
  readonly name: string;
  /** without it the engine cannot take events; without the others it goes on and keeps what they miss */
  readonly required: boolean;
  /** @returns null when all is well, else the trouble and its remedy */
  check(): Promise<string | null>;
}
export type Neighbours = readonly Neighbour[];

export interface HealthRoutesOptions {
  readonly engine: Engine;
  readonly neighbours: Neighbours;
  /** processes that work for this one */
  readonly workers?: () => readonly object[];
  /** left out: everybody; others hear only whether it is ready */
  readonly tellsAll?: (request: FastifyRequest) => boolean;
}

/** A neighbour that has not answered by then counts as away. */
const CHECK_MAX_MS = 2_000;

export async function healthRoutes(
  app: FastifyInstance,
  { engine, neighbours, workers, tellsAll = () => true }: HealthRoutesOptions,
): Promise<void> {
  app.get('/health/live', { schema: { summary: 'Alive', tags: ['operation'] } }, () => ({ live: true }));
  app.get('/health/ready', { schema: { summary: 'Able to work', tags: ['operation'] } }, async (request, reply) => {
    const checks = await Promise.all(
      neighbours.map(async ({ name, required, check }) => ({ name, required, trouble: await within(check()) })),
    );
    const ready = engine.isReady() && checks.every(check => check.trouble === null || !check.required);
    reply.code(ready ? 200 : 503);
    if (!tellsAll(request)) return { ready };
    return reply.send({
      ready,
      roles: ROLE_NAMES.filter(role => engine.roles[role]),
      partitions: { ...standingOf(engine), refused: refusedOf(engine) },
      ...(workers === undefined ? {} : { workers: workers() }),
      neighbours: checks.map(({ name, required, trouble }) => ({ name, required, ok: trouble === null, trouble })),
    });
  });
}

/** What this process has of the partitions: `all` of the plant, `owned` of its fair `share`, `followed` for questions, `loading`. */
function standingOf({ partitions, keeper, replicas, stateOf, roles }: Engine): object {
  const owned = [...(keeper?.workers.values() ?? [])];
  const awaited = roles.web ? partitions : owned.map(worker => worker.index);
  return {
    all: partitions.length,
    owned: owned.length,
    share: keeper?.share ?? 0,
    followed: replicas.all().length,
    loading: awaited.filter(partition => stateOf(partition) === null).length,
  };
}

/** Partitions whose state this program cannot read: they wait for one that can. */
function refusedOf({ keeper, replicas }: Engine): object[] {
  const refusals = new Map(keeper?.refusals);
  for (const { index, refusal } of replicas.all()) if (refusal !== null) refusals.set(index, refusal);
  return [...refusals].map(([partition, { code, message, remedy }]) => ({ partition, code, message, remedy }));
}

/** @returns the trouble of a neighbour, also when it does not answer */
export async function within(check: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>(resolve => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_MAX_MS} ms`), CHECK_MAX_MS);
  });
  try {
    return await Promise.race([check, late]);
  } catch (error) {
    return String(error);
  } finally {
    clearTimeout(timer);
  }
}
