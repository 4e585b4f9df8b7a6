// Influx sink: results and intervals into InfluxDB 1.x, 2.x or 3.x, each point once however often it is sent.
// In: outputs of one partition, in order. Out: what InfluxDB will never take; all the rest is stored.
// Touches an InfluxDB, by the official client's encoder and transport. Its write buffers are not used: they retry behind
// one's back and drop what they cannot hold; here the outbox is the buffer and its cursor the only retry.

import { InfluxDB } from '@influxdata/influxdb-client';
import type { Output, WindowResult } from '../../core/result.ts';
import { type OutboxPlace, type RefusedOutput, type Sink, SinkError } from '../sink.ts';
import { type InfluxOptions, influxAddress } from './influx-address.ts';
import { troubleOf } from './influx-trouble.ts';
import { isSliding, outputToLines, type PlaceOf, pointTime } from './result-to-lines.ts';

export interface InfluxSinkOptions extends InfluxOptions {
  readonly placeOf: PlaceOf;
  /** a request that is not answered by then is broken off */
  readonly requestMaxMs?: number;
}

/** About 2.5 MB a request, a tenth of what an InfluxDB takes by default; more lines make it no faster. */
const LINES_PER_REQUEST = 2_000;
/** A request that is not answered by then is broken off. */
const REQUEST_MAX_MS = 30_000;
/** What was broken off, or was in the kernel when its process died, is stored within the time of so many requests, or never. */
const LATE_REQUESTS = 2;
/** Sliding windows of so many (unit, kind) are remembered; beyond, all are forgotten, and some minutes written twice. */
const SLIDING_MAX = 1_000_000;

/** One point to write: the newest text of its key, and every output that led to it. */
interface Pending {
  text: string;
  readonly outputs: Output[];
}

export interface InfluxSink extends Sink {
  readonly lateMs: number;
  /** @param place left out where the outputs are nobody else's */
  write(outputs: readonly Output[], partition?: number, place?: OutboxPlace): Promise<readonly RefusedOutput[]>;
}

export function influxSink(options: InfluxSinkOptions): InfluxSink {
  return new LineWriter(options);
}

class LineWriter implements InfluxSink {
  readonly name = 'influx';
  readonly lateMs: number;
  private readonly address;
  private readonly client;
  private readonly placeOf: PlaceOf;
  /** (unit, kind) → minute of the sliding window that was written last */
  private readonly slidingMinute = new Map<string, number>();
  private readonly requestMaxMs: number;
  private readonly underWay = new Set<AbortController>();

  constructor(options: InfluxSinkOptions) {
    this.address = influxAddress(options);
    this.placeOf = options.placeOf;
    this.requestMaxMs = options.requestMaxMs ?? REQUEST_MAX_MS;
    this.lateMs = LATE_REQUESTS * this.requestMaxMs;
    const { url, token, headers } = this.address;
    // The client's own limit is for a silent socket only; ours is for the whole request and comes first.
    const timeout = this.requestMaxMs * 2;
    this.client = new InfluxDB({ url, headers: { ...headers }, timeout, ...(token === null ? {} : { token }) });
  }

  async write(outputs: readonly Output[], partition?: number, place?: OutboxPlace): Promise<readonly RefusedOutput[]> {
    const refused = new Map<Output, RefusedOutput>();
    const sliding = new Map<string, number>();
    const pending = [...this.encode(outputs, sliding, refused).values()];
    for (let from = 0; from < pending.length; from += LINES_PER_REQUEST) {
      if (from > 0 && place?.holds() === false) throw notOurs(partition);
      await this.send(pending.slice(from, from + LINES_PER_REQUEST), refused);
    }
    // Only now: what was not written must not be taken for written when it comes again.
    if (this.slidingMinute.size > SLIDING_MAX) this.slidingMinute.clear();
    for (const [key, minute] of sliding) this.slidingMinute.set(key, minute);
    return [...refused.values()];
  }

  async close(): Promise<void> {
    for (const request of this.underWay) request.abort();
  }

  /** Points of one key in one request are stored in no certain order: only the newest of them is sent. */
  private encode(
    outputs: readonly Output[],
    sliding: Map<string, number>,
    refused: Map<Output, RefusedOutput>,
  ): Map<string, Pending> {
    const pending = new Map<string, Pending>();
    for (const output of outputs) {
      if (output.type === 'result' && isSliding(output) && !this.isNewMinute(output, sliding)) continue;
      try {
        for (const { key, text } of outputToLines(output, this.placeOf)) {
          const known = pending.get(key);
          if (known === undefined) pending.set(key, { text, outputs: [output] });
          else {
            known.text = text;
            known.outputs.push(output);
          }
        }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        refuse(
          refused,
          [output],
          'OEE_INFLUX_NO_FORM',
          message,
          'Rename the unit or shift, or correct the number, and replay it.',
        );
      }
    }
    return pending;
  }

  private isNewMinute(result: WindowResult, seen: Map<string, number>): boolean {
    const key = `${result.unit}\n${result.kind}`;
    const minute = pointTime(result);
    if ((seen.get(key) ?? this.slidingMinute.get(key)) === minute) return false;
    seen.set(key, minute);
    return true;
  }

  /** InfluxDB names one bad line of many at best, and may have stored the others: halve until the bad ones stand alone. */
  private async send(points: readonly Pending[], refused: Map<Output, RefusedOutput>): Promise<void> {
    const complaint = await this.post(points);
    const [first] = points;
    if (complaint === null || first === undefined) return;
    if (points.length === 1) {
      const remedy =
        'Correct what it complains about (a field with another type, a limit, a retention), and replay it.';
      refuse(refused, first.outputs, 'OEE_INFLUX_REFUSED', `InfluxDB refused the point: ${complaint}`, remedy);
      return;
    }
    const half = points.length >>> 1;
    await this.send(points.slice(0, half), refused);
    await this.send(points.slice(half), refused);
  }

  /** @returns null when all is stored, otherwise what InfluxDB says about the data. @throws SinkError */
  private async post(points: readonly Pending[]): Promise<string | null> {
    const body = points.map(point => point.text).join('\n');
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    for (let created = false; ; created = true) {
      try {
        const status = await this.request(this.address.writePath, body, headers);
        // Only this is a yes: a proxy's friendly page is none.
        if (status === 204) return null;
        throw new Error(`answered ${status} where 204 means stored`);
      } catch (error) {
        const trouble = troubleOf(error, this.address);
        if (trouble.kind === 'data') return trouble.message;
        if (trouble.kind === 'neighbour' || created) throw trouble.error;
        await this.createDatabase(trouble.error);
      }
    }
  }

  private async createDatabase(because: SinkError): Promise<void> {
    const name = this.address.bucket.replaceAll(/["\\]/g, '\\$&');
    const body = new URLSearchParams({ q: `CREATE DATABASE "${name}"` }).toString();
    try {
      await this.request('/query', body, { 'content-type': 'application/x-www-form-urlencoded' });
    } catch (error) {
      throw new SinkError(because.code, because.message, because.hint, null, { cause: error });
    }
  }

  private async request(path: string, body: string, headers: Record<string, string>): Promise<number> {
    const request = new AbortController();
    const overdue = setTimeout(() => request.abort(), this.requestMaxMs);
    this.underWay.add(request);
    let status = 0;
    try {
      const options = { method: 'POST', headers, signal: request.signal };
      await this.client.transport.request(path, body, options, (_, code) => {
        status = code ?? 0;
      });
      return status;
    } finally {
      clearTimeout(overdue);
      this.underWay.delete(request);
    }
  }
}

/** What was sent so far may lie over what its new owner wrote. */
const notOurs = (partition = 0): SinkError =>
  new SinkError(
    'OEE_INFLUX_NOT_OURS',
    `partition ${partition} went to another owner in the middle of a write`,
    'Nothing to do: its new owner writes all of it again.',
    null,
    { isAnswered: true },
  );

function refuse(
  refused: Map<Output, RefusedOutput>,
  outputs: readonly Output[],
  code: string,
  message: string,
  remedy: string,
): void {
  for (const output of outputs) refused.set(output, { output, code, message, remedy });
}
