// Chaos: the same events once in peace and twice under fire: workers, Redis, masters of a cluster die; nobody can tell afterwards.
// In: made-up hours of a plant; CHAOS=full: a million events and a hundred dead workers; SEED. Out: the same bytes; figures of the run.
// Touches the real program, Redis, a Redis Cluster and InfluxDB as child processes.

import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { chanceOf } from '../support/chance-of.ts';
import { chaosForm } from '../support/chaos-form.ts';
import { type ChaosLedger, chaosLedger } from '../support/chaos-ledger.ts';
import { type ChaosPrint, firstDifference } from '../support/chaos-print.ts';
import { type ChaosOutcome, type ChaosPlan, chaosRun } from '../support/chaos-run.ts';
import { type ChaosServers, oneRedis, redisCluster } from '../support/chaos-servers.ts';
import { agreesWithLedger } from '../support/chaos-verdict.ts';
import { type InfluxChild, startInfluxChild } from '../support/influx-child.ts';

const FORM = chaosForm(process.env.CHAOS, process.env.SEED);
const WORKERS = 3;

let influx: InfluxChild;
let ledger: ChaosLedger;
let calm: ChaosPrint;

type Run = Pick<ChaosPlan, 'workers' | 'faults' | 'database'>;
async function runOn(open: () => Promise<ChaosServers>, run: Run): Promise<ChaosOutcome> {
  await influx.execute(`CREATE DATABASE ${run.database}`);
  const servers = await open();
  try {
    return await chaosRun({ form: FORM, servers, influx: influx.url, ...run });
  } finally {
    await servers.close();
  }
}

before(async () => {
  influx = await startInfluxChild('calm');
  ledger = chaosLedger(FORM);
  const outcome = await runOn(() => oneRedis(chanceOf(FORM.seed)), { workers: 0, faults: {}, database: 'calm' });
  agreesWithLedger(outcome, ledger, FORM);
  calm = outcome.print;
});
after(() => influx?.close());

/** The same in every byte; every event accounted for. */
function sameAsCalm(t: TestContext, outcome: ChaosOutcome, befell: string): void {
  const { print, receipts, struck, busy } = outcome;
  const faults = `${struck.worker} workers killed, ${busy} of them with work in hand, ${struck.sleep} asleep beyond their lease, ${befell}`;
  const told = `${print.windows} windows and ${print.rows} rows of InfluxDB`;
  t.diagnostic(`${receipts.sent} events, ${receipts.refusals} refusals; ${faults}; ${told}`);
  t.diagnostic(`sha256 in peace   ${calm.sha256}`);
  t.diagnostic(`sha256 under fire ${print.sha256}`);
  agreesWithLedger(outcome, ledger, FORM);
  assert.equal(firstDifference(calm, print), '');
  assert.equal(print.sha256, calm.sha256);
}

test('three workers and one Redis that are killed again and again leave every window and every row as they are in peace', async t => {
  const faults = { worker: FORM.workerKills, sleep: FORM.sleeps, redis: FORM.redisKills };
  const outcome = await runOn(() => oneRedis(chanceOf(FORM.seed)), { workers: WORKERS, faults, database: 'killed' });
  assert.deepEqual(outcome.struck, { ...faults, slot: 0 });
  assert.ok(outcome.busy > 0, 'some of them had work in hand');
  sameAsCalm(t, outcome, `Redis killed ${faults.redis} times`);
});

test('a Redis Cluster whose masters die and whose slot moves under load leaves every window and every row as they are in peace', async t => {
  const faults = { worker: FORM.clusterWorkerKills, sleep: FORM.sleeps, redis: FORM.failOvers, slot: 1 };
  const outcome = await runOn(() => redisCluster(chanceOf(FORM.seed)), {
    workers: WORKERS,
    faults,
    database: 'failed',
  });
  assert.deepEqual(outcome.struck, faults);
  sameAsCalm(t, outcome, `${faults.redis} fail-overs, ${faults.slot} slot moved`);
});
