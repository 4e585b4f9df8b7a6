// Saved rows: what lists, strips and charts say, as rows of a table file: heads first, instants on the plant's own clock.
// In: what is shown. Out: rows of words and values.
// Pure.

import type { WireAlert } from '../core/alert-to-wire.ts';
import type { WireChange } from '../core/explanation.ts';
import type { WireResult } from '../core/result-to-wire.ts';
import { lossStepsOf } from './loss-steps.ts';
import { plannedPieces } from './planned-pieces.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { ALERT_TEXT, CATEGORY_TEXT, RATIO_TEXT, SEVERITY_TEXT, SOURCE_TEXT, TEXT } from './spoken-texts.ts';
import type { Stop } from './stop-story.ts';
import type { Stretch } from './stretch.ts';
import { type Cell, headIn, momentOf, type Rows, shareOf } from './table-file.ts';

const spanHeads = (zone: string): string[] => [headIn(TEXT.from, zone), headIn(TEXT.to, zone)];
const reasonText = (reason: string | null, machine: MachineAnswer | null): Cell =>
  reason === null ? null : (machine?.reasons?.[reason]?.text ?? reason);

/** What was lost is less than nothing. */
export function waterfallRows({ tally }: WireResult): Rows {
  return [
    [TEXT.kind, TEXT.minutes, TEXT.pieceCount],
    ...lossStepsOf(tally).map(({ name, from, to, pieces, kind }) =>
      kind === 'level' ? [name, to / 60_000, pieces] : [name, (from - to) / 60_000, pieces === null ? null : -pieces],
    ),
  ];
}

/** Windows with their figures and, where there is a target, their plan. */
export function windowRows(results: readonly WireResult[], target: number | null, zone: string): Rows {
  const ratios = ['oee', 'availability', 'performance', 'quality', 'coverage'] as const;
  return [
    [
      ...[TEXT.nameOfIt, ...spanHeads(zone)],
      ...ratios.map(ratio => RATIO_TEXT[ratio].name),
      ...[TEXT.good, TEXT.reject, TEXT.rework, TEXT.planned].map(name => headIn(name, TEXT.pieceCount)),
      TEXT.revisionHead,
    ],
    ...results.map(result => {
      const { window, tally, revision } = result;
      return [
        ...[window.name, momentOf(window.start, zone), momentOf(window.end, zone)],
        ...ratios.map(ratio => shareOf(result[ratio])),
        ...[tally.good, tally.reject, tally.rework, plannedPieces(result, target), revision],
      ];
    }),
  ];
}

/** @param edge where an open stretch ends for the time being */
export function stretchRows(
  stretches: readonly Stretch[],
  machine: MachineAnswer | null,
  zone: string,
  edge: number,
): Rows {
  return [
    [...spanHeads(zone), TEXT.length, TEXT.category, TEXT.state, TEXT.reason, TEXT.source],
    ...stretches.map(({ from, to, open, category, state, reason, source }) => {
      const end = open ? Math.max(to, edge) : to;
      return [
        ...[{ at: from, zone }, open ? null : { at: to, zone }, { ms: end - from }],
        ...[CATEGORY_TEXT[category], state, reasonText(reason, machine), SOURCE_TEXT[source]],
      ];
    }),
  ];
}

export function stopRows(stops: readonly Stop[], machine: MachineAnswer, zone: string): Rows {
  return [
    [...spanHeads(zone), TEXT.length, TEXT.category, TEXT.state, TEXT.reason],
    ...stops.map(({ from, to, open, category, state, reason }) => [
      ...[{ at: from, zone }, open ? null : { at: to, zone }, { ms: to - from }],
      ...[CATEGORY_TEXT[category], state, reasonText(reason, machine)],
    ]),
  ];
}

/** @param textOf a change in one line */
export function changeRows(changes: readonly WireChange[], textOf: (change: WireChange) => string, zone: string): Rows {
  return [
    [...spanHeads(zone), TEXT.change, TEXT.by, TEXT.why, TEXT.undoneHead, TEXT.oeeWithout],
    ...changes.map(change => [
      ...[momentOf(change.from ?? change.at, zone), momentOf(change.to, zone), textOf(change), change.by, change.why],
      ...[change.undone?.by ?? null, shareOf(change.without?.oee ?? null)],
    ]),
  ];
}

/** @param placeOf what a person calls the unit of an alert, and the clock that it lives by */
export function alertRows(
  alerts: readonly WireAlert[],
  placeOf: (alert: WireAlert) => { readonly name: string; readonly zone: string },
): Rows {
  const status = { active: ALERT_TEXT.active, resolved: ALERT_TEXT.resolved, withdrawn: ALERT_TEXT.withdrawn };
  return [
    [TEXT.from, TEXT.to, TEXT.timeZone, TEXT.severity, TEXT.unit, TEXT.text, TEXT.state, TEXT.by, TEXT.why],
    ...alerts.map(alert => {
      const { name, zone } = placeOf(alert);
      return [
        ...[
          momentOf(alert.since, zone),
          momentOf(alert.resolvedAt, zone),
          zone,
          SEVERITY_TEXT[alert.severity],
          name,
          alert.text,
        ],
        ...[status[alert.status], alert.acknowledged?.by ?? null, alert.why ?? alert.acknowledged?.why ?? null],
      ];
    }),
  ];
}
