// Alert rule: what somebody wants to be told of, when, and how; and the time in which nothing of it counts.
// In: the plant file, resolved. Out: what alerts are judged by.
// Pure; plain JSON.

export type AlertSeverity = 'info' | 'warning' | 'critical';
export type RatioName = 'oee' | 'availability' | 'performance' | 'quality';

/**
 * The part of time that a figure is taken over: the shift, hour or day so far, or the last n minutes; judged at the end of each minute
 * of event time, so that it never depends on when a message came in.
 */
export type JudgedWindow = 'hour' | 'shift' | 'day' | `last${number}m`;

/** A figure beyond `limit` holds; it no longer does once it is back behind `clear` (hysteresis). Ratios 0..1, rates per hour. */
interface FigureCondition {
  readonly window: JudgedWindow;
  readonly limit: number;
  readonly clear: number;
}

export type AlertCondition =
  | ({ readonly kind: 'ratioBelow'; readonly ratio: RatioName } & FigureCondition)
  /** the ideal cycle is wrong: the alert proposes the best demonstrated one */
  | ({ readonly kind: 'performanceAbove' } & FigureCondition)
  | ({ readonly kind: 'scrapRateAbove' } & FigureCondition)
  | ({ readonly kind: 'microStopsAbove' } & FigureCondition)
  | ({ readonly kind: 'piecesBelow' } & FigureCondition)
  /** own stops of the machine, by their whole length */
  | { readonly kind: 'stopLonger'; readonly longerMs: number }
  /** unknown time by silence */
  | { readonly kind: 'silentLonger'; readonly longerMs: number }
  /** a counter jumped beyond what the machine can make, and the pieces were set aside */
  | { readonly kind: 'quarantined' }
  /** the engine itself: how far a partition is behind, a neighbour that is away, dead letters that nobody looked at */
  | { readonly kind: 'engineLag'; readonly longerMs: number }
  | { readonly kind: 'neighbourAway'; readonly longerMs: number }
  | { readonly kind: 'deadLetters'; readonly more: number };

export interface Escalation {
  /** after so long without an acknowledgement */
  readonly afterMs: number;
  /** receivers that hear of it then */
  readonly to: readonly string[];
}

export interface AlertRule {
  readonly id: string;
  readonly text: string;
  readonly condition: AlertCondition;
  /** how long the condition must hold; 0: at once */
  readonly forMs: number;
  readonly severity: AlertSeverity;
  /** resolved scope: ids of the units that are judged, all of one level; empty for the engine itself */
  readonly units: readonly string[];
  /** episodes of machines of one line that begin within so long of the first are one alert */
  readonly togetherMs: number;
  /** an episode that begins within so long after the last one ended is the same alert; from the third on it flaps */
  readonly flapMs: number;
  /** local wall-clock spans `HH:MM` in the zone of the unit's site in which nobody is told, unless it is still so afterwards */
  readonly quiet: readonly { readonly start: string; readonly end: string }[];
  readonly escalation: readonly Escalation[];
}

/** Time in which conditions of these units count for nothing: somebody works there on purpose. */
export interface MaintenanceWindow {
  /** machines, lines, areas or sites; whatever lies below is meant too */
  readonly units: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly why: string;
}
