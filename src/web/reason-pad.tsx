// Reason pad: big buttons with the plant's reasons for the chosen stop, the likeliest first; split, merge, comment.
// In: the chosen span, the machine's reasons, what came before. Out: one reclassification per tap.
// Pure; acts through the work store.

import { useSignal } from '@preact/signals';
import type { Category } from '../core/tally.ts';
import { CategoryMark } from './category-mark.tsx';
import { GloveInput } from './glove-field.tsx';
import { useStore } from './page-store.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { clock, hourMinute, lengthOf } from './show-values.ts';
import { CATEGORY_TEXT, WORK_TEXT } from './spoken-texts.ts';
import { nextAfter, presentOf, type Reason, reasonsOf, type Stop, suggestionsFor } from './stop-story.ts';
import type { Chosen } from './work-store.ts';

/** Kinds of time that a person may name without a reason of the list. */
const OTHER: readonly Category[] = ['breakdown', 'setup', 'plannedStop', 'starved', 'blocked', 'idle', 'producing'];
const SECOND_MS = 1000;

interface ReasonPadProps {
  readonly machine: MachineAnswer;
  readonly zone: string;
  readonly stops: readonly Stop[];
}

export function ReasonPad({ machine, zone, stops }: ReasonPadProps) {
  const store = useStore();
  const { work } = store;
  if (work.chosen.value === null) return <section class="reason-pad muted">{WORK_TEXT.chooseStop}</section>;
  const chosen = presentOf(work.chosen.value, stops);
  const reasons = reasonsOf(machine, work.history.value);
  const likely = suggestionsFor(chosen, reasons, [...work.history.value, ...stops]);
  const say: Say = (category, code, text) => {
    const from = Math.round(chosen.from);
    // one that began this very moment has a length, too
    const to = Math.max(from + 1, Math.round(chosen.to));
    const comment = work.comment.value.trim();
    const event = {
      type: 'reclassify' as const,
      machine: machine.id,
      from,
      to,
      category,
      ...(code === null ? {} : { reason: code }),
      by: store.alerts.by.value,
      why: comment === '' ? text : comment,
    };
    work.chosen.value = null;
    work.comment.value = '';
    void work.tell(event, from, WORK_TEXT.gave(text, hourMinute(from, zone), hourMinute(to, zone)));
  };
  /** a code without a claim leaves the kind of time as it is */
  const kindOf = (reason: Reason): Category =>
    reason.category ?? (chosen.category === 'microStop' ? 'microStop' : 'breakdown');
  const button = (reason: Reason, isLikely: boolean) => (
    <ReasonButton key={reason.code} reason={reason} kind={kindOf(reason)} isLikely={isLikely} say={say} />
  );
  return (
    <section class="reason-pad">
      <ChosenStop chosen={chosen} zone={zone} stops={stops} />
      {likely.length > 0 && (
        <div class="likely">
          <h4>{WORK_TEXT.likely}</h4>
          <div class="reasons">{likely.map(reason => button(reason, true))}</div>
        </div>
      )}
      <h4>{WORK_TEXT.reasons}</h4>
      <div class="reasons all-reasons">{reasons.map(reason => button(reason, false))}</div>
      <GloveInput label={WORK_TEXT.comment} value={work.comment} />
      <OtherKinds say={category => say(category, null, CATEGORY_TEXT[category])} />
    </section>
  );
}

type Say = (category: Category, code: string | null, text: string) => void;

interface ReasonButtonProps {
  readonly reason: Reason;
  readonly kind: Category;
  readonly isLikely: boolean;
  readonly say: Say;
}

function ReasonButton({ reason: { code, text, times }, kind, isLikely, say }: ReasonButtonProps) {
  return (
    <button type="button" class="reason" data-reason={code} onClick={() => say(kind, code, text)}>
      <i class={`on-${kind}`}>
        <CategoryMark category={kind} />
      </i>
      <span>
        <b>{text}</b>
        <span>
          {code} · {CATEGORY_TEXT[kind]}
          {isLikely && times > 0 && ` · ${WORK_TEXT.times(times)}`}
        </span>
      </span>
    </button>
  );
}

function OtherKinds({ say }: { readonly say: (category: Category) => void }) {
  return (
    <details>
      <summary class="glove">{WORK_TEXT.other}</summary>
      <div class="reasons">
        {OTHER.map(category => (
          <button key={category} type="button" class="reason" data-category={category} onClick={() => say(category)}>
            <i class={`on-${category}`}>
              <CategoryMark category={category} />
            </i>
            <b>{CATEGORY_TEXT[category]}</b>
          </button>
        ))}
      </div>
    </details>
  );
}

interface ChosenStopProps {
  readonly chosen: Chosen;
  readonly zone: string;
  readonly stops: readonly Stop[];
}

/** Which span gets the reason: the whole stop, a part of it, or several stops as one. */
function ChosenStop({ chosen, zone, stops }: ChosenStopProps) {
  const { work } = useStore();
  const cut = useSignal<{ readonly from: number; readonly at: number } | null>(null);
  const { from, to, state, open } = chosen;
  const next = nextAfter(stops, to);
  const whole = stops.find(stop => stop.from <= from && to <= stop.to);
  const isPart = whole !== undefined && (whole.from !== from || whole.to !== to) && !open;
  const at = cut.value?.from === from ? cut.value.at : null;
  const take = (part: Partial<Chosen>): void => {
    cut.value = null;
    work.chosen.value = { ...chosen, ...part, open: false };
  };
  return (
    <div class="chosen">
      <h3>{WORK_TEXT.stopped(clock(from, zone), clock(to, zone), lengthOf(to - from))}</h3>
      {state !== null && <p class="muted">{WORK_TEXT.machineSaid(state)}</p>}
      {open && <p class="muted">{WORK_TEXT.stillStopped}</p>}
      <div class="chosen-acts">
        <button
          type="button"
          class="glove"
          aria-expanded={at !== null}
          onClick={() => {
            cut.value = at === null ? { from, at: Math.round((from + to) / 2000) * 1000 } : null;
          }}
        >
          {WORK_TEXT.split}
        </button>
        {next !== null && (
          <button type="button" class="glove" onClick={() => take({ to: next.to })}>
            {WORK_TEXT.merge(lengthOf(next.from - to))}
          </button>
        )}
        {isPart && (
          <button type="button" class="glove" onClick={() => take(whole)}>
            {WORK_TEXT.whole}
          </button>
        )}
      </div>
      {at !== null && (
        <CutPlace
          chosen={chosen}
          zone={zone}
          at={at}
          move={next => {
            cut.value = { from, at: next };
          }}
          take={take}
        />
      )}
    </div>
  );
}

interface CutPlaceProps {
  readonly chosen: Chosen;
  readonly zone: string;
  readonly at: number;
  readonly move: (at: number) => void;
  readonly take: (part: Partial<Chosen>) => void;
}

function CutPlace({ chosen: { from, to }, zone, at, move, take }: CutPlaceProps) {
  return (
    <div class="cut">
      <label>
        {WORK_TEXT.splitAt(clock(at, zone))}
        <input
          type="range"
          min={from + SECOND_MS}
          max={to - SECOND_MS}
          step={SECOND_MS}
          value={at}
          aria-valuetext={clock(at, zone)}
          onInput={event => move(Number(event.currentTarget.value))}
        />
      </label>
      <button type="button" class="glove" onClick={() => take({ to: at })}>
        {WORK_TEXT.firstPart(lengthOf(at - from))}
      </button>
      <button type="button" class="glove" onClick={() => take({ from: at })}>
        {WORK_TEXT.secondPart(lengthOf(to - at))}
      </button>
    </div>
  );
}
