// Report page: a shift's report as a page that prints, one A4 sheet per unit, for people who hand a shift over.
// In: the plant, reports, the time of printing, a language. Out: an HTML document that needs nothing else.
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
import { Html, html, type Speech } from './report-words.ts';
import type { ReportAnswer } from './shift-reports.ts';

/** What fits on a sheet; the rest is counted, and stands in the API's answer. */
const LOSSES_SHOWN = 7;
const STOPS_SHOWN = 7;
const ORDERS_SHOWN = 5;
/** Less than a second is not worth a line of paper; it is counted with the rest. */
const SHOWN_FROM_MS = 1_000;

export function reportDocument(
  plant: Plant,
  answers: readonly ReportAnswer[],
  printedAt: number,
  speech: Speech,
): string {
  const { words, language } = speech;
  const [first] = answers;
  const title = first === undefined ? plant.name : `${first.report.unit} ${isoOf(first.report.result.start)}`;
  const sheets = answers.map(answer => sheetOf(plant, answer, printedAt, speech));
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${words.title} ${title}</title>
<style>${new Html(REPORT_STYLE)}</style></head><body>${PATTERNS}
<p class="tools"><button type="button" onclick="print()">${words.print}</button></p>
${sheets}</body></html>`.text;
}

function sheetOf(plant: Plant, { report, confirmations }: ReportAnswer, printedAt: number, speech: Speech): Html {
  const { words } = speech;
  const place = placeOf(plant, report.unit);
  const { result } = report;
  return html`<section class="sheet">
${headOf(plant, place, result, speech)}
${figuresOf(result, plant.targets[report.unit] ?? null, speech)}
${piecesOf(result, speech)}
<div><h2>${words.fall} <small>${words.fallNote}</small></h2>
<div class="fall-box">${waterfallSvg(waterfallOf(result.tally), result.tally.uncycled, speech)}</div></div>
<div class="two ${confirmations.length === 0 ? 'one' : ''}">${lossesOf(report, speech)}${ordersOf(confirmations, speech)}</div>
${stopsOf(report, place, speech)}
<div class="remarks"><h2>${words.remarks}</h2></div>
<footer>${coverageOf(result, speech)}
<div class="signatures"><div>${words.handedOver}</div><div>${words.takenOver}</div><div>${words.dateTime}</div></div>
<p class="identity"><span>${report.unit} · ${isoOf(result.start)} · ${words.revision(result.revision)} · ${words.plantFile(plant.revision.slice(0, 12))}</span><span>${words.printed(momentOf(printedAt, place.zone, speech))}</span></p>
</footer></section>`;
}

/** A date and a time of day that needs no other word to be understood. */
function momentOf(at: number, zone: string, { clockOf }: Speech): string {
  const clock = clockOf(zone);
  return `${clock.date(at)} ${clock.time(at)} ${zone}`;
}

function headOf(plant: Plant, { name, path, zone }: UnitPlace, result: WindowResult, speech: Speech): Html {
  const { words, clockOf } = speech;
  const clock = clockOf(zone);
  const { start, end, businessDay } = result;
  return html`<header><div><p class="path">${plant.name}${path === '' ? null : html` · ${path}`}</p><h1>${name}</h1></div>
<div class="when"><b>${result.name ?? words.shift} ${clock.time(start)}–${clock.time(end)}</b><br>${clock.date(start)} · ${zone}<br>${words.businessDay(businessDay ?? '–')}</div></header>
<p class="state">${stampOf(result, clock.time(result.edge), speech)}</p>`;
}

function stampOf({ final, revision, by, why }: WindowResult, edge: string, { words }: Speech): Html {
  if (!final)
    return html`<span class="stamp open">${words.provisional}</span><span>${words.provisionalNote(edge)}</span>`;
  if (revision === 0) return html`<span class="stamp">${words.final}</span><span>${words.revision(0)}</span>`;
  const author = by === null ? null : words.restatedBy(by, why ?? '');
  return html`<span class="stamp restated">${words.restated}</span><span>${words.revision(revision)}${author}; ${words.restatedNote(revision - 1)}</span>`;
}

function figuresOf({ tally }: WindowResult, target: number | null, { words, percent }: Speech): Html {
  const { oee, availability, performance, quality, undefinedBecause } = ratiosOf(tally);
  const noteOf = (name: string, otherwise: string): string =>
    undefinedBecause?.[name] === undefined ? otherwise : words.noBase;
  const cell = (name: string, ratio: number | null, note: string): Html =>
    html`<div><span class="name">${name}</span><div class="value">${percent(ratio)}</div>${ratioBar(ratio, null)}<span class="note">${note}</span></div>`;
  const aim = target === null ? words.noTarget : words.target(percent(target));
  const over = performance !== null && performance > 1 ? words.performanceOver : words.performanceNote;
  return html`<div class="figures"><div class="oee"><span class="name">${words.oee}</span><div class="value">${percent(oee)}</div>${ratioBar(oee, target)}<span class="note">${noteOf('oee', aim)}</span></div>
${cell(words.availability, availability, noteOf('availability', words.availabilityNote))}${cell(words.performance, performance, noteOf('performance', over))}${cell(words.quality, quality, noteOf('quality', words.qualityNote))}</div>`;
}

function piecesOf({ tally }: WindowResult, { words, whole }: Speech): Html {
  const cells = [
    [words.pieces, whole(tally.total)],
    [words.good, whole(tally.good)],
    [words.rejects, whole(tally.reject)],
    [words.rework, whole(tally.rework)],
    [words.stops, words.withBreakdowns(whole(tally.stops), whole(tally.failures))],
    [words.microStops, whole(tally.microStops)],
  ] as const;
  return html`<div class="pieces">${cells.map(([name, value]) => html`<div><span>${name}</span><b>${value}</b></div>`)}</div>`;
}

const more = (count: number, { words, whole }: Speech): string | null => (count > 0 ? words.more(whole(count)) : null);

function lossesOf(report: ShiftReport, speech: Speech): Html {
  const { words, lengthOf } = speech;
  const shown = report.losses.filter(({ ms }) => ms >= SHOWN_FROM_MS).slice(0, LOSSES_SHOWN);
  const rest = report.losses.length - shown.length + report.more.losses;
  const rows = shown.map(
    ({ category, reason, text, ms, stops }) =>
      html`<tr><td>${words.category[category]}</td><td>${[reason, text].filter(Boolean).join(' ') || '–'}</td><td class="number">${stops}</td><td class="number">${lengthOf(ms)}</td></tr>`,
  );
  if (rows.length === 0)
    return html`<div><h2>${words.losses}</h2><p class="none">${rest === 0 ? words.noLosses : words.onlyShort}</p></div>`;
  return html`<div><h2>${words.losses} <small>${more(rest, speech)}</small></h2><table><tr><th>${words.categoryHead}</th><th>${words.reason}</th><th class="number">${words.stops}</th><th class="number">${words.time}</th></tr>${rows}</table></div>`;
}

/** What the ERP was told of the orders: a restated one shows what it takes back. */
function ordersOf(confirmations: readonly Confirmation[], speech: Speech): Html {
  const { words, whole } = speech;
  if (confirmations.length === 0) return html``;
  const shown = confirmations.slice(0, ORDERS_SHOWN);
  const rows = shown.map(({ order, product, tally, before, revision }) => {
    const was = before === null ? '–' : `${whole(before.good)} / ${whole(before.reject)}`;
    return html`<tr><td>${order}</td><td>${product ?? '–'}</td><td class="number">${whole(tally.good)}</td><td class="number">${whole(tally.reject)}</td><td class="number">${revision}</td><td class="number">${was}</td></tr>`;
  });
  return html`<div><h2>${words.orders} <small>${more(confirmations.length - shown.length, speech)}</small></h2><table><tr><th>${words.order}</th><th>${words.product}</th><th class="number">${words.good}</th><th class="number">${words.rejectShort}</th><th class="number">${words.revisionShort}</th><th class="number">${words.was}</th></tr>${rows}</table></div>`;
}

function stopsOf(report: ShiftReport, { zone, nameOf }: UnitPlace, speech: Speech): Html {
  const { words, clockOf, lengthOf } = speech;
  const clock = clockOf(zone);
  const shown = report.unexplained.filter(({ from, to }) => to - from >= SHOWN_FROM_MS).slice(0, STOPS_SHOWN);
  const rest = report.unexplained.length - shown.length + report.more.unexplained;
  const rows = shown.map(
    ({ unit, from, to, state }) =>
      html`<tr><td>${clock.time(from)}–${clock.time(to)}</td><td class="number">${lengthOf(to - from)}</td><td>${unit === report.unit ? '' : nameOf(unit)} ${state ?? ''}</td><td class="line"></td></tr>`,
  );
  if (rows.length === 0)
    return html`<div><h2>${words.unexplained}</h2><p class="none">${rest === 0 ? words.allExplained : words.onlyShort}</p></div>`;
  return html`<div><h2>${words.unexplained} <small>${more(rest, speech)}</small></h2><table class="by-hand"><tr><th>${words.fromTo}</th><th class="number">${words.length}</th><th>${words.machineWord}</th><th>${words.reasonByHand}</th></tr>${rows}</table></div>`;
}

function coverageOf({ tally }: WindowResult, { words, percent, lengthOf }: Speech): Html {
  const { coverage, band } = ratiosOf(tally);
  const range = band === null || tally.unknown === 0 ? null : words.between(percent(band[0]), percent(band[1]));
  const seen = tally.unknown === 0 ? words.allSeen : `${words.unseen(lengthOf(tally.unknown))}${range ?? ''}.`;
  return html`<div><h2>${words.coverage(percent(coverage))} <small>${seen}</small></h2>${coverageBar(coverage, words.coverageBar)}</div>`;
}
