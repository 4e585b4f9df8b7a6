// Unit detail: all that is known of one unit's window: timeline, hours, losses, every ratio, every minute, every piece.
// In: the opened unit. Out: a dialog over the page; Escape and the back button close it.
// Touches: the dialog's focus.

import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { WireResult } from '../core/result-to-wire.ts';
import { type FoundUnit, unitOf } from './found-unit.ts';
import { LostBanner } from './lost-banner.tsx';
import { StateBand, staleBeforeOf } from './machine-card.tsx';
import { useRights, WORK_DEEDS } from './page-rights.ts';
import { type PageStore, useStore } from './page-store.ts';
import type { PlantAnswer } from './plant-answer.ts';
import { BigOee, Flags, RatioBars } from './ratio-figures.tsx';
import { clock, date } from './show-values.ts';
import { TEXT, WORK_TEXT, windowText } from './spoken-texts.ts';
import { UnitTimeline } from './unit-timeline.tsx';
import { isStale } from './window-age.ts';
import { WindowStory } from './window-story.tsx';
import { type TrendKind, WindowTrend } from './window-trend.tsx';
import { workAddress } from './work-store.ts';

export function UnitDetail() {
  const store = useStore();
  const plant = store.plant.value;
  const opened = store.opened.value;
  const unit = plant === null || opened === null ? null : unitOf(plant, opened);
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = unit !== null;

  useEffect(() => {
    if (isOpen && dialog.current?.open === false) dialog.current.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);

  // a dialog that gave way to another tells that it is closed, too
  const close = (): void => {
    if (isOpen) store.opened.value = null;
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog closes by Escape by itself; the click is the backdrop's
    <dialog
      ref={dialog}
      class="detail"
      aria-label={unit?.name ?? ''}
      onClose={close}
      onClick={event => {
        if (event.target === dialog.current) close();
      }}
    >
      {unit !== null && plant !== null && <DetailBody store={store} plant={plant} unit={unit} close={close} />}
    </dialog>
  );
}

interface DetailBodyProps {
  readonly store: PageStore;
  readonly plant: PlantAnswer;
  readonly unit: FoundUnit;
  readonly close: () => void;
}

function DetailBody({ store, plant, unit, close }: DetailBodyProps) {
  const kind = store.kind.value;
  const result = store.resultOf(unit.id, kind).value;
  const target = plant.targets[unit.id] ?? null;
  const chosen = useSignal<WireResult | null>(null);
  // another unit, or another kind of window, is looked at from now again
  useEffect(() => {
    chosen.value = null;
  }, [unit.id, kind]);
  const past = chosen.value?.unit === unit.id ? chosen.value : null;
  const shown = past ?? result;
  const staleBefore = staleBeforeOf(store.now.value, plant.settings.refreshMs);
  const knownTo = result !== null && isStale(result, staleBefore) ? Date.parse(result.window.edge) : null;
  return (
    <div class={`detail-body ${knownTo === null ? '' : 'is-stale'}`}>
      <LostBanner />
      <DetailHead unit={unit} close={close} />
      {unit.machine !== null && <StateBand state={store.stateOf(unit.id).value} knownTo={knownTo} />}
      <DetailFigures unit={unit.id} shown={shown} past={past} target={target} />
      <WindowLine result={shown} zone={unit.zone} />
      <ReportLink result={past?.window.kind === 'shift' ? past : store.resultOf(unit.id, 'shift').value} />
      <p class="chips">
        <Flags result={shown} zone={unit.zone} isWhole staleBefore={staleBefore} />
        {past !== null && (
          <button
            type="button"
            class="act"
            onClick={() => {
              chosen.value = null;
            }}
          >
            {TEXT.backToLive}
          </button>
        )}
      </p>
      {unit.machine !== null && (
        <section>
          <h3>{TEXT.timeline}</h3>
          <UnitTimeline
            key={unit.id}
            unit={unit.id}
            name={unit.name}
            zone={unit.zone}
            target={target}
            machine={unit.machine}
          />
        </section>
      )}
      <TrendSection unit={unit} target={target} chosen={chosen} />
      {shown !== null && (
        <WindowStory unit={unit.id} result={shown} timeOf={unit.timeOf} zone={unit.zone} target={target} />
      )}
    </div>
  );
}

interface DetailFiguresProps {
  readonly unit: string;
  readonly shown: WireResult | null;
  /** what is shown, when it is not the running window */
  readonly past: WireResult | null;
  readonly target: number | null;
}

function DetailFigures({ unit, shown, past, target }: DetailFiguresProps) {
  const store = useStore();
  const name = past === null ? null : windowText(past.window.kind);
  const hasNoShift = store.hasNoShift(unit);
  return (
    <div class="detail-figures">
      <BigOee result={shown} kind={store.kind.value} target={target} name={name} hasNoShift={hasNoShift} />
      <RatioBars result={shown} />
    </div>
  );
}

/** The sheet of the unit's shift, for the hand-over. */
function ReportLink({ result }: { readonly result: WireResult | null }) {
  const { language } = useStore();
  if (result === null) return null;
  const { unit, window } = result;
  const address = `report?unit=${encodeURIComponent(unit)}&shift=${encodeURIComponent(window.start)}&lang=${language.value}`;
  return (
    <p>
      <a class="report-link" href={address} target="_blank" rel="noreferrer">
        {TEXT.shiftReport}
      </a>
    </p>
  );
}

function DetailHead({ unit, close }: { readonly unit: FoundUnit; readonly close: () => void }) {
  const store = useStore();
  const may = useRights();
  return (
    <header class="detail-head">
      <div>
        <p class="muted">{unit.path}</p>
        <h2>{unit.name}</h2>
      </div>
      {unit.machine !== null && WORK_DEEDS.some(may) && (
        <button
          type="button"
          class="glove work-begin"
          aria-label={WORK_TEXT.beginAt(unit.name)}
          onClick={() => {
            store.opened.value = workAddress(unit.id);
          }}
        >
          {WORK_TEXT.begin}
        </button>
      )}
      <button type="button" class="icon-button" aria-label={TEXT.close} onClick={close}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
        </svg>
      </button>
    </header>
  );
}

interface TrendSectionProps {
  readonly unit: FoundUnit;
  readonly target: number | null;
  readonly chosen: Signal<WireResult | null>;
}

const TREND_KINDS: readonly TrendKind[] = ['hour', 'shift', 'day'];

function TrendSection({ unit, target, chosen }: TrendSectionProps) {
  const kind = useSignal<TrendKind>('hour');
  return (
    <section>
      <h3 class="trend-head">
        {TEXT.trend}
        <span>
          {TREND_KINDS.map(each => (
            <button
              key={each}
              type="button"
              class="act"
              aria-pressed={kind.value === each}
              onClick={() => {
                kind.value = each;
              }}
            >
              {windowText(each)}
            </button>
          ))}
        </span>
      </h3>
      <WindowTrend
        unit={unit.id}
        kind={kind.value}
        zone={unit.zone}
        target={target}
        chosen={chosen.value?.window.kind === kind.value ? chosen.value.window.start : null}
        choose={result => {
          chosen.value = result;
        }}
      />
    </section>
  );
}

/** Which window the figures are of. */
function WindowLine({ result, zone }: { readonly result: WireResult | null; readonly zone: string }) {
  if (result === null) return <p class="muted">{TEXT.noWindow}</p>;
  const { kind, name, start, end, edge } = result.window;
  const [from, to, until] = [start, end, edge].map(iso => Date.parse(iso)) as [number, number, number];
  return (
    <p class="muted">
      {[windowText(kind), name].filter(Boolean).join(' ')}, {date(from, zone)},{' '}
      {TEXT.windowSpan(clock(from, zone), clock(to, zone))} {zone}; {TEXT.factsUpTo(clock(until, zone))}
    </p>
  );
}
