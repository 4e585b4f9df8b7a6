// Wire plant: the plant in the JSON shape that GET /v1/plant gives: the tree of units, what each machine does, shifts now.
// In: nothing. Out: types, for the one who answers and for those who ask.
// Pure: types only.

import type { AlertRule } from './alert-rule.ts';
import type { MachineModel, Plant } from './plant-model.ts';
import type { WireState } from './result-to-wire.ts';

export interface WireMachine extends Pick<MachineModel, 'id' | 'name' | 'product' | 'microStopMs' | 'silenceMs'> {
  /** what the machine's reason codes mean, where the plant file says so */
  readonly reasons: MachineModel['reasons'];
  /** null before its first fact */
  readonly state: WireState | null;
}

export interface WireLine {
  readonly id: string;
  readonly name: string;
  readonly kind: 'serial' | 'parallel';
  readonly constraint: string | null;
  readonly machines: readonly WireMachine[];
}

export interface WireArea {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly WireLine[];
}

export interface WireSite {
  readonly id: string;
  readonly name: string;
  /** IANA */
  readonly zone: string;
  readonly areas: readonly WireArea[];
}

export interface WireShiftNow {
  readonly site: string;
  readonly line: string;
  readonly name: string;
  readonly crew: string | null;
  readonly start: string;
  readonly end: string;
  readonly businessDay: string;
}

/** What a rule looks for, so that whoever shows an alert can say it in the reader's language (core/alert-text.ts). */
export type WireAlertRule = Pick<AlertRule, 'id' | 'text' | 'severity' | 'condition' | 'forMs'>;

export interface WirePlant {
  readonly name: string;
  readonly revision: string;
  /** the server's clock */
  readonly now: string;
  readonly settings: Plant['settings'];
  readonly sites: readonly WireSite[];
  readonly products: Plant['products'];
  readonly shiftsNow: readonly WireShiftNow[];
  /** target OEE per unit id, 0..1 */
  readonly targets: Plant['targets'];
  readonly alerts: readonly WireAlertRule[];
}
