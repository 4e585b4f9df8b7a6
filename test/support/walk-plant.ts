// Walk plant: a small plant for walks through the page with the real engine behind it, and what its machines did until now.
// In: the time now. Out: a plant file, events.
// Pure.

/** Three shifts of eight hours, every day: there is a late shift of yesterday whenever the walk begins. */
export const WALK_PLANT = `
plant: Walk
products: { cola: { name: Cola 0.5 l, piece: bottle }, water: { name: Water 0.5 l, piece: bottle } }
calendars:
  days:
    zone: Europe/Oslo
    shifts:
      early: { start: "06:00", end: "14:00" }
      late: { start: "14:00", end: "22:00" }
      night: { start: "22:00", end: "06:00" }
    weekly: { mon-sun: [early, late, night] }
defaults:
  calendar: days
  vocabulary: packml
  silence: off
  product: cola
  cycles: { cola: 1s, water: 2s }
  reasons:
    C1: { text: Format change, claim: setup }
    M1: { text: Waiting for material, claim: starved }
    E1: Jam
sites:
  - id: bergen
    name: Bergen
    zone: Europe/Oslo
    target: 0.75
    areas:
      - id: hall
        name: Filling hall
        lines:
          - id: line-1
            name: Line 1
            kind: serial
            target: 0.8
            constraint: filler
            machines: [{ id: filler, name: Filler, target: 0.75 }, { id: capper, name: Capper }, { id: packer, name: Packer }]
`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Yesterday's late shift lies within, whatever the hour. */
const BACK_HOURS = 36;

/** A machine that runs 50 minutes of each hour and jams for ten; the last word is its own. */
function dayOf(machine: string, now: number, last: string, standsFor: number): object[] {
  const events: object[] = [];
  const say = (at: number, more: object): void => {
    events.push({ id: `${machine}-${at}-${events.length}`, machine, at, ...more });
  };
  const until = now - standsFor;
  for (let hour = Math.floor(until / HOUR) - BACK_HOURS; hour * HOUR < until; hour += 1) {
    const start = hour * HOUR;
    const isEven = hour % 2 === 0;
    const told: [number, object][] = [
      [start, { type: 'state', state: 'EXECUTE' }],
      [start + 40 * MINUTE, { type: 'count', good: 2_000, reject: 10 }],
      [start + 45 * MINUTE, { type: 'state', state: 'HELD', ...(isEven ? { reason: 'E1' } : {}) }],
      [start + 55 * MINUTE, { type: 'state', state: 'EXECUTE' }],
    ];
    for (const [at, more] of told) if (at < until) say(at, more);
  }
  say(until, { type: 'state', state: last });
  say(now, { type: 'heartbeat' });
  return events;
}

/** The filler stands for 20 minutes and nobody has said why; the others run. */
export function walkEvents(now: number): object[] {
  return [
    ...dayOf('filler', now, 'ABORTED', 20 * MINUTE),
    ...dayOf('capper', now, 'EXECUTE', MINUTE),
    ...dayOf('packer', now, 'EXECUTE', MINUTE),
  ];
}
