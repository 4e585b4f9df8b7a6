// Wall plant: a screen over a line shows that line and what concerns it, and says so when its address names what is not there.
// In: the page's made-up plant, names, alerts. Out: what hangs on the wall.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TURN_MS, turnAt } from '../../src/web/kiosk-cycle.ts';
import { concernsWall, unknownNames, wallNames, wallPages, wallPlant } from '../../src/web/wall-plant.ts';
import { pagePlant } from '../support/page-plant.ts';

const PLANT = pagePlant(Date.UTC(2026, 10, 16, 9), Date.UTC(2026, 10, 16, 5));
const linesOn = (parameter: string): string[] =>
  wallPages(wallPlant(PLANT, wallNames(parameter)).sites).map(site =>
    site.areas.map(a => a.lines.map(l => l.id)).join(),
  );

test('a wall shows the lines, areas and sites that its address names, each line by itself, in the order of the plant', () => {
  assert.deepEqual(linesOn(''), ['bottling-1', 'benches', 'cnc-cells']);
  assert.deepEqual(linesOn('benches'), ['benches']);
  assert.deepEqual(linesOn('bergen'), ['bottling-1', 'benches']);
  assert.deepEqual(linesOn(' cnc-cells, bottling-1,'), ['bottling-1', 'cnc-cells']);
  const [site] = PLANT.sites;
  const [area] = site?.areas ?? [];
  assert.deepEqual(
    linesOn(area?.id ?? ''),
    area?.lines.map(({ id }) => id),
  );
});

test('a name that the plant does not have is told with all that it has; what is known is shown none the less', () => {
  const names = wallNames('benches,bottling1');
  const { unknown, known } = unknownNames(PLANT, names);
  assert.deepEqual(unknown, ['bottling1']);
  assert.ok(['bergen', 'bottling-1', 'benches', 'detroit', 'cnc-cells'].every(id => known.includes(id)));
  assert.deepEqual(linesOn('benches,bottling1'), ['benches']);
  assert.deepEqual(unknownNames(PLANT, []).unknown, []);
});

test('an alert hangs on the walls of its machines, its line, its area, its site; one of the engine on all of them', () => {
  const wall = wallPlant(PLANT, ['benches']);
  const about = (unit: string, ...members: string[]): boolean =>
    concernsWall(wall, {
      unit,
      members: members.map(member => ({ unit: member, since: '', until: null, value: null })),
    });
  assert.deepEqual([about('bench-1'), about('benches'), about('bergen'), about('engine')], [true, true, true, true]);
  assert.deepEqual([about('filler'), about('cnc-cells', 'cnc-1'), about('detroit')], [false, false, false]);
  assert.equal(about('hall', 'filler', 'bench-2'), true);
});

test('every page has its turn, for as long as every other, on all walls at the same moment; one alone stays', () => {
  const turns = [0, 1, 2, 3].map(n => turnAt(['a', 'b', 'c'], n * TURN_MS + 5));
  assert.deepEqual(
    turns.map(({ shown, turn }) => [shown, turn]),
    [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['a', 1],
    ],
  );
  assert.deepEqual(turnAt(['a'], 7 * TURN_MS), { shown: 'a', turn: 1, turns: 1 });
  assert.deepEqual(turnAt([], 0), { shown: null, turn: 1, turns: 1 });
});
