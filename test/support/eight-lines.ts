// Eight lines: a plant whose eight lines lie in eight partitions of eight, and two days old events for its machines.
// In: a day. Out: a plant file; events in order.
// Pure.

import { partitionOfLine } from '../../src/journal/keys.ts';

export const PARTITIONS = 8;

/** One line for each partition, by partition: `line-3`, … */
export const LINES: readonly string[] = Array.from({ length: PARTITIONS }, (_, partition) => {
  for (let n = 1; ; n += 1) if (partitionOfLine(`line-${n}`, PARTITIONS) === partition) return `line-${n}`;
});
export const MACHINES: readonly string[] = LINES.map(line => `machine-of-${line}`);
export const AREA = 'hall';
export const SITE = 'works';

export const EIGHT_LINES = `plant: Eight lines
products: { piece: { name: Piece, piece: piece } }
defaults: { vocabulary: canonical, silence: off, microStop: 60s, calendar: days, product: piece, cycles: { piece: 1s } }
calendars:
  days:
    zone: UTC
    dayStart: "00:00"
    shifts: { early: { start: "06:00", end: "14:00" } }
    weekly: { mon-sun: [early] }
sites:
  - id: ${SITE}
    zone: UTC
    areas:
      - id: ${AREA}
        lines:
${LINES.map(line => `          - { id: ${line}, kind: parallel, machines: [{ id: machine-of-${line} }] }`).join('\n')}
`;

const MINUTE_MS = 60_000;

/** What each machine says in its shift of the day: a state every ten minutes, pieces every minute, and when it was all over. */
export function shiftEvents(day: number): object[] {
  const start = day + 6 * 60 * MINUTE_MS;
  const events: object[] = [];
  for (let minute = 0; minute < 480; minute += 1) {
    for (const [index, machine] of MACHINES.entries()) {
      const at = start + minute * MINUTE_MS + index;
      const stops = (minute / 10 + index) % 7 === 3;
      if (minute % 10 === 0)
        events.push({ id: `s${minute}`, machine, at, type: 'state', state: stops ? 'stop' : 'producing' });
      events.push({
        id: `c${minute}`,
        machine,
        at,
        type: 'count',
        good: 20 + ((minute * (index + 3)) % 30),
        reject: minute % 3,
      });
    }
  }
  for (const machine of MACHINES) {
    events.push({ id: 'end', machine, at: start + 480 * MINUTE_MS, type: 'state', state: 'idle' });
    events.push({ id: 'late', machine, at: start + 540 * MINUTE_MS, type: 'heartbeat' });
  }
  return events;
}
