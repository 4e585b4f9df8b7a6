// Hour board: a shift hour by hour as it hangs on many a wall: plan, actual, difference, main reason.
// In: the hours of a window, what made it, the target. Out: a table; an hour without a plan says so.
// Pure.

import type { WireExplanation } from '../core/explanation.ts';
import type { WireResult } from '../core/result-to-wire.ts';
import { DataTable, TimeHead, ValueCell } from './data-table.tsx';
import { lossesIn } from './loss-rows.ts';
import { plannedPieces } from './planned-pieces.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { DASH, hourMinute, lengthOf, pieces } from './show-values.ts';
import { TEXT } from './spoken-texts.ts';
import { shareOf } from './table-file.ts';

interface HourBoardProps {
  readonly hours: readonly WireResult[];
  readonly explained: WireExplanation | null;
  /** whose reasons the intervals name */
  readonly machines: readonly MachineAnswer[];
  readonly zone: string;
  readonly target: number | null;
}

export function HourBoard({ hours, explained, machines, zone, target }: HourBoardProps) {
  if (hours.length === 0) return <p class="muted">{TEXT.hourTrendEmpty}</p>;
  return (
    <DataTable
      name={TEXT.hourBoard}
      look="hour-board"
      heads={[
        { time: TEXT.hour, zone },
        ...[TEXT.planned, TEXT.actual, TEXT.difference].map(number => ({ number, unit: TEXT.pieceCount })),
        { number: 'OEE' },
        TEXT.mainReason,
      ]}
    >
      {hours.map(hour => {
        const [from, to] = [Date.parse(hour.window.start), Date.parse(hour.window.end)];
        const plan = plannedPieces(hour, target);
        const difference = plan === null ? null : hour.tally.good - Math.round(plan);
        const [main] = lossesIn(explained, machines, from, to);
        return (
          <tr key={from} data-hour={hour.window.start}>
            <TimeHead at={hour.window.start} zone={zone}>
              {hourMinute(from, zone)} – {hourMinute(to, zone)}
            </TimeHead>
            <ValueCell value={plan === null ? null : Math.round(plan)} />
            <ValueCell value={hour.tally.good} />
            <ValueCell value={difference} look={difference !== null && difference < 0 ? 'is-behind' : ''}>
              {difference === null
                ? DASH
                : `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${pieces(Math.abs(difference))}`}
            </ValueCell>
            <ValueCell value={shareOf(hour.oee)} />
            <td class="how">{main === undefined ? DASH : `${main.text}, ${lengthOf(main.ms)}`}</td>
          </tr>
        );
      })}
    </DataTable>
  );
}
