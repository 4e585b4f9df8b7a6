// Explain panel: what made a machine's window: what people changed, pieces by cycle, the calendar as it held, every interval with its source.
// In: an explanation. Out: tables, all of them to be saved; the longest one folded.
// Pure.

import type { WireExplanation } from '../core/explanation.ts';
import { DataTable, TimeHead, ValueCell } from './data-table.tsx';
import { changeText } from './done-list.tsx';
import { useStore } from './page-store.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { clock, cycleTime, DASH, hourMinute, percent } from './show-values.ts';
import { CATEGORY_TEXT, SOURCE_TEXT, TEXT, UNIT_TEXT, WORK_TEXT } from './spoken-texts.ts';
import { momentOf, shareOf } from './table-file.ts';

interface ExplainProps {
  readonly explained: WireExplanation;
  readonly machine: MachineAnswer;
  readonly zone: string;
}

export function ExplainPanel(props: ExplainProps) {
  return (
    <section class="explain">
      <h3>{TEXT.whatMade}</h3>
      <Changes {...props} />
      <PiecesByCycle {...props} />
      <PlanTable {...props} />
      <IntervalTable {...props} />
    </section>
  );
}

/** The earlier numbers: each change with what the figure is without it. */
function Changes({ explained, machine, zone }: ExplainProps) {
  const { changes, figures, asTold } = explained;
  if (changes.length === 0) return <p class="muted">{WORK_TEXT.noChanges}</p>;
  return (
    <>
      <p data-told={percent(asTold.oee)}>{WORK_TEXT.asTold(percent(asTold.oee), percent(figures.oee))}</p>
      <DataTable name={TEXT.changes} heads={[TEXT.change, TEXT.byWhom, { number: TEXT.oeeWithout }]}>
        {changes.map(change => (
          <tr key={change.id} class={change.undone === null ? '' : 'is-none'}>
            <th scope="row">{changeText(change, machine, zone)}</th>
            <td class="how">
              {change.by === null ? DASH : WORK_TEXT.said(change.by, change.why ?? '')}
              {change.undone !== null && ` · ${WORK_TEXT.undone(change.undone.by)}`}
            </td>
            <ValueCell value={shareOf(change.without?.oee ?? null)} />
          </tr>
        ))}
      </DataTable>
    </>
  );
}

function PiecesByCycle({ explained }: ExplainProps) {
  const products = useStore().plant.value?.products ?? [];
  return (
    <DataTable
      name={TEXT.piecesByCycle}
      heads={[
        TEXT.product,
        { number: `${TEXT.idealCycle}, ${UNIT_TEXT.second}` },
        ...[TEXT.good, TEXT.reject, TEXT.rework, TEXT.quarantined].map(number => ({ number, unit: TEXT.pieceCount })),
      ]}
    >
      {explained.pieces.map(({ product, idealCycleMs, good, reject, rework, quarantined }) => (
        <tr key={`${product} ${idealCycleMs}`}>
          <th scope="row">{products.find(({ id }) => id === product)?.name ?? product ?? DASH}</th>
          <ValueCell value={idealCycleMs === null ? null : idealCycleMs / 1000}>
            {idealCycleMs === null ? DASH : cycleTime(idealCycleMs)}
          </ValueCell>
          {[good, reject, rework, quarantined].map((count, at) => (
            <ValueCell key={at} value={count} />
          ))}
        </tr>
      ))}
    </DataTable>
  );
}

function PlanTable({ explained, zone }: ExplainProps) {
  return (
    <DataTable
      name={TEXT.calendar}
      heads={[{ time: TEXT.from, zone }, { time: TEXT.to, zone }, TEXT.kind, TEXT.nameOfIt]}
    >
      {explained.plan.map(({ from, to, kind, shift, name }) => (
        <tr key={from}>
          <TimeHead at={from} zone={zone}>
            {hourMinute(Date.parse(from), zone)}
          </TimeHead>
          <ValueCell value={momentOf(to, zone)}>{hourMinute(Date.parse(to), zone)}</ValueCell>
          <td>{WORK_TEXT.plannedKinds[kind]}</td>
          <td>{[shift, name].filter(Boolean).join(' · ') || DASH}</td>
        </tr>
      ))}
    </DataTable>
  );
}

function IntervalTable({ explained, machine, zone }: ExplainProps) {
  return (
    <details>
      <summary>{TEXT.intervals(explained.intervals.length)}</summary>
      <DataTable
        name={TEXT.intervalTable}
        heads={[{ time: TEXT.from, zone }, { number: TEXT.length }, TEXT.category, TEXT.wordAndReason, TEXT.source]}
      >
        {explained.intervals.map(({ from, to, category, state, reason, source }) => (
          <tr key={from}>
            <TimeHead at={from} zone={zone}>
              {clock(Date.parse(from), zone)}
            </TimeHead>
            <ValueCell value={{ ms: Date.parse(to) - Date.parse(from) }} />
            <td>{CATEGORY_TEXT[category]}</td>
            <td>
              {[state, reason === null ? null : (machine.reasons?.[reason]?.text ?? reason)]
                .filter(Boolean)
                .join(' · ')}
            </td>
            <td>{SOURCE_TEXT[source]}</td>
          </tr>
        ))}
      </DataTable>
    </details>
  );
}
