// Deed to event: what a machine did as the JSON that it sends to POST /v1/events.
// In: a deed. Out: an event; its id is made of machine, kind and stamp, so that a plant lived through twice says the same ids.
// Pure.

import { isoOf } from '../core/time.ts';
import type { Deed } from './deed.ts';

export type RawEvent = Readonly<Record<string, string | number>>;

const LETTERS: Readonly<Record<Deed['kind'], string>> = { state: 's', pieces: 'p', order: 'o', sign: 'h' };

export function eventIdOf(deed: Deed): string {
  return `${deed.machine}-${LETTERS[deed.kind]}-${deed.at}`;
}

/** Counters' owners stamp with epoch milliseconds, the others with ISO time: plants have both. */
function stampOf(deed: Deed): string | number {
  return deed.kind === 'pieces' && deed.readings !== null ? deed.at : isoOf(deed.at);
}

export function deedToEvent(deed: Deed): RawEvent {
  const head = { id: eventIdOf(deed), machine: deed.machine, at: stampOf(deed) };
  switch (deed.kind) {
    case 'state':
      return { ...head, type: 'state', state: deed.word, ...(deed.reason === null ? {} : { reason: deed.reason }) };
    case 'order': {
      const { phase, order, product, quantity, due } = deed;
      if (phase === 'end') return { ...head, type: 'order', phase, order };
      return { ...head, type: 'order', phase, order, product, quantity, due: isoOf(due) };
    }
    case 'sign':
      return { ...head, type: 'heartbeat' };
    case 'pieces': {
      if (deed.readings !== null) return { ...head, type: 'counter', ...deed.readings };
      const { good, reject, rework, energyWh } = deed;
      return {
        ...head,
        type: 'count',
        good,
        reject,
        ...(rework === 0 ? {} : { rework }),
        ...(energyWh === 0 ? {} : { energyWh }),
      };
    }
  }
}
