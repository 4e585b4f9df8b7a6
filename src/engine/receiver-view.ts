// Receiver view: how each webhook receiver does, over all partitions, as any process can tell from the journal.
// In: the plant's receivers, their queues. Out: one summary each; a health check each.
// Touches the journal through its queues, reading only.

import type { ReceiverModel } from '../core/receiver.ts';
import { isoOf } from '../core/time.ts';
import type { Pause, QueueState, WebhookQueues } from '../core/webhook-queue.ts';
import { OPEN_AFTER } from '../sinks/webhook/circuit-breaker.ts';
import type { Neighbours } from './health-routes.ts';

export interface ReceiverViewPorts {
  readonly queues: WebhookQueues;
  readonly receivers: readonly ReceiverModel[];
  readonly partitions: readonly number[];
}

/** away: so many failures in a row that it is asked only now and then. */
export type ReceiverStanding = 'ok' | 'failing' | 'away' | 'paused';

export interface ReceiverSummary {
  readonly receiver: ReceiverModel;
  readonly standing: ReceiverStanding;
  readonly waiting: number;
  readonly oldestAt: number | null;
  readonly lastOk: number | null;
  readonly lastBad: number | null;
  readonly lastCode: string | null;
  readonly counts: QueueState['counts'];
  readonly paused: Pause | null;
}

export async function viewReceivers({ queues, receivers, partitions }: ReceiverViewPorts): Promise<ReceiverSummary[]> {
  const pauses = await queues.pauses();
  return Promise.all(
    receivers.map(async receiver => {
      const states = await Promise.all(partitions.map(partition => queues.state(partition, receiver.id)));
      return summaryOf(receiver, states, pauses.get(receiver.id) ?? null);
    }),
  );
}

function summaryOf(receiver: ReceiverModel, states: readonly QueueState[], paused: Pause | null): ReceiverSummary {
  const known = (values: readonly (number | null)[]): number[] => values.filter(value => value !== null);
  const most = (values: readonly (number | null)[]): number | null =>
    known(values).reduce<number | null>((a, b) => Math.max(a ?? b, b), null);
  const total = (of: keyof QueueState['counts']): number => states.reduce((sum, { counts }) => sum + counts[of], 0);
  const lastOk = most(states.map(state => state.lastOk));
  const lastBad = most(states.map(state => state.lastBad));
  const oldest = known(states.map(state => state.oldestAt));
  const isFailing = lastBad !== null && lastBad > (lastOk ?? 0);
  const isAway = isFailing && states.reduce((sum, { row }) => sum + row, 0) >= OPEN_AFTER;
  return {
    receiver,
    standing: paused !== null ? 'paused' : isAway ? 'away' : isFailing ? 'failing' : 'ok',
    waiting: states.reduce((sum, { waiting }) => sum + waiting, 0),
    oldestAt: oldest.length === 0 ? null : Math.min(...oldest),
    lastOk,
    lastBad,
    lastCode: states.find(state => state.lastBad === lastBad)?.lastCode ?? null,
    counts: { delivered: total('delivered'), failed: total('failed'), dead: total('dead') },
    paused,
  };
}

/** A receiver that is away is told; the engine is none the less ready. */
export function receiverChecks(ports: ReceiverViewPorts): Neighbours {
  return ports.receivers.map(({ id }) => ({
    name: `webhook ${id}`,
    required: false,
    check: async () => {
      const receivers = ports.receivers.filter(receiver => receiver.id === id);
      const [summary] = await viewReceivers({ ...ports, receivers });
      return summary === undefined ? null : troubleOf(summary);
    },
  }));
}

function troubleOf({ standing, waiting, lastBad, lastCode, paused }: ReceiverSummary): string | null {
  const wait = `${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'}`;
  if (paused !== null) return `held back by ${paused.by} (${paused.why}); ${wait}: POST /v1/webhooks/{receiver}/resume`;
  if (standing !== 'away') return null;
  return `away (${lastCode}, last at ${isoOf(lastBad ?? 0)}); ${wait}, for three days at most`;
}
