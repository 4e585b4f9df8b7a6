// Clock that was reset: it stood years back, then somebody set it; one event of 1970 made the engine tell every minute since.
// In: events of two clocks. Out: dead letters, windows; none in between.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallyOver } from '../../src/core/machine-results.ts';
import { talliesEqual } from '../../src/core/tally.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { SETTINGS, smallPlant } from '../support/small-plant.ts';

const NOW = Date.UTC(2026, 10, 20, 10, 30);
const YEAR_MS = 366 * DAY_MS;
const state = (id: string, at: number, word: string) => ({ id, machine: 'm1', at, type: 'state', state: word });

test('a stamp of 1970, 1984 or 2000 is a dead letter that says what to mend, as a first event too', () => {
  const rig = new PipelineRig(smallPlant(), NOW);
  const stamps = [0, Date.UTC(1984, 0, 1), Date.UTC(2000, 0, 1), NOW - 1_000];
  rig.events(
    stamps.map((at, index) => state(`e${index}`, at, 'producing')),
    NOW,
  );
  rig.tick(NOW + 1_000);
  assert.deepEqual(
    rig.deadLetters.map(({ code, index, remedy }) => [code, index, /clock/.test(remedy)]),
    [0, 1, 2].map(index => ['OEE_PIPELINE_TOO_LATE', index, true]),
  );
  assert.equal(rig.partition.machines.get('m1')?.beginning, NOW - 1_000);
});

for (const silenceMs of [300_000, null]) {
  test(`years without a sign do not become windows; those that are told are right (silence: ${silenceMs})`, () => {
    const before = NOW - YEAR_MS;
    const rig = new PipelineRig(smallPlant({ machine: { silenceMs } }), NOW);
    rig.events([state('old', before, 'producing'), state('new', NOW - 60_000, 'stop')], NOW);
    rig.tick(NOW).tick(NOW + 120_000);
    const machine = rig.partition.machines.get('m1');
    assert.ok(machine);
    const rows = [...rig.rows().values()].filter(row => row.unit === 'm1' && /day|shift|hour/.test(row.kind));
    // two days after the old sign and the horizon before the new one, in whole windows
    const told = rows.filter(row => row.kind === 'day').map(row => row.start);
    assert.equal(told.length, 3 + SETTINGS.horizonMs / DAY_MS + 1);
    for (const row of rows) {
      const tally = tallyOver(machine, row.start, Math.min(row.end, row.edge));
      assert.ok(talliesEqual(tally, row.tally), `${row.kind} of ${new Date(row.start).toISOString()}`);
    }
    const between = rig.outputs.filter(
      o => o.type === 'interval' && o.from > before + 4 * DAY_MS && o.to < NOW - 9 * DAY_MS,
    );
    assert.deepEqual(between, []);
  });
}
