// Loss pareto: what cost the most time in a window, the greatest first, with its share of all that was lost.
// In: an explanation, the machines whose reasons it names. Out: bars with words and numbers.
// Pure.

import type { WireExplanation } from '../core/explanation.ts';
import { DataTable, ValueCell } from './data-table.tsx';
import { lossesIn } from './loss-rows.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { TEXT } from './spoken-texts.ts';

interface LossParetoProps {
  readonly explained: WireExplanation;
  /** whose reasons the intervals name */
  readonly machines: readonly MachineAnswer[];
}

export function LossPareto({ explained, machines }: LossParetoProps) {
  const rows = lossesIn(explained, machines, Date.parse(explained.from), Date.parse(explained.to));
  const all = rows.reduce((sum, { ms }) => sum + ms, 0);
  const most = rows[0]?.ms ?? 1;
  if (rows.length === 0) return <p class="muted">{TEXT.nothingWasLost}</p>;
  return (
    <DataTable
      name={TEXT.pareto}
      look="pareto"
      heads={[TEXT.cause, ...[TEXT.lostTime, TEXT.times, TEXT.share].map(number => ({ number }))]}
    >
      {rows.map(({ category, text, ms, times }) => (
        <tr key={text}>
          <th scope="row">
            <span class="pareto-bar" aria-hidden="true">
              <i
                class={`on-${category} ${category === 'unknown' ? 'hatched' : ''}`}
                style={{ width: `${(ms / most) * 100}%` }}
              />
            </span>
            {text}
          </th>
          <ValueCell value={{ ms }} />
          <ValueCell value={times} />
          <ValueCell value={{ share: ms / all }} />
        </tr>
      ))}
    </DataTable>
  );
}
