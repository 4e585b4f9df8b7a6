// Window trend: OEE of the last hours, shifts or days, one column each, with target, revisions and what was not seen.
// In: unit, kind, zone, target. Out: columns that open what made them; one without OEE says why, and is hatched where something was planned.
// Touches: the server, once per opening and each time a window begins.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { WireResult } from '../core/result-to-wire.ts';
import { useStore } from './page-store.ts';
import { whyNone } from './ratio-figures.tsx';
import { windowRows } from './saved-rows.ts';
import { date, hourMinute, percent } from './show-values.ts';
import { TEXT, windowText } from './spoken-texts.ts';
import { TableDownload } from './table-download.tsx';

export type TrendKind = 'hour' | 'shift' | 'day';

const BACK_MS: Readonly<Record<TrendKind, number>> = {
  hour: 8 * 3_600_000,
  shift: 4 * 86_400_000,
  day: 7 * 86_400_000,
};
const COLUMNS_MAX = 12;

interface WindowTrendProps {
  readonly unit: string;
  readonly kind: TrendKind;
  readonly zone: string;
  readonly target: number | null;
  /** start of the window that is looked at */
  readonly chosen: string | null;
  readonly choose: (result: WireResult) => void;
}

export function WindowTrend({ unit, kind, zone, target, chosen, choose }: WindowTrendProps) {
  const results = useWindows(unit, kind);
  const list = useRef<HTMLOListElement>(null);
  // where not all fit, the newest are in sight
  useEffect(() => list.current?.scrollTo({ left: list.current.scrollWidth }), [unit, kind, results.length]);
  if (results.length === 0) return <p class="muted">{TEXT.hourTrendEmpty}</p>;
  const top = Math.max(1, ...results.map(r => r.oee ?? 0));
  return (
    <div class="trend">
      <ol ref={list}>
        {results.map(result => (
          <li key={result.window.start} title={whyNone(result, 'oee') ?? ''}>
            <button
              type="button"
              title={TEXT.explainWindow(nameOf(result, zone), percent(result.oee))}
              aria-pressed={chosen === result.window.start}
              data-window={result.window.start}
              onClick={() => choose(result)}
            >
              <span class="trend-value">{percent(result.oee)}</span>
              <span class="trend-box">
                <TrendBar result={result} top={top} target={target} />
                {target !== null && <span class="trend-target" style={{ bottom: `${(target / top) * 100}%` }} />}
              </span>
              <span class="trend-hour">{nameOf(result, zone)}</span>
              {result.revision > 0 && <span class="trend-revision">{TEXT.revision(result.revision)}</span>}
              {result.coverage !== null && result.coverage < 1 && (
                <span class="trend-seen">{TEXT.seen(percent(result.coverage))}</span>
              )}
            </button>
          </li>
        ))}
      </ol>
      <p class="list-save">
        <TableDownload name={`${TEXT.trend}, ${windowText(kind)}`} rows={() => windowRows(results, target, zone)} />
      </p>
    </div>
  );
}

interface TrendBarProps {
  readonly result: WireResult;
  readonly top: number;
  readonly target: number | null;
}

function TrendBar({ result: { oee, band, tally }, top, target }: TrendBarProps) {
  // nothing was planned; or something was, and nobody knows what became of it
  const none = tally.categoriesMs.unknown > 0 ? 'hatched' : 'on-notScheduled';
  const look = oee === null ? `trend-none ${none}` : `trend-bar ${target !== null && oee < target ? 'is-low' : ''}`;
  return (
    <>
      <span class={look} style={{ height: `${((oee ?? 0.06) / top) * 100}%` }} />
      {band !== null && band[0] !== band[1] && (
        <span
          class="trend-band"
          style={{
            bottom: `${(band[0] / top) * 100}%`,
            height: `${((Math.min(top, band[1]) - band[0]) / top) * 100}%`,
          }}
        />
      )}
    </>
  );
}

const nameOf = ({ window: { kind, name, start } }: WireResult, zone: string): string => {
  const at = Date.parse(start);
  if (kind === 'hour') return hourMinute(at, zone);
  return kind === 'shift' ? `${name} ${date(at, zone)}` : date(at, zone);
};

/** Past windows over HTTP, the running one live. */
function useWindows(unit: string, kind: TrendKind): readonly WireResult[] {
  const store = useStore();
  const past = useSignal<readonly WireResult[]>([]);
  const live = store.resultOf(unit, kind).value;
  // what makes it read again: another window begins, or a correction came into the figures
  const turn = `${live?.window.start} ${store.work.jobs.value.filter(job => job.stage === 'restated').length}`;
  useEffect(() => {
    let isWanted = true;
    const now = store.now.value;
    store.reader
      .results(unit, kind, now - BACK_MS[kind], now)
      .then(results => {
        if (isWanted) past.value = results;
      })
      // the columns are beside the figures: without them the page still says all that is live
      .catch(() => undefined);
    return () => {
      isWanted = false;
    };
  }, [unit, kind, turn]);
  const byStart = new Map(past.value.map(result => [result.window.start, result]));
  if (live !== null) byStart.set(live.window.start, live);
  return [...byStart.values()].sort((a, b) => (a.window.start < b.window.start ? -1 : 1)).slice(-COLUMNS_MAX);
}
