// Confirmed orders: a small plant whose shifts of yesterday each make one order per machine, and later correct it.
// In: the present instant, a receiver's address. Out: plant file, events in batches, the quantities that an ERP must end with.
// Pure.

import { HOUR_MS, isoOf, MINUTE_MS } from '../../src/core/time.ts';

const MACHINES = ['m1', 'm2', 'm3'];
const SHIFTS = 8;
const AGO_MS = 30 * HOUR_MS;
export const RECEIVER_VARIABLE = 'OEE_HOOK_TRY';

export function confirmedPlant(url: string): string {
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
  const shifts = hours.map((hour, at) => `h${hour}: { start: "${hour}:00", end: "${hours[(at + 1) % 24]}:00" }`);
  return `plant: Confirmed
settings: { lateness: 1s }
products: { cola: { piece: bottle } }
calendars:
  c:
    zone: UTC
    shifts: { ${shifts.join(', ')} }
    weekly: { mon-sun: [${hours.map(hour => `h${hour}`).join(', ')}] }
defaults: { calendar: c, silence: off, cycles: { cola: 1s } }
sites:
  - id: site
    zone: UTC
    areas:
      - id: hall
        lines: [{ id: line, kind: parallel, machines: [${MACHINES.map(id => `{ id: ${id} }`).join(', ')}] }]
receivers:
  - { id: erp, url: "${url}", plain: true, networks: [loopback], secrets: [${RECEIVER_VARIABLE}], wants: [confirmation] }
`;
}

export interface ConfirmedOrders {
  /** in the order in which they are to be sent */
  readonly batches: readonly (readonly object[])[];
  /** good and rejected pieces per order */
  readonly expected: ReadonlyMap<string, { readonly good: number; readonly reject: number }>;
}

export function confirmedOrders(now: number): ConfirmedOrders {
  const first = Math.floor((now - AGO_MS) / HOUR_MS) * HOUR_MS;
  const expected = new Map<string, { good: number; reject: number }>();
  const made = MACHINES.flatMap((machine, place) =>
    Array.from({ length: SHIFTS }, (_, shift) => {
      const start = first + shift * HOUR_MS;
      const [order, good] = [`PO-${shift}`, 100 + 10 * shift + place];
      const sum = expected.get(order) ?? { good: 0, reject: 0 };
      expected.set(order, { good: sum.good + good - 3, reject: sum.reject + 3 });
      const event = (minute: number, type: string, more: object) => {
        const id = `${machine}-${shift}-${minute}-${type}`;
        return { id, machine, at: isoOf(start + minute * MINUTE_MS), type, ...more };
      };
      const facts = [
        event(0, 'state', { state: 'producing' }),
        event(1, 'order', { phase: 'start', order, product: 'cola' }),
        event(20, 'count', { good, reject: 0 }),
        event(50, 'order', { phase: 'end', order }),
      ];
      const fix = event(20, 'requalify', { good: -3, reject: 3, by: 'lab', why: 'burst test' });
      return { facts, fix };
    }),
  );
  const alive = MACHINES.map(machine => ({ id: `${machine}-alive`, machine, at: isoOf(now), type: 'heartbeat' }));
  const batches = [...made.map(({ facts }) => facts), alive, ...made.map(({ fix }) => [fix])];
  return { batches, expected };
}
