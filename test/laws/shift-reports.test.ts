// Laws of shift reports: what a report says of losses and stops is the shift's own time, on every level, in every revision.
// In: made-up plants, events and deliveries with deaths in them. Out: laws over everything that was reported.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Plant } from '../../src/core/plant-model.ts';
import type { ShiftReport, WindowResult } from '../../src/core/result.ts';
import { mergedRows } from '../../src/core/shift-report.ts';
import type { Tally } from '../../src/core/tally.ts';
import { findUnit, ReadModel } from '../../src/query/read-model.ts';
import { reportAt } from '../../src/query/shift-reports.ts';
import { deliver } from '../support/delivered.ts';
import { at } from '../support/made-up-calendar.ts';
import { deliveries, type Step } from '../support/made-up-delivery.ts';
import { machine, plantEvents, plantWith } from '../support/made-up-shift.ts';
import type { PipelineRig } from '../support/pipeline-rig.ts';

const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 12) };

const stories = fc
  .tuple(machine, plantEvents)
  .chain(([m, list]) => fc.tuple(fc.constant(m), fc.constant(list), deliveries(list.length)));

function delivered(plant: Plant, list: readonly object[], steps: readonly Step[]): PipelineRig {
  return deliver({ ...plant, settings: { ...plant.settings, refreshMs: 1 } }, list, steps)
    .tick(at(22, 2))
    .tick(at(22, 3));
}

const reportsOf = (rig: PipelineRig): ShiftReport[] => rig.outputs.filter(output => output.type === 'report');
const keyOf = ({ unit, start, revision }: WindowResult): string =>
  `${unit} ${new Date(start).toISOString()} ${revision}`;
const LOSSES = ['breakdown', 'setup', 'starved', 'blocked', 'idle', 'microStop'] as const;

function sumsOf({ losses }: Pick<ShiftReport, 'losses'>): Record<string, number> {
  return Object.fromEntries(
    LOSSES.map(category => [category, losses.filter(l => l.category === category).reduce((ms, l) => ms + l.ms, 0)]),
  );
}
const lostIn = (tally: Tally): Record<string, number> =>
  Object.fromEntries(LOSSES.map(category => [category, tally[category]]));

test('every final shift is reported in every revision, and its losses are its time, cause by cause', () => {
  fc.assert(
    fc.property(stories, ([m, list, steps]) => {
      const rig = delivered(plantWith(m), list, steps);
      const reports = reportsOf(rig);
      const told = rig.results().filter(row => row.kind === 'shift' && row.final);
      const isBelow = ({ level }: WindowResult): boolean => level === 'machine' || level === 'line';
      assert.deepEqual(
        reports
          .map(r => r.result)
          .filter(isBelow)
          .map(keyOf)
          .sort(),
        told.filter(isBelow).map(keyOf).sort(),
      );
      for (const report of reports) {
        const { result } = report;
        const beginning = rig.partition.machines.get(result.unit)?.beginning ?? 0;
        // a serial line's own time is its constraint's; the losses are those of all its machines
        if (result.end > beginning && result.basis !== 'constraint')
          if (result.level === 'machine' || result.unit === 'line-2')
            assert.deepEqual(sumsOf(report), lostIn(result.tally), keyOf(result));
        if (result.beside !== null) assert.deepEqual(sumsOf(report), lostIn(result.beside), keyOf(result));
      }
    }),
    RUNS,
  );
});

test('areas and sites report the sums of the newest reports of their lines, once each line has reported', () => {
  fc.assert(
    fc.property(stories, ([m, list, steps]) => {
      const rig = delivered(plantWith(m), list, steps);
      const newest = new Map(reportsOf(rig).map(report => [`${report.unit} ${report.result.start}`, report]));
      const rows = [...rig.rows().values()].filter(row => row.kind === 'shift' && row.final);
      for (const row of rows.filter(each => each.level === 'area' || each.level === 'site')) {
        const report = newest.get(`${row.unit} ${row.start}`);
        assert.equal(report?.result.revision, row.revision, keyOf(row));
        const lines = ['line-1', 'line-2'].flatMap(line => newest.get(`${line} ${row.start}`) ?? []);
        const { losses, unexplained } = mergedRows(lines);
        assert.deepEqual([report?.losses, report?.unexplained], [losses, unexplained], keyOf(row));
      }
    }),
    RUNS,
  );
});

test('who asks is told what was sent: figures, losses and stops of the newest report', () => {
  fc.assert(
    fc.property(stories, ([m, list, steps]) => {
      const plant = plantWith(m);
      const rig = delivered(plant, list, steps);
      const view = { plant: () => plant, partitionOf: () => rig.partition };
      const model = new ReadModel(view);
      for (const report of new Map(reportsOf(rig).map(r => [`${r.unit} ${r.result.start}`, r])).values()) {
        const unit = findUnit(plant, report.unit);
        const asked = unit === null ? null : reportAt(model, view, unit, report.result.start);
        // before its beginning a unit has no windows to ask for
        if (asked === null) continue;
        const { by: _by, why: _why, ...result } = report.result;
        const { by: _askedBy, why: _askedWhy, ...found } = asked.report.result;
        assert.deepEqual({ ...asked.report, result: found }, { ...report, result }, keyOf(report.result));
      }
    }),
    RUNS,
  );
});

test('a death changes nothing of what is reported', () => {
  fc.assert(
    fc.property(stories, ([m, list, steps]) => {
      const plant = plantWith(m);
      const dying = steps.flatMap((step): Step[] => ('restart' in step ? [step] : [step, { restart: true }]));
      const through = steps.filter(step => !('restart' in step));
      assert.deepEqual(reportsOf(delivered(plant, list, dying)), reportsOf(delivered(plant, list, through)));
    }),
    RUNS,
  );
});
