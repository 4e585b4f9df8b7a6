// History print: all that InfluxDB holds, boiled down so that two states of it can be compared.
// In: an InfluxDB child. Out: counts, sums, and every row of all but the minutes, as one plain object.
// Touches HTTP only.

import { createHash } from 'node:crypto';
import type { InfluxChild, InfluxRow } from './influx-child.ts';

export interface HistoryPrint {
  /** rows of each measurement, unit and window kind */
  readonly rows: readonly InfluxRow[];
  /** sums of telling numbers of all rows, by measurement, unit and window kind */
  readonly sums: readonly InfluxRow[];
  /** hash over each row of hours, shifts, days, orders and intervals */
  readonly digest: string;
}

const NUMBERS =
  '/Ms$|^(total|good|reject|rework|idealUs|idealGoodUs|stops|failures|microStops|revision|start|edge|to)$/';

export async function historyPrint(influx: InfluxChild): Promise<HistoryPrint> {
  const windows = 'FROM oee, oee_revision GROUP BY "unit", "window"';
  const [rows, sums, coarse, intervals] = [
    await influx.rows(`SELECT COUNT("start") ${windows}; SELECT COUNT("to") FROM machine_state GROUP BY "unit"`),
    await influx.rows(`SELECT SUM(${NUMBERS}) ${windows}; SELECT SUM(${NUMBERS}) FROM machine_state GROUP BY "unit"`),
    await influx.rows(`SELECT * FROM oee, oee_revision WHERE "window" =~ /^(hour|shift|day|order)$/`),
    await influx.rows('SELECT * FROM machine_state'),
  ];
  const digest = createHash('sha256')
    .update(JSON.stringify([coarse, intervals]))
    .digest('hex');
  return { rows, sums, digest };
}
