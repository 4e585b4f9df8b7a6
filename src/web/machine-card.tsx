// Machine card: one machine as a supervisor sees it from across the hall: state, how long, OEE, why.
// In: the machine, its place. Out: a card that opens the details.
// Pure; listens to the store.

import type { WireState } from '../core/result-to-wire.ts';
import { CategoryMark } from './category-mark.tsx';
import { useStore } from './page-store.ts';
import { PlanWords } from './plan-words.tsx';
import type { MachineAnswer } from './plant-answer.ts';
import { BigOee, Flags, RatioBars } from './ratio-figures.tsx';
import { pieces, runningTime } from './show-values.ts';
import { CATEGORY_TEXT, TEXT, WORK_TEXT } from './spoken-texts.ts';
import { stopsOf } from './stop-story.ts';
import { TimelineStrip } from './timeline-strip.tsx';
import { isStale } from './window-age.ts';
import { workAddress } from './work-store.ts';

interface MachineCardProps {
  readonly machine: MachineAnswer;
  readonly zone: string;
  readonly isConstraint: boolean;
}

/** A live window may be this many refreshes behind before its figures count as stale. */
const STALE_REFRESHES = 5;
const STALE_MIN_MS = 20_000;

/** Height in pixels, hours between two labels. */
const CARD_STRIP = { height: 26, every: 2 };
const WALL_STRIP = { height: 72, every: 4 };

/** Facts older than this instant are too old for a live figure. */
export function staleBeforeOf(now: number, refreshMs: number): number {
  return now - Math.max(STALE_MIN_MS, STALE_REFRESHES * refreshMs);
}

export function MachineCard({ machine, zone, isConstraint }: MachineCardProps) {
  const store = useStore();
  const kind = store.kind.value;
  const result = store.resultOf(machine.id, kind).value;
  const state = store.stateOf(machine.id).value;
  const staleBefore = staleBeforeOf(store.now.value, store.plant.value?.settings.refreshMs ?? 0);
  const tally = result?.tally ?? null;
  const target = store.plant.value?.targets[machine.id] ?? null;
  const isOld = result !== null && isStale(result, staleBefore);
  return (
    <article class={`card ${isOld ? 'is-stale' : ''}`} data-unit={machine.id}>
      <header class="card-head">
        <h3>
          <button
            type="button"
            class="card-open"
            aria-label={TEXT.details(machine.name)}
            onClick={() => {
              store.opened.value = machine.id;
            }}
          >
            {machine.name}
          </button>
        </h3>
        {isConstraint && (
          <span class="constraint" title={TEXT.constraintLong}>
            {TEXT.constraint}
          </span>
        )}
        {store.lowest.value.has(machine.id) && (
          <span class="lowest" title={TEXT.lowestLong}>
            ▼ {TEXT.lowest}
          </span>
        )}
      </header>
      <StateBand state={state} knownTo={isOld ? Date.parse(result.window.edge) : null} />
      <p class="card-doing">{doingText(state, machine, store.plant.value?.products ?? [], store.isKiosk)}</p>
      <div class="card-figures">
        <BigOee result={result} kind={kind} target={target} hasNoShift={store.hasNoShift(machine.id)} />
        <RatioBars result={result} />
      </div>
      <p class="card-pieces">
        <span>
          <b data-count="good">{tally === null ? '—' : pieces(tally.good)}</b> {TEXT.good}{' '}
          <PlanWords result={result} target={target} />
        </span>
        <span>
          <b data-count="reject">{tally === null ? '—' : pieces(tally.reject)}</b> {TEXT.reject}
        </span>
        <span class="chips">
          <Flags result={result} zone={zone} staleBefore={staleBefore} />
          <OpenQuestions machine={machine} />
        </span>
      </p>
      <TimelineStrip unit={machine.id} name={machine.name} zone={zone} {...(store.isKiosk ? WALL_STRIP : CARD_STRIP)} />
    </article>
  );
}

/** Stops that nobody explained yet, one tap away from where that is done. */
function OpenQuestions({ machine }: { readonly machine: MachineAnswer }) {
  const store = useStore();
  const stops = stopsOf(store.stretchesOf(machine.id).value, store.now.value).filter(stop => stop.needsReason);
  if (stops.length === 0) return null;
  return (
    <button
      type="button"
      class="work-open is-open"
      aria-label={`${WORK_TEXT.needing(stops.length)}: ${machine.name}`}
      onClick={() => {
        store.opened.value = workAddress(machine.id);
      }}
    >
      {WORK_TEXT.needing(stops.length)}
    </button>
  );
}

interface StateBandProps {
  readonly state: WireState | null;
  /** where the facts end when they are old; null: they are live */
  readonly knownTo: number | null;
}

export function StateBand({ state, knownTo }: StateBandProps) {
  const store = useStore();
  const link = store.link.value;
  // without a connection, or without new facts, nobody knows whether it still lasts: the time stands still
  const known = knownTo ?? (link.mode === 'lost' ? link.since : store.now.value);
  if (state === null) {
    return (
      <div class="band hatched">
        <span class="band-word">{TEXT.noState}</span>
      </div>
    );
  }
  return (
    <div
      class={`band on-${state.category} ${state.category === 'unknown' ? 'hatched' : ''}`}
      data-category={state.category}
    >
      <span class="band-word">
        <CategoryMark category={state.category} />
        {CATEGORY_TEXT[state.category]}
      </span>
      {state.undecided && <small class="band-note">{TEXT.undecided}</small>}
      <span class="band-time">{runningTime(known - Date.parse(state.since))}</span>
    </div>
  );
}

/** Why it stands, or what it makes; from afar one of them is enough. */
function doingText(
  state: WireState | null,
  machine: MachineAnswer,
  products: readonly { readonly id: string; readonly name: string }[],
  isShort: boolean,
): string {
  const id = state?.product ?? machine.product;
  const product = products.find(p => p.id === id)?.name ?? id;
  const reason = state?.reason == null ? null : (machine.reasons?.[state.reason]?.text ?? state.reason);
  if (isShort) return reason ?? product ?? '\u00a0';
  const order = state?.order == null ? null : TEXT.order(state.order);
  return [reason, product, order].filter(part => part !== null).join(' · ') || '\u00a0';
}
