// The OEE pipeline: the whole journey of a log entry, as one sentence.
// In: log entries in order. Out: one piece of work per entry, done.
// Pure but for the partition's state, which it owns. An entry is a packed batch, so an operator runs per batch, not per event.

import type { Observable } from 'rxjs';
import type { LogEntry } from '../core/log-entry.ts';
import type { Partition } from '../core/partition.ts';
import { dropRepeats } from './drop-repeats.ts';
import { inEventTime } from './in-event-time.ts';
import { intoAlerts } from './into-alerts.ts';
import { intoLines } from './into-lines.ts';
import { intoReports } from './into-reports.ts';
import { intoSlices } from './into-slices.ts';
import { intoWindows } from './into-windows.ts';
import { letPastGo } from './let-past-go.ts';
import { type Poison, readEvents } from './read-events.ts';
import type { Work } from './work.ts';

/** Entries of one partition, in the log's order, become windows, lines and live states. */
export function oeePipeline(entries$: Observable<LogEntry>, partition: Partition, poison?: Poison): Observable<Work> {
  return entries$.pipe(
    readEvents(partition, poison),
    dropRepeats(partition),
    inEventTime(partition),
    intoSlices(partition),
    intoWindows(),
    intoLines(partition),
    intoAlerts(partition),
    intoReports(partition),
    letPastGo(),
  );
}
