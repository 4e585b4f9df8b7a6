// Webhook metrics: how receivers do and what waits for them, in Prometheus' words.
// In: a running engine, its journal. Out: figures, each by the given registrar.
// Touches nothing itself: asks when it is asked.

import type { Engine } from './engine/engine.ts';
import { type ReceiverSummary, viewReceivers } from './engine/receiver-view.ts';
import type { JournalHooks } from './journal/journal.ts';
import type { OperationFigure, Register } from './operation-metrics.ts';

/** The journal's own books: the same from every process; labels are as many as the plant file has receivers. */
export function webhookMetrics(
  register: Register,
  { receivers }: Engine,
  { webhooks }: JournalHooks,
  now: () => number,
) {
  const each = (read: (summary: ReceiverSummary) => number) => async (): Promise<OperationFigure[]> =>
    (await viewReceivers({ ...receivers, queues: webhooks })).map(summary => ({
      labels: { receiver: summary.receiver.id },
      value: read(summary),
    }));
  register(
    'oee_webhook_waiting_messages',
    'Messages that wait for a receiver',
    ['receiver'],
    each(({ waiting }) => waiting),
  );
  register(
    'oee_webhook_oldest_seconds',
    'How long the oldest of them has waited',
    ['receiver'],
    each(({ oldestAt }) => (oldestAt === null ? 0 : Math.max(0, now() - oldestAt) / 1_000)),
  );
  register(
    'oee_webhook_well_state',
    '1 when the last attempt succeeded and nobody holds the receiver back',
    ['receiver'],
    each(({ standing }) => (standing === 'ok' ? 1 : 0)),
  );
  register(
    'oee_webhook_attempts_total',
    'Attempts: delivered, failed and to be made again, or given up (dead)',
    ['receiver', 'outcome'],
    async () =>
      (await viewReceivers({ ...receivers, queues: webhooks })).flatMap(({ receiver, counts }) =>
        Object.entries(counts).map(([outcome, value]) => ({ labels: { receiver: receiver.id, outcome }, value })),
      ),
  );
}
