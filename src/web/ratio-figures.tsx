// Ratio figures: OEE in large, availability, performance and quality as bars, and what must be said beside them.
// In: a result, or none yet. Out: figures; an undefined ratio is a dash with its reason, never a zero.
// Pure.

import type { ComponentChildren } from 'preact';
import type { NoBase } from '../core/oee.ts';
import type { WireResult } from '../core/result-to-wire.ts';
import { date, hourMinute, percent } from './show-values.ts';
import { ourWords } from './spoken-alert.ts';
import { NO_BASE_TEXT, RATIO_TEXT, TEXT, windowLongText } from './spoken-texts.ts';
import { hasEnded, isStale } from './window-age.ts';

type RatioName = keyof typeof RATIO_TEXT;

/** Why a ratio has no value; null when it has one. */
export function whyNone(result: WireResult | null, name: RatioName): string | null {
  if (result === null) return TEXT.noWindow;
  if (result[name] !== null) return null;
  const because = result.undefinedBecause?.[name];
  // it was planned, and nobody knows what became of it
  if (because === 'noPlannedTime' && result.tally.categoriesMs.unknown > 0) return TEXT.nothingSeen;
  return because === undefined ? TEXT.noWindow : NO_BASE_TEXT[because as NoBase];
}

interface BigOeeProps {
  readonly result: WireResult | null;
  readonly kind: string;
  readonly target: number | null;
  /** of a window that is not the running one */
  readonly name?: string | null;
  /** none runs, and none is waited for */
  readonly hasNoShift?: boolean;
}

export function BigOee({ result, kind, target, name = null, hasNoShift = false }: BigOeeProps) {
  const isOff = hasNoShift && kind === 'shift' && result === null;
  const why = isOff ? TEXT.noShiftNow : whyNone(result, 'oee');
  const value = result?.oee ?? null;
  const low = value !== null && target !== null && value < target;
  return (
    <div
      class={`big ${low ? 'is-low' : ''} ${value === null ? 'is-none' : ''}`}
      title={why ?? `${RATIO_TEXT.oee.long}: ${RATIO_TEXT.oee.formula}`}
    >
      <div class="big-value" data-ratio="oee">
        {percent(value)}
      </div>
      <div class="big-name">
        {RATIO_TEXT.oee.name}
        {!isOff && <span> {name ?? windowLongText(kind, result !== null && hasEnded(result))}</span>}
      </div>
      {why !== null && <div class="why">{why}</div>}
      {target !== null && <OeeTrack value={value} target={target} />}
    </div>
  );
}

/** OEE on its way to the target: the mark is the target. */
function OeeTrack({ value, target }: { readonly value: number | null; readonly target: number }) {
  return (
    <div class="target">
      <div class="target-track" aria-hidden="true">
        <div class="target-fill moves" style={{ width: `${Math.min(100, (value ?? 0) * 100)}%` }} />
        <div class="target-mark" style={{ left: `${Math.min(100, target * 100)}%` }} />
      </div>
      <div class="target-name">{TEXT.target(percent(target))}</div>
    </div>
  );
}

export function RatioBars({ result }: { readonly result: WireResult | null }) {
  return (
    <dl class="bars">
      <RatioBar result={result} name="availability" />
      <RatioBar result={result} name="performance" />
      <RatioBar result={result} name="quality" />
    </dl>
  );
}

interface RatioBarProps {
  readonly result: WireResult | null;
  readonly name: 'availability' | 'performance' | 'quality';
}

function RatioBar({ result, name }: RatioBarProps) {
  const value = result?.[name] ?? null;
  const why = whyNone(result, name);
  const text = RATIO_TEXT[name];
  return (
    <div class={`bar bar-${name}`} title={why === null ? `${text.long}: ${text.formula}` : `${text.long}: ${why}`}>
      <dt>
        <abbr title={text.long}>{text.letter}</abbr>
      </dt>
      <dd>
        <span class="bar-track" aria-hidden="true">
          <span
            class={`bar-fill moves ${value !== null && value > 1 ? 'is-over' : ''}`}
            style={{ width: `${Math.min(1, value ?? 0) * 100}%` }}
          />
        </span>
        <span class="bar-value" data-ratio={name}>
          {percent(value)}
        </span>
        {why !== null && <span class="hidden-words">{why}</span>}
      </dd>
    </div>
  );
}

export function Chip({ look = '', title, children }: { look?: string; title?: string; children: ComponentChildren }) {
  return (
    <span class={`chip ${look}`} title={title}>
      {children}
    </span>
  );
}

interface FlagsProps {
  readonly result: WireResult | null;
  readonly zone: string;
  /** facts older than this make a live window stale */
  readonly staleBefore: number;
  /** also what goes without saying on a card: an open window is provisional */
  readonly isWhole?: boolean;
}

/** What must be known before a figure is believed: what was not seen, too good, still open, restated, old. */
export function Flags({ result, zone, staleBefore, isWhole = false }: FlagsProps) {
  if (result === null) return null;
  const { coverage, band, performance, revision, final, window } = result;
  const isOver = hasEnded(result);
  return (
    <>
      {isStale(result, staleBefore) && (
        <Chip look="is-warn">{TEXT.stale(hourMinute(Date.parse(window.edge), zone))}</Chip>
      )}
      {coverage !== null && coverage < 1 && (
        <Chip look="is-unseen" title={band === null ? '' : TEXT.bandLong(percent(band[0]), percent(band[1]))}>
          {TEXT.seen(percent(coverage))}
          {band !== null && ` · ${percent(band[0])} – ${percent(band[1])}`}
        </Chip>
      )}
      {performance !== null && performance > 1 && (
        <Chip look="is-warn" title={TEXT.aboveLong}>
          {TEXT.above}
        </Chip>
      )}
      {isOver && <Chip>{TEXT.ended(momentOf(Date.parse(window.end), staleBefore, zone))}</Chip>}
      {(isOver || isWhole) && (
        <Chip title={final ? '' : TEXT.provisionalLong}>{final ? TEXT.final : TEXT.provisional}</Chip>
      )}
      {revision > 0 && (
        <Chip title={result.by === null ? '' : TEXT.restatedBy(ourWords(result.by), ourWords(result.why ?? ''))}>
          {TEXT.revision(revision)}
        </Chip>
      )}
    </>
  );
}

/** The time of day; of another day with its date. */
function momentOf(instant: number, now: number, zone: string): string {
  const day = date(instant, zone);
  return `${day === date(now, zone) ? '' : `${day} `}${hourMinute(instant, zone)}`;
}
