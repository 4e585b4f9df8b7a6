// Clock steps: the clock of Redis is set by an hour, to and fro, or an id of the far future stands in the log: the figures go on.
// In: one morning of a machine whose clock is right, told to logs whose ids are wrong. Out: laws beside a log without trouble.
// Pure: the clocks are arguments.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tickBody } from '../../src/core/log-clock.ts';
import { packOutput } from '../../src/core/result.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const BEGIN = Date.UTC(2026, 10, 20, 6, 0, 3);
const END = BEGIN + 2 * HOUR_MS;
const TICK_MS = 10_000;
const FACT_MS = 40_000;
/** From one instant to another the clock is wrong by so much. */
interface Step {
  readonly from: number;
  readonly to: number;
  readonly byMs: number;
}
const STEP_FROM = BEGIN + 30 * MINUTE_MS;

interface Told {
  readonly rig: PipelineRig;
  /** for each window, at which true time it was told as final first */
  readonly finalAt: Readonly<Record<string, number>>;
}

/** @param ids the id that the log gives at a true time, before it is kept from falling */
function morning(ids: (now: number) => number, steady: (now: number) => number = now => now, restartAt = 0): Told {
  const rig = new PipelineRig(smallPlant(), BEGIN - 1);
  const finalAt: Record<string, number> = {};
  let last = 0;
  let seen = 0;
  const idAt = (now: number): number => {
    last = Math.max(last, ids(now));
    return last;
  };
  for (let now = BEGIN; now < END; now += TICK_MS) {
    if (now === restartAt) rig.restart();
    if ((now - BEGIN) % FACT_MS === 0) {
      rig.events([{ id: `c${now}`, machine: 'm1', at: now - 250, type: 'count', good: 30 }], idAt(now));
    }
    rig.entry('tick', tickBody(steady(now + 5), now < restartAt ? 'worker-1' : 'worker-2'), idAt(now + 5));
    for (const output of rig.outputs.slice(seen)) {
      if (output.type === 'result' && output.final) finalAt[`${output.unit} ${output.kind} ${output.start}`] ??= now;
    }
    seen = rig.outputs.length;
  }
  return { rig, finalAt };
}

const calm = morning(now => now);
const stepped =
  ({ from, to, byMs }: Step) =>
  (now: number) =>
    now >= from && now < to ? now + byMs : now;

function sameAsCalm({ rig, finalAt }: Told): void {
  assert.deepEqual(rig.deadLetters, []);
  assert.deepEqual(rig.partition.accounting, calm.rig.partition.accounting);
  const rows = ({ rig: of }: Told) => [...of.rows()].map(([name, row]) => [name, packOutput(row)]);
  assert.deepEqual(rows({ rig, finalAt }), rows(calm));
  assert.deepEqual(finalAt, calm.finalAt, 'no window closes early or late');
}

test('the morning has windows that close, and none is told of before its time', () => {
  assert.ok(Object.keys(calm.finalAt).length > 100);
  assert.equal(calm.rig.partition.accounting.inState, (2 * HOUR_MS) / FACT_MS);
});

for (const byMs of [HOUR_MS, -HOUR_MS]) {
  const way = byMs > 0 ? 'forward' : 'back';
  test(`the clock of Redis is set ${way} by an hour and right again after twenty minutes: as if nothing had happened`, () => {
    sameAsCalm(morning(stepped({ from: STEP_FROM, to: STEP_FROM + 20 * MINUTE_MS, byMs })));
  });

  test(`the clock of Redis is set ${way} by an hour and stays so: as if nothing had happened`, () => {
    sameAsCalm(morning(stepped({ from: STEP_FROM, to: END, byMs })));
  });

  test(`a new owner takes over while the clock of Redis is wrong by an hour ${way}: as if nothing had happened`, () => {
    const ids = stepped({ from: STEP_FROM, to: END, byMs });
    sameAsCalm(morning(ids, now => now, STEP_FROM + 10 * MINUTE_MS));
  });

  test(`a worker whose own clock is wrong by an hour ${way} changes nothing where Redis and the machines agree`, () => {
    sameAsCalm(
      morning(
        now => now,
        now => (now >= STEP_FROM + TICK_MS ? now + byMs : now),
        STEP_FROM + TICK_MS,
      ),
    );
  });
}

test('the machines say which clock is right: after a true correction of both clocks time is what they stamp', () => {
  // the clocks of Redis and of the first worker were an hour late until a person set them right
  const wrong = (now: number): number => (now < STEP_FROM ? now - HOUR_MS : now);
  const { rig } = morning(wrong, now => now - HOUR_MS);
  const sent = (2 * HOUR_MS) / FACT_MS;
  const { inState, deadLettered } = rig.partition.accounting;
  assert.equal(inState + deadLettered, sent);
  const after = (END - STEP_FROM) / FACT_MS;
  assert.ok(inState >= after, `all ${after} facts after the correction are in, ${inState} are`);
});

test('an entry with an id of the far future stops nothing: ticks go on, facts come in, windows close', () => {
  const farAhead = Date.UTC(2286, 10, 20);
  sameAsCalm(morning(now => (now >= STEP_FROM ? farAhead : now)));
  sameAsCalm(
    morning(
      now => (now >= STEP_FROM ? farAhead : now),
      now => now,
      STEP_FROM + 10 * MINUTE_MS,
    ),
  );
});
