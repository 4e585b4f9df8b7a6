// Hour trend: OEE of the last hours, one column each, with the target across.
// In: unit, zone, target. Out: columns; an hour without OEE is hatched and says why.
// Touches: the server, once per opening and each time an hour begins.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { WireResult } from '../core/result-to-wire.ts';
import { TIMELINE_MS, useStore } from './page-store.ts';
import { whyNone } from './ratio-figures.tsx';
import { hourMinute, percent } from './show-values.ts';
import { TEXT } from './texts-en.ts';

interface HourTrendProps {
  readonly unit: string;
  readonly zone: string;
  readonly target: number | null;
}

export function HourTrend({ unit, zone, target }: HourTrendProps) {
  const store = useStore();
  const past = useSignal<readonly WireResult[]>([]);
  const live = store.resultOf(unit, 'hour').value;
  const hour = live?.window.start ?? '';

  // `hour` is what makes it read again: when an hour begins, not with every second
  useEffect(() => {
    let isWanted = true;
    const now = store.now.value;
    store.reader
      .results(unit, 'hour', now - TIMELINE_MS, now)
      .then(results => {
        if (isWanted) past.value = results;
      })
      // the columns are beside the figures: without them the page still says all that is live
      .catch(() => undefined);
    return () => {
      isWanted = false;
    };
  }, [unit, hour]);

  const byStart = new Map(past.value.map(result => [result.window.start, result]));
  if (live !== null) byStart.set(live.window.start, live);
  const hours = [...byStart.values()].sort((a, b) => (a.window.start < b.window.start ? -1 : 1)).slice(-9);
  if (hours.length === 0) return <p class="muted">{TEXT.hourTrendEmpty}</p>;
  const top = Math.max(1, ...hours.map(h => h.oee ?? 0));
  return (
    <div class="trend">
      <ol>
        {hours.map(h => (
          <li key={h.window.start} title={whyNone(h, 'oee') ?? ''}>
            <span class="trend-value">{percent(h.oee)}</span>
            <span class="trend-box">
              <span
                class={
                  h.oee === null
                    ? 'trend-none hatched'
                    : `trend-bar ${target !== null && h.oee < target ? 'is-low' : ''}`
                }
                style={{ height: `${((h.oee ?? 0.06) / top) * 100}%` }}
              />
              {target !== null && <span class="trend-target" style={{ bottom: `${(target / top) * 100}%` }} />}
            </span>
            <span class="trend-hour">{hourMinute(Date.parse(h.window.start), zone)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
