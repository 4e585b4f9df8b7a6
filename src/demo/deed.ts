// Deed: something that really happened in the simulated plant, before any gateway had a chance to spoil the news of it.
// In: made by the demo machines. Out: to the gateways (which make events of it) and to the ledger (which makes truth of it).
// Pure.

import type { CounterName } from '../core/plant-model.ts';
import type { Claim } from '../core/vocabulary.ts';

/** What becomes of news: told at once, stored and told in one burst later, lost for ever. */
export type Link = 'up' | 'storing' | 'lost';

export type Readings = Partial<Readonly<Record<CounterName, number>>>;

interface Head {
  readonly machine: string;
  /** when it happened, true time, epoch ms */
  readonly t: number;
  /** the same by the machine's own clock: what its events say, and what the law books by */
  readonly at: number;
  readonly link: Link;
}
/** `claim` is what the machine means by its word and reason, known here without asking any vocabulary. */
export type StateDeed = Head & {
  readonly kind: 'state';
  readonly claim: Claim;
  readonly word: string;
  readonly reason: string | null;
};
/** Pieces since the last report. `readings`: what the counters show; null where the machine tells increments. */
export type PiecesDeed = Head & {
  readonly kind: 'pieces';
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
  readonly energyWh: number;
  readonly readings: Readings | null;
  /** a counter's impossible jump: pieces that nobody made */
  readonly quarantined: number;
};
export type OrderDeed = Head & {
  readonly kind: 'order';
  readonly phase: 'start' | 'end';
  readonly order: string;
  readonly product: string;
  readonly quantity: number;
  readonly due: number;
};
export type SignDeed = Head & { readonly kind: 'sign' };

export type Deed = StateDeed | PiecesDeed | OrderDeed | SignDeed;
