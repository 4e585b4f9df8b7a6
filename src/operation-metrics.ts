// Operation metrics: what an administrator alarms on: lag, doubt, and what was refused, by reason.
// In: a running engine, its journal. Out: figures, each by the given registrar.
// Touches nothing itself: asks when it is asked.

import type { Engine } from './engine/engine.ts';
import type { Journal, JournalBooks } from './journal/journal.ts';

export interface OperationFigure {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export type Register = (
  name: string,
  help: string,
  labelNames: string[],
  read: () => Promise<OperationFigure[]> | OperationFigure[],
) => void;

/** Codes are a list of ours; what else stands in the journal is counted together, so that labels stay bounded. */
const CODES_MAX = 50;
const OTHER = 'other';

export function operationMetrics(register: Register, engine: Engine, journal: Journal & JournalBooks): void {
  const perPartition = (value: (partition: number) => Promise<number>) => () =>
    Promise.all(engine.partitions.map(async p => ({ labels: { partition: String(p) }, value: await value(p) })));
  register(
    'oee_journal_lag_entries',
    'Entries of the log that are not worked in yet, counted up to 1000',
    ['partition'],
    perPartition(async p => (await journal.lag(p)).entries),
  );
  register(
    'oee_journal_lag_seconds',
    'How long the oldest entry that is not worked in has waited',
    ['partition'],
    perPartition(async p => (await journal.lag(p)).oldestMs / 1000),
  );
  register(
    'oee_journal_commits_in_doubt_total',
    'Commits of this process whose reply was lost, each then found to be there or not',
    [],
    () => [{ labels: {}, value: journal.doubts() }],
  );
  register(
    'oee_journal_holes_total',
    'Times that entries vanished from the log unread',
    ['partition'],
    perPartition(async p => (await journal.counts(p)).holes),
  );
  register('oee_journal_dead_letters_kept', 'Dead letters that wait to be replayed or discarded', ['code'], () =>
    lettersByCode(engine, journal),
  );
  register('oee_engine_partitions_refused', 'Partitions whose state this program cannot read', [], () => [
    { labels: {}, value: engine.keeper?.refusals.size ?? 0 },
  ]);
}

async function lettersByCode(engine: Engine, journal: Journal & JournalBooks): Promise<OperationFigure[]> {
  const byCode = new Map<string, number>();
  for (const { counts } of await Promise.all(engine.partitions.map(journal.tally))) {
    for (const { code, letters } of counts) {
      const label = byCode.has(code) || byCode.size < CODES_MAX ? code : OTHER;
      byCode.set(label, (byCode.get(label) ?? 0) + letters);
    }
  }
  return [...byCode].map(([code, value]) => ({ labels: { code }, value }));
}
