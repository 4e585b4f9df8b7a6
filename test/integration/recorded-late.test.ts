// Recorded late: three days of real machines that come in pieces and the newest first, as from gateways that were offline.
// In: the recordings of NIST's test bed, cut. Out: what was told too early is told again, under the next revision, everywhere.
// Touches child processes: the program, Redis, InfluxDB, the replay command; a temporary folder.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { sameInHistory } from '../support/history-agrees.ts';
import { NIST, needs, nistFile, recording } from '../support/recordings.ts';
import { everythingTold, replayInto } from '../support/replay-child.ts';
import { shdrTruth } from '../support/shdr-truth.ts';

const CUTS = ['2016-10-31', '2016-11-02T00:00:00', '2016-11-03T12:00:00'] as const;
const ALL = { from: Date.UTC(2016, 9, 30), to: Date.UTC(2016, 10, 5) };
const ABOVE = ['machine-tools', 'shop', 'gaithersburg'];

/** The lines of a recording from one time to another; all its lines start with their time. */
function piece(machine: string, from: string, to: string): string {
  const lines = readFileSync(recording(nistFile(machine)), 'utf8').split('\n');
  return lines.filter(line => line.slice(0, from.length) >= from && line.slice(0, to.length) < to).join('\n');
}

describe(
  'three days of three machines, in pieces, the newest first, with a kill -9 after each round',
  needs(...NIST.map(nistFile)),
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'oee-pieces-'));
    let engine: EngineChild;
    before(async () => {
      engine = await startEngineChild('test/support/plants/nist.yaml');
      for (const [from, to] of [CUTS.slice(1), CUTS.slice(0, 2)] as [string, string][]) {
        for (const machine of NIST) {
          const file = join(folder, `${machine}.shdr`);
          writeFileSync(file, piece(machine, from, to));
          const { exit, text } = await replayInto(engine, file);
          assert.equal(exit, 0, text);
          await everythingTold(engine);
        }
        await engine.kill();
        await engine.start();
      }
      await everythingTold(engine);
    });
    after(async () => {
      rmSync(folder, { recursive: true });
      await engine.close();
    });

    const storedMs = async (machine: string, and = ''): Promise<number> => {
      const where = `"unit"='${machine}' ${and}`;
      const [row] = await engine.influx.rows(`SELECT SUM("durationMs") AS ms FROM machine_state WHERE ${where}`);
      return Number(row?.ms ?? 0);
    };

    test('milliseconds per value are those of the whole three days', async () => {
      for (const machine of NIST) {
        const { span, msByValue } = shdrTruth(piece(machine, CUTS[0], CUTS[2]), 'execution');
        const ms: Record<string, number> = {};
        for (const { state, from, to } of await engine.timeline(machine, span.from, span.to)) {
          ms[String(state)] = (ms[String(state)] ?? 0) + Date.parse(to) - Date.parse(from);
        }
        assert.deepEqual(ms, Object.fromEntries(Object.entries(msByValue).filter(([, each]) => each > 0)), machine);
        for (const [value, expected] of Object.entries(msByValue)) {
          assert.equal(await storedMs(machine, `AND "state"='${value}'`), expected, `${machine} ${value} in InfluxDB`);
        }
        // what was told of the time before the older pieces came is taken back
        assert.equal(await storedMs(machine), span.to - span.from, `${machine}: nothing else in InfluxDB`);
      }
    });

    test('every window that GET gives is in InfluxDB, known now and as reported, revision by revision', async t => {
      let windows = 0;
      let restated = 0;
      for (const unit of [...NIST, ...ABOVE]) {
        for (const kind of ['day', 'shift', 'hour', 'minute']) {
          windows += await sameInHistory(engine, { unit, kind, ...ALL });
          const where = `"unit"='${unit}' AND "window"='${kind}' AND revision > 0`;
          const [row] = await engine.influx.rows(`SELECT COUNT("start") AS n FROM oee WHERE ${where}`);
          restated += Number(row?.n ?? 0);
        }
      }
      t.diagnostic(`${windows} windows compared, ${restated} of them restated`);
      assert.ok(restated > 0);
    });
  },
);
