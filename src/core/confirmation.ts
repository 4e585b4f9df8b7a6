// Confirmation: what one machine made of one order in one shift, for an ERP that books it once and corrects it by reference.
// In: the facts of a machine, once the shift is final. Out: confirmations and their restatements as outputs.
// Pure; plain JSON.

import type { Tally } from './tally.ts';

/** `id` names the booking and never changes; `(id, revision)` is what is said of it: 0 confirms, later ones restate. */
export interface Confirmation {
  readonly type: 'confirmation';
  /** `<machine>:<order>:<shift start, ISO>` */
  readonly id: string;
  readonly revision: number;
  readonly unit: string;
  readonly line: string;
  readonly order: string;
  readonly product: string | null;
  readonly shift: {
    readonly name: string | null;
    readonly start: number;
    readonly end: number;
    readonly businessDay: string | null;
  };
  /** the order's part of the shift, from its first to its last instant */
  readonly from: number;
  readonly to: number;
  readonly tally: Tally;
  /** what was said last, to be taken back; null on revision 0 */
  readonly before: Tally | null;
  readonly by: string | null;
  readonly why: string | null;
}
