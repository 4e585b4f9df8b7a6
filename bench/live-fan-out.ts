// Live fan-out: a thousand WebSocket clients, a tenth of them stalled, beside the same thousand with nobody stalled.
// In: a hub in a process of its own. Out: the ratio of the others' delays, the server's memory, and that everybody knows the truth at last.
// Touches: a child process, loopback sockets.

import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Answer, Size } from './answer.ts';
import { median } from './harness.ts';
import { type CrowdMember, gatherCrowd, type HostOrder, type HostReport } from './live-crowd.ts';

const CLIENTS: Readonly<Record<Size, number>> = { smoke: 50, full: 1_000 };
const STALLED_PART = 0.1;
const PAIRS: Readonly<Record<Size, number>> = { smoke: 2, full: 8 };
const ROUNDS: Readonly<Record<Size, number>> = { smoke: 5, full: 6 };
const EVERY_MS: Readonly<Record<Size, number>> = { smoke: 100, full: 1_000 };
/** Frames of 64 kB that are sent to fill the line of a client that does not read; far more than any system holds. */
const FLOOD_MAX = 2_000;
const PATIENCE_MS = 60_000;

interface Part {
  readonly p50: number;
  readonly p99: number;
  readonly memory: number;
  readonly coalesced: number;
  readonly cpuMs: number;
}

class Host {
  #coalesced = 0;
  constructor(readonly child: ChildProcess) {}

  async order(
    what: HostOrder['do'],
    rounds: number,
    everyMs: number,
  ): Promise<HostReport & { newlyCoalesced: number }> {
    this.child.send({ do: what, rounds, everyMs } satisfies HostOrder);
    const [report] = (await once(this.child, 'message')) as [HostReport];
    const newlyCoalesced = report.coalesced - this.#coalesced;
    this.#coalesced = report.coalesced;
    return { ...report, newlyCoalesced };
  }
}

/** Until each of them has more waiting than the hub keeps whole: from then on everything for them is coalesced. */
async function stallAll(host: Host, stalled: readonly CrowdMember[]): Promise<void> {
  for (const member of stalled) member.stall();
  for (let sent = 0; sent < FLOOD_MAX; sent += 1) {
    const { newlyCoalesced } = await host.order('flood', 1, 5);
    if (newlyCoalesced >= stalled.length) return;
  }
  throw new Error('the stalled clients are never behind');
}

/** One part: the plant speaks; how late did it come to those who read? */
async function playPart(
  host: Host,
  crowd: readonly CrowdMember[],
  stalled: readonly CrowdMember[],
  size: Size,
): Promise<Part> {
  const judged = crowd.filter(member => !stalled.includes(member));
  if (stalled.length > 0) await stallAll(host, stalled);
  // the first tick behind whatever came before it is not judged
  await knowing(judged, await host.order('rounds', 1, EVERY_MS[size]));
  for (const { offsets, instants } of crowd) {
    offsets.length = 0;
    instants.length = 0;
  }
  const report = await host.order('rounds', ROUNDS[size], EVERY_MS[size]);
  await knowing(judged, report);
  const publishedAt = new Map(report.publishedAt);
  const delays = judged.flatMap(({ offsets, instants }) =>
    offsets.map((offset, n) => (instants[n] ?? Number.NaN) - (publishedAt.get(offset) ?? Number.NaN)),
  );
  if (delays.length !== judged.length * publishedAt.size || delays.some(Number.isNaN)) {
    throw new Error(`${delays.length} frames came to ${judged.length} clients, of ${publishedAt.size} each`);
  }
  const sorted = Float64Array.from(delays).sort();
  for (const member of stalled) member.resume();
  await knowing(crowd, report);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), memory: report.memory, coalesced: report.newlyCoalesced, cpuMs: report.cpuMs };
}

/** Everybody ends with what is true, word for word, also who got only the newest of it. */
async function knowing(members: readonly CrowdMember[], { truth }: HostReport): Promise<void> {
  const keys = Object.keys(truth);
  const knowsAll = ({ knows }: CrowdMember): boolean => keys.every(key => knows.get(key)?.toString() === truth[key]);
  const deadline = performance.now() + PATIENCE_MS;
  for (const [place, member] of members.entries()) {
    while (!knowsAll(member)) {
      if (member.closed()) throw new Error(`client ${place} was cut`);
      if (performance.now() > deadline) throw new Error(`client ${place} never learns the truth`);
      await pause(10);
    }
  }
}

export async function liveFanOut(size: Size): Promise<Answer> {
  const child = fork(fileURLToPath(new URL('live-host.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const host = new Host(child);
  const crowd: CrowdMember[] = [];
  try {
    const stalling = Math.round(CLIENTS[size] * STALLED_PART);
    crowd.push(...(await gatherCrowd(`ws://127.0.0.1:${port}/v1/live`, CLIENTS[size], stalling)));
    const stalled = crowd.slice(0, stalling);
    await playPart(host, crowd, [], size);
    const [free, held]: [Part[], Part[]] = [[], []];
    for (let pair = 0; pair < PAIRS[size]; pair += 1) {
      for (const turn of pair % 2 === 0 ? [free, held] : [held, free]) {
        turn.push(await playPart(host, crowd, turn === held ? stalled : [], size));
      }
    }
    const { truth } = await host.order('look', 0, 0);
    return answerOf(size, free, held, createHash('sha256').update(JSON.stringify(truth)).digest('hex').slice(0, 12));
  } finally {
    for (const member of crowd) member.end();
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  }
}

function answerOf(size: Size, free: readonly Part[], held: readonly Part[], checksum: string): Answer {
  const of = (parts: readonly Part[], field: keyof Part): number => median(parts.map(part => part[field]));
  const ratios = held.map(({ p99 }, pair) => p99 / (free[pair]?.p99 ?? Number.NaN));
  const mb = (parts: readonly Part[]): number => Math.max(...parts.map(part => part.memory)) / 1e6;
  const perFrame = (of(free, 'cpuMs') * 1000) / (ROUNDS[size] * 40 * CLIENTS[size]);
  return {
    question: `${CLIENTS[size]} live clients, a tenth of them stalled: how much later do the others hear?`,
    figures: [
      { what: 'p50 of the others, nobody stalled', value: of(free, 'p50'), unit: 'ms' },
      { what: 'p50 of the others, a tenth stalled', value: of(held, 'p50'), unit: 'ms' },
      { what: 'p99 of the others, nobody stalled', value: of(free, 'p99'), unit: 'ms' },
      { what: 'p99 of the others, a tenth stalled', value: of(held, 'p99'), unit: 'ms' },
      { what: 'CPU of the server per frame and client, nobody stalled', value: perFrame, unit: 'µs' },
      { what: 'memory of the server, nobody stalled', value: mb(free), unit: 'MB' },
      { what: 'memory of the server, a tenth stalled', value: mb(held), unit: 'MB' },
      { what: 'frames coalesced for the stalled, in each part', value: of(held, 'coalesced'), unit: 'frames' },
      { what: 'lowest of the pairs', value: Math.min(...ratios), unit: `of ${ratios.length}` },
      { what: 'highest of the pairs', value: Math.max(...ratios), unit: `of ${ratios.length}` },
    ],
    verdict: {
      what: 'p99 with over p99 without',
      value: median(ratios),
      aim: { atMost: 1.25 },
      // a few milliseconds in smoke size, which any neighbour on the machine multiplies
      floor: size === 'smoke' ? 50 : 5,
    },
    checksum,
  };
}
