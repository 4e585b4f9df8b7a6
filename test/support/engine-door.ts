// Engine door: what a test asks of a running engine, as any neighbour would: over HTTP.
// In: its address. Out: answers, figures, and patience until they are right.
// Touches loopback.

import { setTimeout as wait } from 'node:timers/promises';
import type { WireInterval, WireResult } from '../../src/core/result-to-wire.ts';

/** How long a question is asked again before the test gives up: generous, for machines that do much else. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 50;

export interface EngineDoor {
  get<T>(path: string): Promise<T>;
  post(body: string, type?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Sends events until the engine has said yes, through its deaths. */
  send(events: readonly object[]): Promise<{ accepted: number; duplicates: number; rejected: unknown[] }>;
  results(query: Readonly<Record<string, string | number>>): Promise<WireResult[]>;
  timeline(unit: string, from: number, to: number): Promise<WireInterval[]>;
  /** Asks until the answer satisfies. */
  until<T>(what: string, ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T>;
  /** Value of a metric, summed over its labels that contain the words. */
  metric(name: string, ...labels: string[]): Promise<number>;
  /** Waits until everything sent so far is worked in and every sink has it. */
  settled(): Promise<void>;
}

async function until<T>(what: string, ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  let last: unknown = 'no answer';
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (good(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await wait(LOOK_MS);
  }
  const said = last instanceof Error ? last.stack : JSON.stringify(last)?.slice(0, 2_000);
  throw new Error(`waited in vain for: ${what}; last: ${said}`);
}

export function engineDoor(url: string): EngineDoor {
  const get = async <T>(path: string): Promise<T> => (await (await fetch(new URL(path, url))).json()) as T;
  const post: EngineDoor['post'] = async (body, type = 'application/json') => {
    const answer = await fetch(new URL('/v1/events', url), { method: 'POST', headers: { 'content-type': type }, body });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const metric: EngineDoor['metric'] = async (name, ...labels) => {
    const text = await (await fetch(new URL('/metrics', url))).text();
    return text
      .split('\n')
      .filter(line => line.startsWith(`${name}{`) && labels.every(label => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  };
  return {
    get,
    post,
    until,
    metric,
    send: async events => {
      const body = events.map(event => JSON.stringify(event)).join('\n');
      const ask = () => post(body, 'application/x-ndjson');
      const answer = await until('an answer to events', ask, ({ status }) => status < 500);
      return answer.body as unknown as { accepted: number; duplicates: number; rejected: unknown[] };
    },
    results: async query => {
      const words = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
      return (await get<{ results: WireResult[] }>(`/v1/oee?${words}`)).results;
    },
    timeline: async (unit, from, to) =>
      (await get<{ intervals: WireInterval[] }>(`/v1/units/${unit}/timeline?from=${from}&to=${to}`)).intervals,
    settled: () => settled(metric),
  };
}

/** Read what was accepted; two ticks later the last restatement is told; then the sinks have to take it. */
async function settled(metric: EngineDoor['metric']): Promise<void> {
  const readAndSent = async (): Promise<readonly [number, number]> => [
    await metric('oee_journal_accepted_total'),
    await metric('oee_pipeline_events_total', 'outcome="read"'),
  ];
  await until('all events read', readAndSent, ([sent, read]) => read >= sent);
  const commits = (): Promise<number> => metric('oee_journal_commits_total');
  const before = await commits();
  await until('ticks', commits, now => now >= before + 20);
  const lag = (): Promise<number> => metric('oee_sinks_lag_outputs', 'influx');
  await until('sinks', lag, outputs => outputs < 200);
}
