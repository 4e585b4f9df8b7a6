// Report page: a shift's report as a page that prints, one A4 sheet per unit, for people who hand a shift over.
// In: the plant, reports, the time of printing. Out: an HTML document that needs nothing else.
// Pure.

import type { Confirmation } from '../core/confirmation.ts';
import { waterfallOf } from '../core/losses.ts';
import { ratiosOf } from '../core/oee.ts';
import type { Plant } from '../core/plant-model.ts';
import type { ShiftReport, WindowResult } from '../core/result.ts';
import { isoOf } from '../core/time.ts';
import { coverageBar, PATTERNS, ratioBar, waterfallSvg } from './report-graphics.ts';
import { placeOf, type UnitPlace } from './report-place.ts';
import { REPORT_STYLE } from './report-style.ts';
import { CATEGORY_WORDS, clockOf, Html, html, lengthOf, percent, whole } from './report-words.ts';
import type { ReportAnswer } from './shift-reports.ts';

/** What fits on a sheet; the rest is counted, and stands in the API's answer. */
const LOSSES_SHOWN = 7;
const STOPS_SHOWN = 7;
const ORDERS_SHOWN = 5;

export function reportDocument(plant: Plant, answers: readonly ReportAnswer[], printedAt: number): string {
  const [first] = answers;
  const title = first === undefined ? plant.name : `${first.report.unit} ${isoOf(first.report.result.start)}`;
  const sheets = answers.map(answer => sheetOf(plant, answer, printedAt));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Shift report ${title}</title>
<style>${new Html(REPORT_STYLE)}</style></head><body>${PATTERNS}
<p class="tools"><button type="button" onclick="print()">Print</button></p>
${sheets}</body></html>`.text;
}

function sheetOf(plant: Plant, { report, confirmations }: ReportAnswer, printedAt: number): Html {
  const place = placeOf(plant, report.unit);
  const { result } = report;
  return html`<section class="sheet">
${headOf(plant, place, result)}
${figuresOf(result, plant.targets[report.unit] ?? null)}
${piecesOf(result)}
<div><h2>Where the time went <small>minutes; stripes stop it, dots slow it, crosses spoil it, wide hatching nobody saw</small></h2>
${waterfallSvg(waterfallOf(result.tally), result.tally.uncycled)}</div>
<div class="two ${confirmations.length === 0 ? 'one' : ''}">${lossesOf(report)}${ordersOf(confirmations)}</div>
${stopsOf(report, place)}
<div class="remarks"><h2>Remarks for the next shift</h2></div>
<footer>${coverageOf(result)}
<div class="signatures"><div>Handed over by</div><div>Taken over by</div><div>Date, time</div></div>
<p class="identity"><span>${report.unit} · ${isoOf(result.start)} · revision ${result.revision} · plant file ${plant.revision.slice(0, 12)}</span><span>printed ${isoOf(printedAt)}</span></p>
</footer></section>`;
}

function headOf(plant: Plant, { name, path, zone }: UnitPlace, result: WindowResult): Html {
  const clock = clockOf(zone);
  const { start, end, businessDay } = result;
  return html`<header><div><p class="path">${plant.name}${path === '' ? null : html` · ${path}`}</p><h1>${name}</h1></div>
<div class="when"><b>${result.name ?? 'Shift'} ${clock.time(start)}–${clock.time(end)}</b><br>${clock.date(start)} · ${zone}<br>business day ${businessDay ?? '–'}</div></header>
<p class="state">${stampOf(result, clock.time(result.edge))}</p>`;
}

function stampOf({ final, revision, by, why }: WindowResult, edge: string): Html {
  if (!final)
    return html`<span class="stamp open">PROVISIONAL</span><span>facts up to ${edge}; late facts may still come</span>`;
  if (revision === 0) return html`<span class="stamp">FINAL</span><span>revision 0</span>`;
  const author = by === null ? null : html` by ${by}: ${why}`;
  return html`<span class="stamp restated">RESTATED</span><span>revision ${revision}${author}; takes the place of every earlier sheet (up to revision ${revision - 1})</span>`;
}

function figuresOf({ tally }: WindowResult, target: number | null): Html {
  const { oee, availability, performance, quality, undefinedBecause } = ratiosOf(tally);
  const noteOf = (name: string, otherwise: string): string =>
    undefinedBecause?.[name] === undefined ? otherwise : 'no base for it';
  const cell = (name: string, ratio: number | null, note: string): Html =>
    html`<div><span class="name">${name}</span><div class="value">${percent(ratio)}</div>${ratioBar(ratio, null)}<span class="note">${note}</span></div>`;
  const aim = target === null ? 'no target set' : `target ${percent(target)}`;
  const over = performance !== null && performance > 1 ? 'above 100 %: check the ideal cycle' : 'ideal / run time';
  return html`<div class="figures"><div class="oee"><span class="name">OEE</span><div class="value">${percent(oee)}</div>${ratioBar(oee, target)}<span class="note">${noteOf('oee', aim)}</span></div>
${cell('Availability', availability, noteOf('availability', 'run / planned time'))}${cell('Performance', performance, noteOf('performance', over))}${cell('Quality', quality, noteOf('quality', 'good / all, at ideal time'))}</div>`;
}

function piecesOf({ tally }: WindowResult): Html {
  const cells = [
    ['Pieces', whole(tally.total)],
    ['Good', whole(tally.good)],
    ['Rejects', whole(tally.reject)],
    ['Rework', whole(tally.rework)],
    ['Stops', `${whole(tally.stops)} (${whole(tally.failures)} breakdowns)`],
    ['Micro-stops', whole(tally.microStops)],
  ] as const;
  return html`<div class="pieces">${cells.map(([name, value]) => html`<div><span>${name}</span><b>${value}</b></div>`)}</div>`;
}

const more = (count: number): string | null => (count > 0 ? `and ${whole(count)} more` : null);

function lossesOf(report: ShiftReport): Html {
  const shown = report.losses.slice(0, LOSSES_SHOWN);
  const rest = report.losses.length - shown.length + report.more.losses;
  const rows = shown.map(
    ({ category, reason, text, ms, stops }) =>
      html`<tr><td>${CATEGORY_WORDS[category]}</td><td>${[reason, text].filter(Boolean).join(' ') || '–'}</td><td class="number">${stops}</td><td class="number">${lengthOf(ms)}</td></tr>`,
  );
  if (rows.length === 0)
    return html`<div><h2>Top losses</h2><p class="none">No planned time was lost to stops.</p></div>`;
  return html`<div><h2>Top losses <small>${more(rest)}</small></h2><table><tr><th>Category</th><th>Reason</th><th class="number">Stops</th><th class="number">Time</th></tr>${rows}</table></div>`;
}

/** What the ERP was told of the orders: a restated one shows what it takes back. */
function ordersOf(confirmations: readonly Confirmation[]): Html {
  if (confirmations.length === 0) return html``;
  const shown = confirmations.slice(0, ORDERS_SHOWN);
  const rows = shown.map(({ order, product, tally, before, revision }) => {
    const was = before === null ? '–' : `${whole(before.good)} / ${whole(before.reject)}`;
    return html`<tr><td>${order}</td><td>${product ?? '–'}</td><td class="number">${whole(tally.good)}</td><td class="number">${whole(tally.reject)}</td><td class="number">${revision}</td><td class="number">${was}</td></tr>`;
  });
  return html`<div><h2>Confirmed orders <small>${more(confirmations.length - shown.length)}</small></h2><table><tr><th>Order</th><th>Product</th><th class="number">Good</th><th class="number">Rej.</th><th class="number">Rev.</th><th class="number">was good/rej.</th></tr>${rows}</table></div>`;
}

function stopsOf(report: ShiftReport, { zone, nameOf }: UnitPlace): Html {
  const clock = clockOf(zone);
  const shown = report.unexplained.slice(0, STOPS_SHOWN);
  const rest = report.unexplained.length - shown.length + report.more.unexplained;
  const rows = shown.map(
    ({ unit, from, to, state }) =>
      html`<tr><td>${clock.time(from)}–${clock.time(to)}</td><td class="number">${lengthOf(to - from)}</td><td>${unit === report.unit ? '' : nameOf(unit)} ${state ?? ''}</td><td class="line"></td></tr>`,
  );
  if (rows.length === 0)
    return html`<div><h2>Unexplained stops</h2><p class="none">Every stop has its reason.</p></div>`;
  return html`<div><h2>Unexplained stops <small>${more(rest)}</small></h2><table class="by-hand"><tr><th>From, to</th><th class="number">Length</th><th>Machine's word</th><th>Reason, and who says so</th></tr>${rows}</table></div>`;
}

function coverageOf({ tally }: WindowResult): Html {
  const { coverage, band } = ratiosOf(tally);
  const range =
    band === null || tally.unknown === 0
      ? null
      : `; the true OEE lies between ${percent(band[0])} and ${percent(band[1])}`;
  const words =
    tally.unknown === 0 ? 'All planned time was seen.' : `${lengthOf(tally.unknown)} without a signal${range ?? ''}.`;
  return html`<div><h2>Coverage ${percent(coverage)} <small>${words}</small></h2>${coverageBar(coverage)}</div>`;
}
