// Line panel: a line with its OEE and the basis it stands on, and its machines in flow order.
// In: the line, its zone. Out: a section of the page.
// Pure; listens to the store.

import { useSignal } from '@preact/signals';
import type { WireResult } from '../core/result-to-wire.ts';
import { CATEGORIES } from '../core/tally.ts';
import { MachineCard, staleBeforeOf } from './machine-card.tsx';
import { useStore } from './page-store.ts';
import { Freshness, PlanWords } from './plan-words.tsx';
import type { LineAnswer } from './plant-answer.ts';
import { BigOee, Flags, RatioBars } from './ratio-figures.tsx';
import { hourMinute, minutes, percent, pieces } from './show-values.ts';
import { BASIS_TEXT, CATEGORY_TEXT, RATIO_TEXT, TEXT } from './spoken-texts.ts';

interface LinePanelProps {
  readonly line: LineAnswer;
  readonly area: string;
  readonly zone: string;
}

export function LinePanel({ line, area, zone }: LinePanelProps) {
  const isFlow = line.kind === 'serial';
  return (
    <section class="line" aria-label={line.name} style={gridOf(line.machines.length)}>
      <LineCard line={line} area={area} zone={zone} />
      <ul class={`machines ${isFlow ? 'is-flow' : ''}`}>
        {line.machines.map(machine => (
          <li key={machine.id}>
            <MachineCard machine={machine} zone={zone} isConstraint={machine.id === line.constraint} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Machines beside each other on a wall, and on one that stands upright; the style of the wall reads it. */
const ROW_MAX = 6;
const UPRIGHT_ROW = 2;
function gridOf(machines: number): Record<string, number> {
  const rows = Math.max(1, Math.ceil(machines / ROW_MAX));
  const columns = Math.max(1, Math.ceil(machines / rows));
  return { '--rows': rows, '--columns': columns, '--upright-rows': Math.max(1, Math.ceil(machines / UPRIGHT_ROW)) };
}

function LineCard({ line, area, zone }: LinePanelProps) {
  const store = useStore();
  const kind = store.kind.value;
  const plant = store.plant.value;
  const result = store.resultOf(line.id, kind).value;
  const shift = plant?.shiftsNow.find(s => s.line === line.id);
  return (
    <div class="line-card" data-unit={line.id}>
      <header>
        <p class="line-area">{area}</p>
        <h2>
          <button
            type="button"
            class="card-open"
            aria-label={TEXT.details(line.name)}
            onClick={() => {
              store.opened.value = line.id;
            }}
          >
            {line.name}
          </button>
        </h2>
        <p class="muted">
          {isSerialText(line)}
          {shift !== undefined &&
            ` · ${shift.name} ${hourMinute(Date.parse(shift.start), zone)} – ${hourMinute(Date.parse(shift.end), zone)}`}
        </p>
      </header>
      <div class="card-figures">
        <BigOee
          result={result}
          kind={kind}
          target={plant?.targets[line.id] ?? null}
          hasNoShift={store.hasNoShift(line.id)}
        />
        <RatioBars result={result} />
      </div>
      <Basis result={result} line={line} />
      {result !== null && <TimeSplit result={result} />}
      <p class="card-pieces">
        <span>
          <b>{result === null ? '—' : pieces(result.tally.good)}</b> {TEXT.good}{' '}
          <PlanWords result={result} target={plant?.targets[line.id] ?? null} />
        </span>
        <span>
          <b>{result === null ? '—' : pieces(result.tally.reject)}</b> {TEXT.reject}
        </span>
        <Freshness result={result} />
        <span class="chips">
          <Flags
            result={result}
            zone={zone}
            staleBefore={staleBeforeOf(store.now.value, plant?.settings.refreshMs ?? 0)}
          />
        </span>
      </p>
    </div>
  );
}

function isSerialText(line: LineAnswer): string {
  return line.kind === 'serial' ? TEXT.serial : TEXT.parallel;
}

/** Names what the figure stands on; the plain sums beside it on demand. */
function Basis({ result, line }: { readonly result: WireResult | null; readonly line: LineAnswer }) {
  const shown = useSignal(false);
  if (result === null) return null;
  const constraint = line.machines.find(m => m.id === line.constraint)?.name ?? '';
  const { beside } = result;
  return (
    <div class="basis">
      <span>
        {result.basis === 'constraint' ? BASIS_TEXT.constraint(constraint) : TEXT.sumsOf(line.machines.length)}
      </span>
      {beside !== null && (
        <button
          type="button"
          class="basis-switch"
          aria-expanded={shown.value}
          onClick={() => {
            shown.value = !shown.value;
          }}
        >
          {TEXT.sums}
        </button>
      )}
      {beside !== null && shown.value && (
        <p class="basis-sums">
          {TEXT.sumsOf(line.machines.length)}: <b>OEE {percent(beside.oee)}</b> · {RATIO_TEXT.availability.letter}{' '}
          {percent(beside.availability)} · {RATIO_TEXT.performance.letter} {percent(beside.performance)} ·{' '}
          {RATIO_TEXT.quality.letter} {percent(beside.quality)}
        </p>
      )}
    </div>
  );
}

/** The window's time by category, as one bar. */
export function TimeSplit({ result }: { readonly result: WireResult }) {
  const { categoriesMs, calendarMs } = result.tally;
  const parts = CATEGORIES.filter(category => categoriesMs[category] > 0);
  const words = parts.map(c => `${CATEGORY_TEXT[c]} ${minutes(categoriesMs[c])} ${TEXT.minutes}`).join(', ');
  return (
    <div class="split" role="img" aria-label={words || TEXT.nothingLost}>
      {parts.map(category => (
        <span
          key={category}
          class={`on-${category} ${category === 'unknown' ? 'hatched' : ''}`}
          style={{ width: `${(categoriesMs[category] / calendarMs) * 100}%` }}
          title={`${CATEGORY_TEXT[category]}: ${minutes(categoriesMs[category])} ${TEXT.minutes}`}
        />
      ))}
    </div>
  );
}
