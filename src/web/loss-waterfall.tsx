// Loss waterfall: where the window's time went, from all time down to good pieces, as bars in minutes.
// In: a result. Out: a list of bars with their words.
// Pure.

import type { WireResult } from '../core/result-to-wire.ts';
import { lossStepsOf } from './loss-steps.ts';
import { waterfallRows } from './saved-rows.ts';
import { DASH, minutes, pieces } from './show-values.ts';
import { NO_BASE_TEXT, TEXT } from './spoken-texts.ts';
import { TableDownload } from './table-download.tsx';

export function LossWaterfall({ result }: { readonly result: WireResult }) {
  const { tally } = result;
  if (tally.calendarMs === 0) return <p class="muted">{TEXT.nothingLost}</p>;
  const steps = lossStepsOf(tally);
  const most = Math.max(...steps.map(step => Math.max(step.from, step.to)));
  return (
    <>
      <h3>
        {TEXT.losses}{' '}
        <small>
          {TEXT.minutes} · {TEXT.pieceCount}
        </small>
        <TableDownload name={TEXT.losses} rows={() => waterfallRows(result)} />
      </h3>
      <ol class="waterfall">
        {steps.map(({ name, from, to, pieces: made, kind, look }) => {
          const low = Math.min(from, to);
          const size = Math.abs(to - from);
          const sign = { level: '', loss: '−', gain: '+' }[kind];
          return (
            <li key={name} class={`is-${kind}`}>
              <span class="fall-name">{name}</span>
              <span class="fall-track" aria-hidden="true">
                <span
                  class={`fall-bar fall-${look} on-${look} ${look === 'unknown' ? 'hatched' : ''}`}
                  style={{ left: `${(low / most) * 100}%`, width: `${(size / most) * 100}%` }}
                />
              </span>
              <span class="fall-value">
                {sign}
                {minutes(size)}
              </span>
              <span class="fall-value">{made === null ? DASH : `${sign}${pieces(Math.round(Math.abs(made)))}`}</span>
            </li>
          );
        })}
        {tally.uncycled !== 0 && <li class="muted">{NO_BASE_TEXT.noIdealCycle}</li>}
      </ol>
    </>
  );
}
