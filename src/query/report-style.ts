// Report style: how the printed report looks: A4 portrait, black on white, nothing that needs colour.
// In: nothing. Out: CSS.
// Pure.

export const REPORT_STYLE = `
@page { size: A4 portrait; margin: 0 }
* { box-sizing: border-box; margin: 0 }
body { background: #d8dde3; color: #10171f; font: 9.4pt/1.32 "Inter", "Liberation Sans", "Helvetica Neue", Arial, sans-serif }
.sheet { width: 210mm; height: 297mm; margin: 6mm auto; padding: 10mm 12mm 8mm; background: #fff; display: flex; flex-direction: column;
  gap: 3.2mm; overflow: hidden; break-after: page; box-shadow: 0 2mm 8mm rgb(0 0 0 / 25%) }
.sheet:last-of-type { break-after: auto }
header { display: flex; justify-content: space-between; gap: 8mm; border-bottom: 0.6mm solid #10171f; padding-bottom: 2.4mm }
h1 { font-size: 19pt; line-height: 1.1; letter-spacing: -0.01em }
h2 { font-size: 8.2pt; text-transform: uppercase; letter-spacing: 0.06em; margin-bottom: 1mm; border-bottom: 0.2mm solid #9aa4ae; padding-bottom: 0.4mm }
h2 small { font-weight: normal; text-transform: none; letter-spacing: 0; float: right; color: #3a4550 }
.path { color: #3a4550 }
.when { text-align: right; white-space: nowrap }
.when b { font-size: 13pt; line-height: 1.15 }
.state { display: flex; gap: 3mm; align-items: baseline; margin-top: -0.8mm }
.stamp { border: 0.45mm solid #10171f; padding: 0.2mm 2mm; font-weight: 700; letter-spacing: 0.08em; white-space: nowrap }
.stamp.open { border-style: dashed }
.stamp.restated { background: #10171f; color: #fff }
.figures { display: grid; grid-template-columns: 1.25fr 1fr 1fr 1fr; gap: 5mm; align-items: end }
.figures .name { font-size: 8.4pt; color: #3a4550 }
.figures .value { font-size: 15pt; font-weight: 700; font-variant-numeric: tabular-nums; line-height: 1.1 }
.figures .oee .value { font-size: 28pt }
.figures .note { font-size: 7.6pt; color: #3a4550; min-height: 1.3em }
.bar { width: 100%; height: 3.4mm; display: block; margin-top: 0.8mm }
.pieces { display: grid; grid-template-columns: repeat(6, auto); border: 0.2mm solid #9aa4ae }
.pieces div { padding: 0.7mm 2.4mm; border-right: 0.2mm solid #9aa4ae }
.pieces div:last-child { border: 0 }
.pieces span { display: block; font-size: 7.6pt; color: #3a4550 }
.pieces b { font-size: 11pt; font-variant-numeric: tabular-nums }
.fall { width: 100%; display: block; overflow: visible }
.fall text { font-size: 14.5px; fill: #10171f }
.fall .level { font-weight: 700 }
.number { font-variant-numeric: tabular-nums }
table { width: 100%; border-collapse: collapse }
td, th { text-align: left; padding: 0.45mm 1.5mm 0.45mm 0; vertical-align: baseline; border-bottom: 0.15mm solid #c4cad0 }
th { font-size: 7.6pt; font-weight: normal; color: #3a4550 }
td.number, th.number { text-align: right; white-space: nowrap }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 6mm }
.two.one { grid-template-columns: 1fr }
.by-hand td { height: 7mm; vertical-align: bottom }
.by-hand .line { width: 52%; border-bottom: 0.3mm solid #10171f }
.none { color: #3a4550 }
.coverage { width: 100%; height: 3mm; display: block; margin: 0.8mm 0 }
.remarks { flex: 1 1 0; min-height: 8mm }
footer {  display: flex; flex-direction: column; gap: 2.4mm }
.signatures { display: grid; grid-template-columns: 1fr 1fr 0.7fr; gap: 8mm; padding-top: 7mm }
.signatures div { border-top: 0.3mm solid #10171f; font-size: 7.8pt; padding-top: 0.6mm }
.identity { font-size: 7.2pt; color: #3a4550; display: flex; justify-content: space-between; gap: 6mm }
.tools { width: 210mm; margin: 4mm auto 0; text-align: right }
.tools button { font: inherit; padding: 1.4mm 5mm; background: #10171f; color: #fff; border: 0; border-radius: 1mm; cursor: pointer }
@media screen and (max-width: 210mm) {
  .sheet { width: auto; height: auto; margin: 0; padding: 5mm 4mm; gap: 5mm; box-shadow: none }
  .sheet + .sheet { margin-top: 4mm }
  .tools { width: auto; margin: 3mm 4mm }
  header, .identity { flex-direction: column; gap: 2mm }
  .when { text-align: left; white-space: normal }
  .state { flex-wrap: wrap }
  .figures { grid-template-columns: repeat(3, 1fr); align-items: start }
  .figures .oee { grid-column: 1 / -1 }
  .pieces { grid-template-columns: repeat(3, auto) }
  .pieces div:nth-child(3) { border-right: 0 }
  .two { grid-template-columns: 1fr }
  .fall-box { overflow-x: auto }
  .fall { min-width: 150mm }
  h2 small { float: none; display: block }
  .remarks { min-height: 24mm; flex: none }
}
@media print { body { background: none } .sheet { margin: 0; box-shadow: none } .tools { display: none } }
`;
