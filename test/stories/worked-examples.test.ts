// Worked examples: published OEE sheets as stories; the engine gives their fractions exactly.
// In: worked-examples.json, where the recordings are. Out: each sheet, and each roll-up of sheets, agrees.
// Reads the recordings.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { needs, recording } from '../support/recordings.ts';
import { parseStory } from '../support/story-table.ts';
import { tell } from '../support/story-tell.ts';

const FILE = join('worked-examples', 'worked-examples.json');

interface Exact {
  readonly fraction: string;
}
interface Sheet {
  readonly id: string;
  readonly inputs: {
    readonly shift_s: number;
    readonly planned_s: number;
    readonly ideal_cycle_s_exact: string;
    readonly good: number;
    readonly rejected: number;
    readonly breaks_s: readonly number[];
    readonly stops: readonly (readonly [string, number])[];
  };
  readonly exact: Readonly<Record<string, Exact>>;
}
interface Sheets {
  readonly oracles: readonly Sheet[];
  readonly rollups: Readonly<
    Record<string, { readonly members: readonly string[]; readonly exact: Readonly<Record<string, Exact>> }>
  >;
}

const BEGIN_S = 6 * 3600;
const clock = (seconds: number): string => new Date((BEGIN_S + seconds) * 1000).toISOString().slice(11, 19);
const STATES: Readonly<Record<string, string>> = { 'unplanned stop': 'stop', setup: 'setup', breakdown: 'breakdown' };
const FIELDS: Readonly<Record<string, string>> = {
  A: 'availability',
  P: 'performance',
  Q: 'quality',
  Q_time_weighted: 'quality',
  OEE: 'oee',
  Q_piece_count: 'yield',
};
const fraction = ({ fraction: text }: Exact): string => (text.includes('/') ? text : `${text}/1`);

/** One machine per sheet on a parallel line; breaks are planned time that a person takes out, so that each has its own. */
function storyOf(title: string, sheets: readonly Sheet[], exact: Readonly<Record<string, Exact>>): string {
  const longest = Math.max(...sheets.map(sheet => sheet.inputs.shift_s));
  const rows: string[] = [];
  for (const { id, inputs } of sheets) {
    let at = 0;
    rows.push(`${clock(0)} | ${id} | state producing`);
    for (const seconds of inputs.breaks_s) {
      rows.push(`${clock(0)} | ${id} | shift ${clock(at)}-${clock(at + seconds)} plannedStop`);
      at += seconds;
    }
    for (const [kind, seconds] of inputs.stops) {
      rows.push(`${clock(at)} | ${id} | state ${STATES[kind]}`, `${clock(at + seconds)} | ${id} | state producing`);
      at += seconds + 60;
    }
    if (inputs.shift_s < longest)
      rows.push(`${clock(0)} | ${id} | shift ${clock(inputs.shift_s)}-${clock(longest)} notScheduled`);
    rows.push(
      `${clock(inputs.shift_s - 1)} | ${id} | count good ${inputs.good} reject ${inputs.rejected}`,
      `${clock(longest)} | ${id} | heartbeat`,
    );
  }
  const named = Object.entries(exact).filter(([name]) => name in FIELDS);
  const unit = sheets.length === 1 ? sheets[0]?.id : 'line-1';
  return `# ${title}
## Settings
| setting | value |
|---|---|
| shift | early 06:00-${clock(longest).slice(0, 5)} |
| line | line-1 parallel: ${sheets.map(sheet => sheet.id).join(' ')} |
${sheets.map(sheet => `| cycle | ${sheet.id}/p ${sheet.inputs.ideal_cycle_s_exact} s |`).join('\n')}
## Events
| time | machine | what |
|---|---|---|
${rows.map(row => `| ${row} |`).join('\n')}
| ${clock(longest + 120)} | - | clock |
## Expectations
| unit | window | field | value |
|---|---|---|---|
${named.map(([name, value]) => `| ${unit} | shift early | ${FIELDS[name]} | ${fraction(value)} |`).join('\n')}
`;
}

const missing = needs(FILE);
const sheets: Sheets =
  missing.skip === false ? (JSON.parse(readFileSync(recording(FILE), 'utf8')) as Sheets) : { oracles: [], rollups: {} };

test('the published sheets are there', missing, () => undefined);

for (const sheet of sheets.oracles) {
  test(`the sheet ${sheet.id} comes out exactly`, () =>
    tell(parseStory(sheet.id, storyOf(sheet.id, [sheet], sheet.exact))));
}
for (const [name, { members, exact }] of Object.entries(sheets.rollups)) {
  test(`the roll-up ${name} of ${members.join(', ')} comes out exactly, by sums`, () => {
    const parts = sheets.oracles.filter(sheet => members.includes(sheet.id));
    tell(parseStory(name, storyOf(name, parts, exact)));
  });
}
