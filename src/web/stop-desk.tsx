// Stop desk: the stops of a shift as a list and on the timeline, and beside them the buttons that say what one was.
// In: the machine, the work store. Out: a stop is chosen, split or merged, and gets its reason with one tap.
// Pure; listens to the store.

import { useEffect } from 'preact/hooks';
import { CategoryMark } from './category-mark.tsx';
import { useRights } from './page-rights.ts';
import { useStore } from './page-store.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { ReasonPad } from './reason-pad.tsx';
import { stopRows } from './saved-rows.ts';
import { clock, lengthOf } from './show-values.ts';
import { CATEGORY_TEXT, WORK_TEXT } from './spoken-texts.ts';
import { MOMENT_MS, type Stop } from './stop-story.ts';
import { stretchOf } from './stretch.ts';
import { TableDownload } from './table-download.tsx';
import { TimelineStrip } from './timeline-strip.tsx';
import { troubleOr } from './trouble-text.ts';
import { spanOf } from './work-job.ts';
import { stopsIn } from './work-store.ts';

interface StopDeskProps {
  readonly machine: MachineAnswer;
  readonly zone: string;
}

export function StopDesk({ machine, zone }: StopDeskProps) {
  const store = useStore();
  const { work } = store;
  const explained = work.explained.value;
  const stops = stopsIn(explained, store.now.value);
  const needing = stops.filter(stop => stop.needsReason);
  const chosen = work.chosen.value;
  const may = useRights();
  const firstNeeding = needing[0]?.from ?? null;

  // whoever comes with a free finger finds the oldest open question already chosen
  useEffect(() => {
    if (work.chosen.value === null && needing[0] !== undefined) work.chosen.value = needing[0];
  }, [firstNeeding, chosen === null]);

  const choose = (stop: Stop): void => {
    work.chosen.value = stop;
  };
  return (
    <div class="stop-desk">
      <section class="stop-side">
        <ShiftStrip machine={machine} zone={zone} stops={stops} choose={choose} />
        <h3>
          {WORK_TEXT.stops}{' '}
          <small>
            {needing.length > 0 ? WORK_TEXT.needing(needing.length) : stops.length > 0 && WORK_TEXT.allSaid}
          </small>
          {stops.length > 0 && <TableDownload name={WORK_TEXT.stops} rows={() => stopRows(stops, machine, zone)} />}
        </h3>
        {stops.length === 0 && <p class="muted">{troubleOr(work.trouble.value, WORK_TEXT.noStops)}</p>}
        <ol class="stop-list">
          {[...stops].reverse().map(stop => (
            <StopItem
              key={stop.from}
              stop={stop}
              machine={machine}
              zone={zone}
              isChosen={chosen !== null && chosen.from < stop.to && chosen.to > stop.from}
              choose={() => choose(stop)}
            />
          ))}
        </ol>
      </section>
      {may('event.reclassify') && <ReasonPad machine={machine} zone={zone} stops={stops} />}
    </div>
  );
}

interface ShiftStripProps extends StopDeskProps {
  readonly stops: readonly Stop[];
  readonly choose: (stop: Stop) => void;
}

/** The whole shift, with a pennant over what nobody has explained. */
function ShiftStrip({ machine, zone, stops, choose }: ShiftStripProps) {
  const { work } = useStore();
  const shift = work.shift.value;
  if (shift === null) return null;
  const [from, to] = spanOf(shift);
  return (
    <TimelineStrip
      unit={machine.id}
      name={machine.name}
      zone={zone}
      height={64}
      every={1}
      of={{ from, to, stretches: (work.explained.value?.intervals ?? []).map(stretchOf) }}
      flags={stops.filter(stop => stop.needsReason).map(stop => (stop.from + stop.to) / 2)}
      chosen={work.chosen.value}
      onPick={stretch => {
        const stop = stops.find(each => each.from <= stretch.from && stretch.from < each.to);
        if (stop !== undefined) choose(stop);
      }}
    />
  );
}

interface StopItemProps {
  readonly stop: Stop;
  readonly machine: MachineAnswer;
  readonly zone: string;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

function StopItem({ stop, machine, zone, isChosen, choose }: StopItemProps) {
  const { category, from, to, open, reason, needsReason, goesOn, state } = stop;
  const text = reason === null ? null : (machine.reasons?.[reason]?.text ?? reason);
  const title = needsReason ? WORK_TEXT.needsReason : goesOn ? WORK_TEXT.goesOn : (text ?? CATEGORY_TEXT[category]);
  return (
    <li>
      <button
        type="button"
        class={`stop-item ${needsReason ? 'is-open' : ''}`}
        aria-pressed={isChosen}
        data-stop={from}
        onClick={choose}
      >
        <i class={`on-${category} ${category === 'unknown' ? 'hatched' : ''}`}>
          <CategoryMark category={category} />
        </i>
        <span class="stop-words">
          <b>{title}</b>
          <span>
            {[title === CATEGORY_TEXT[category] ? null : CATEGORY_TEXT[category], state].filter(Boolean).join(' · ')}
          </span>
        </span>
        <span class="stop-time">
          <b>{open && to - from < MOMENT_MS ? WORK_TEXT.justNow : lengthOf(to - from)}</b>
          <span>{clock(from, zone)}</span>
        </span>
      </button>
    </li>
  );
}
