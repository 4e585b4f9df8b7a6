// Dashboards: every board is what its code builds, has the shape that Grafana reads, and shows nothing that nobody writes.
// In: the boards, and a real InfluxDB that half a day of the demo plant has filled. Out: laws about each of their queries.
// Touches: a child influxd, a temporary folder.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { DASHBOARDS_DIR, dashboardFiles } from '../../grafana/build-dashboards.ts';
import { influxQl, namesOf } from '../../grafana/influx-query.ts';
import { STATE_LOOKS } from '../../grafana/state-looks.ts';
import { SUMMED, summed } from '../../grafana/summed-ratios.ts';
import { ratiosOf } from '../../src/core/oee.ts';
import { rowToTally, sumOfTallies, TALLY_FIELDS, type Tally } from '../../src/core/tally.ts';
import { HOUR_MS } from '../../src/core/time.ts';
import { type BoardQuery, filledOut, queriesOf } from '../support/board-queries.ts';
import { DEMO_DAY, demoPlant } from '../support/demo-plant.ts';
import { type FilledHistory, fillHistory } from '../support/filled-history.ts';
import { grafanaFaults } from '../support/grafana-shape.ts';

const plant = demoPlant();
const FROM = DEMO_DAY + 8 * HOUR_MS;
const TO = DEMO_DAY + 14 * HOUR_MS;
const files = dashboardFiles();
const boards = [...files].map(([name, text]): [string, object] => [name, JSON.parse(text) as object]);
let history: FilledHistory;

before(async () => {
  history = await fillHistory(plant, FROM, TO);
});
after(async () => {
  await history?.close();
});

test('the files are what the code builds: whoever changed a board runs npm run dashboards', () => {
  assert.deepEqual(readdirSync(DASHBOARDS_DIR).sort(), [...files.keys()].sort());
  for (const [name, text] of files) assert.equal(readFileSync(`${DASHBOARDS_DIR}/${name}`, 'utf8'), text, name);
});

test('every board has the shape that Grafana reads, in every field and value', async () => {
  assert.deepEqual(await grafanaFaults(boards), []);
  const [[, board] = ['', {}]] = boards;
  assert.notDeepEqual(await grafanaFaults([['wrong', { ...board, graphTooltip: 7 }]]), [], 'a wrong value is seen');
  assert.notDeepEqual(await grafanaFaults([['wrong', { ...board, pannels: [] }]]), [], 'a wrong name is seen');
});

test('a state has the colour of the supervisor’s page', () => {
  const theme = readFileSync(new URL('../../src/web/theme.css', import.meta.url), 'utf8');
  const dark = Object.fromEntries(
    [...theme.matchAll(/--c-(\w+): (#\w+);/g)].map(([, name, color]) => [name, color]).reverse(),
  );
  for (const [category, { color }] of Object.entries(STATE_LOOKS)) assert.equal(color, dark[category], category);
});

test('every panel has a question that it answers, and every board a number of panels', () => {
  for (const [name, board] of boards) {
    const { panels = [] } = board as { panels?: { title: string; description?: string; id: number }[] };
    assert.ok(panels.length >= 4, name);
    assert.equal(
      new Set(panels.map(panel => panel.id)).size,
      panels.length,
      `${name}: panels have numbers of their own`,
    );
    for (const { title, description = '' } of panels) assert.match(description, /[?.]$/, `${name}: ${title}`);
  }
});

test('every query of every panel and variable gives the series that it promises', async () => {
  const asked = boards.flatMap(([name, board]) => queriesOf(name, board));
  assert.ok(asked.length > 40, `${asked.length} queries`);
  for (const query of asked) await holdToItsPromise(query);
});

async function holdToItsPromise(query: BoardQuery): Promise<void> {
  const text = filledOut(query.text, { FROM, TO });
  const rows = await history.influx.rows(text);
  const where = `${query.board}, ${query.panel}: ${text}`;
  // a plant without restatements and alerts has none to show
  if (!query.mayBeEmpty) assert.ok(rows.length > 0, `nothing comes back: ${where}`);
  for (const column of query.columns) {
    if (rows.length > 0)
      assert.ok(
        rows.some(row => row[column] !== null && row[column] !== undefined),
        `${column} is empty: ${where}`,
      );
  }
  if (query.variable !== null) {
    const values = rows.map(row => row.value);
    const units = { site: plant.sites, area: plant.areas, line: plant.lines, machine: plant.machines }[query.variable];
    if (units !== undefined) assert.deepEqual(values.sort(), units.map(unit => unit.id).sort(), where);
  }
  if (/GROUP BY "unit"/.test(text) && /'machine'/.test(text)) {
    assert.deepEqual(
      [...new Set(rows.map(row => row.unit))].sort(),
      plant.machines.map(machine => machine.id).sort(),
      where,
    );
  }
}

test('ratios over a span are those of the law: quotients of sums, in every digit that InfluxDB keeps', async () => {
  const { is } = namesOf('oee');
  const names = Object.keys(SUMMED) as (keyof typeof SUMMED)[];
  const query = influxQl({ from: 'oee', select: names.map(summed), where: [is('window', 'hour')], by: ['unit'] });
  const rows = await history.influx.rows(filledOut(query, { FROM, TO }));
  assert.equal(rows.length, plant.machines.length + plant.lines.length + plant.areas.length + plant.sites.length);
  for (const row of rows) {
    const wanted = ratiosOf(await sumOf(String(row.unit)));
    for (const name of names) {
      // a base of zero: InfluxDB says 0 or nothing, the law says nothing
      if (wanted[name] === null) assert.ok(row[name] === null || row[name] === 0, `${row.unit} ${name}: ${row[name]}`);
      else
        assert.ok(
          Math.abs(Number(row[name]) - wanted[name]) < 1e-12,
          `${row.unit} ${name}: ${row[name]}, ${wanted[name]}`,
        );
    }
  }
});

async function sumOf(unit: string): Promise<Tally> {
  const rows = await history.influx.rows(
    filledOut(`SELECT * FROM "oee" WHERE "window" = 'hour' AND "unit" = '${unit}' AND $timeFilter`, { FROM, TO }),
  );
  const written = rows[0] ?? {};
  const field = (name: string): string => (name in written ? name : `${name}Ms`);
  return sumOfTallies(rows.map(row => rowToTally(TALLY_FIELDS.map(name => Number(row[field(name)] ?? 0)))));
}
