// Tally tables: every ratio with what it is made of, every category in minutes, every count.
// In: a result. Out: tables.
// Pure.

import type { WireResult } from '../core/result-to-wire.ts';
import { CATEGORIES } from '../core/tally.ts';
import { DataTable, ValueCell } from './data-table.tsx';
import { whyNone } from './ratio-figures.tsx';
import { minutes, pieces } from './show-values.ts';
import { CATEGORY_TEXT, RATIO_TEXT, TEXT } from './spoken-texts.ts';
import { shareOf } from './table-file.ts';

type RatioName = keyof typeof RATIO_TEXT;

export function RatioTable({ result }: { readonly result: WireResult }) {
  const names = Object.keys(RATIO_TEXT) as RatioName[];
  return (
    <section>
      <DataTable name={TEXT.ratios} heads={[TEXT.ratio, { number: TEXT.value }, TEXT.how]}>
        {names.map(name => (
          <tr key={name}>
            <th scope="row">{RATIO_TEXT[name].name}</th>
            <ValueCell value={shareOf(result[name])} />
            <td class="how">{whyNone(result, name) ?? `${RATIO_TEXT[name].formula} = ${partsOf(result, name)}`}</td>
          </tr>
        ))}
      </DataTable>
    </section>
  );
}

/** The two numbers behind a ratio. */
function partsOf({ tally: t }: WireResult, name: RatioName): string {
  const over = (part: number, base: number): string => `${minutes(part)} / ${minutes(base)} ${TEXT.minutes}`;
  return {
    oee: () => over(t.idealGoodMs, t.plannedMs),
    availability: () => over(t.runMs, t.plannedMs),
    performance: () => over(t.idealMs, t.runMs),
    quality: () => over(t.idealGoodMs, t.idealMs),
    teep: () => over(t.idealGoodMs, t.calendarMs),
    utilisation: () => over(t.plannedMs, t.calendarMs),
    yield: () => `${pieces(t.good)} / ${pieces(t.total)}`,
    coverage: () => over(t.plannedMs, t.plannedMs + t.unknownPlannedMs),
  }[name]();
}

export function TimeTable({ result }: { readonly result: WireResult }) {
  const { categoriesMs, calendarMs } = result.tally;
  return (
    <section>
      <DataTable name={TEXT.time} heads={[TEXT.category, { number: TEXT.minutes }, { number: TEXT.share }]}>
        {CATEGORIES.map(category => (
          <tr key={category} class={categoriesMs[category] === 0 ? 'is-none' : ''}>
            <th scope="row">
              <i class={`swatch on-${category} ${category === 'unknown' ? 'hatched' : ''}`} />
              {CATEGORY_TEXT[category]}
            </th>
            <ValueCell value={categoriesMs[category] / 60_000}>{minutes(categoriesMs[category])}</ValueCell>
            <ValueCell value={shareOf(calendarMs === 0 ? null : categoriesMs[category] / calendarMs)} />
          </tr>
        ))}
        <tr class="is-sum">
          <th scope="row">{TEXT.all}</th>
          <ValueCell value={calendarMs / 60_000}>{minutes(calendarMs)}</ValueCell>
          <ValueCell value={shareOf(calendarMs === 0 ? null : 1)} />
        </tr>
      </DataTable>
    </section>
  );
}

export function PiecesTable({ result: { tally } }: { readonly result: WireResult }) {
  const rows: readonly [string, number][] = [
    [TEXT.total, tally.total],
    [TEXT.good, tally.good],
    [TEXT.reject, tally.reject],
    [TEXT.rework, tally.rework],
    [TEXT.uncycled, tally.uncycled],
    [TEXT.quarantined, tally.quarantined],
    [TEXT.stops, tally.stops],
    [TEXT.failures, tally.failures],
    [TEXT.microStops, tally.microStops],
  ];
  return (
    <section>
      <DataTable name={TEXT.pieces} heads={[TEXT.kind, { number: TEXT.count }]}>
        {rows.map(([name, count]) => (
          <tr key={name} class={count === 0 ? 'is-none' : ''}>
            <th scope="row">{name}</th>
            <ValueCell value={count} />
          </tr>
        ))}
      </DataTable>
    </section>
  );
}
