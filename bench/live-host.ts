// Live host: the hub with its bounds of the program, in a process of its own, and a plant that speaks when it is told to.
// In: words of the bench over the channel. Out: frames on the socket; over the channel when each was published, what is true at last, memory.
// Touches: a loopback port, the clock.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Output } from '../src/core/result.ts';
import { resultToWire, stateToWire } from '../src/core/result-to-wire.ts';
import { createLiveHub } from '../src/sinks/live/live-hub.ts';
import { madeUpResult, madeUpState, madeUpTally } from '../test/support/made-up-outputs.ts';
import { HEAVY, type HostOrder, type HostReport, sharedClock, UNITS } from './live-crowd.ts';

const HEAVY_BYTES = 64 * 1024;
/** The bounds of the program, but nobody is cut while it is measured: who is cut is no burden any more. */
const BOUNDS = {
  ringMax: 20_000,
  clientsMax: 2_000,
  bufferedMaxBytes: 1_000_000,
  slowMs: 600_000,
  heartbeatMs: 600_000,
};

const hub = createLiveHub({
  ...BOUNDS,
  epoch: 'bench',
  placeOf: () => ({}),
  now: Date.now,
  setTimer: (run, afterMs) => {
    const timer = setTimeout(run, afterMs);
    return () => clearTimeout(timer);
  },
});
const truth: Record<string, string> = {};
let round = 0;

/** One tick of a plant: of every unit its shift and what it does. */
function tick(): Output[] {
  round += 1;
  return Array.from({ length: UNITS }, (_, n) => {
    const unit = `unit-${n}`;
    const edge = round * 1_000;
    const tally = madeUpTally({ producing: edge, total: round * (n + 1), good: round * (n + 1) - 1, reject: 1 });
    const result = madeUpResult(unit, 'shift', { start: 0, end: 28_800_000, edge, tally });
    const state = madeUpState(unit, { at: edge, category: round % 3 === 0 ? 'starved' : 'producing' });
    truth[`result ${unit}`] = JSON.stringify(resultToWire(result));
    truth[`state ${unit}`] = JSON.stringify(stateToWire(state));
    return [result, state];
  }).flat();
}

function heavy(): Output[] {
  round += 1;
  return [madeUpResult(HEAVY, 'hour', { why: 'x'.repeat(HEAVY_BYTES), edge: round })];
}

async function obey({ do: what, rounds, everyMs }: HostOrder): Promise<HostReport> {
  const publishedAt: [number, number][] = [];
  const cpu = process.cpuUsage();
  let memory = process.memoryUsage().rss;
  for (let n = 0; n < rounds; n += 1) {
    const outputs = what === 'rounds' ? tick() : what === 'flood' ? heavy() : [];
    const at = sharedClock();
    const first = hub.stats().published;
    hub.publish(outputs);
    for (let offset = first + 1; offset <= hub.stats().published; offset += 1) publishedAt.push([offset, at]);
    await new Promise(resolve => setTimeout(resolve, everyMs));
    memory = Math.max(memory, process.memoryUsage().rss);
  }
  const { published: offset, coalesced } = hub.stats();
  const { user, system } = process.cpuUsage(cpu);
  return { publishedAt, truth, offset, coalesced, memory, cpuMs: (user + system) / 1000 };
}

if (process.send !== undefined) {
  const server = createServer();
  hub.attach(server);
  process.on('message', (order: HostOrder) => void obey(order).then(report => process.send?.(report)));
  process.once('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', 4_096, () => process.send?.({ port: (server.address() as AddressInfo).port }));
}
