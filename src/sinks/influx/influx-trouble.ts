// Influx trouble: what an answer of InfluxDB means: bad data, a missing database, or a neighbour to be patient with.
// In: an error of the client. Out: one of the three.
// Pure.

import { HttpError } from '@influxdata/influxdb-client';
import { SinkError } from '../sink.ts';
import type { InfluxAddress } from './influx-address.ts';

export type InfluxTrouble =
  /** some of these lines will never be taken; the good ones may be in already */
  | { readonly kind: 'data'; readonly message: string }
  | { readonly kind: 'noDatabase'; readonly error: SinkError }
  | { readonly kind: 'neighbour'; readonly error: SinkError };

/** A 400 about the address, not about a line: no point may be given up for it. */
const ABOUT_A_LINE = /partial write|parse|type conflict|retention policy\b.*\bdropped|limit exceeded/i;
const ABOUT_THE_ADDRESS =
  /^(database is required|retention policy not found|invalid precision)|\b(bucket|org\w*)\b.*\b(not found|required)\b/i;

/** Nobody was reached. */
const NOBODY_THERE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** Somebody between us and InfluxDB gave up waiting for it. */
const GIVEN_UP = new Set([408, 499, 502, 504]);

/** Whether nothing of the request can be stored any more; one that was broken off may be in InfluxDB's hands. */
function isOver(error: unknown): boolean {
  if (error instanceof HttpError) return !GIVEN_UP.has(error.statusCode);
  return error instanceof Error && 'code' in error && NOBODY_THERE.has(String(error.code));
}

export function troubleOf(error: unknown, address: InfluxAddress): InfluxTrouble {
  const where = `InfluxDB at ${address.url}`;
  const neighbour = (code: string, what: string, hint: string, retryAfterMs: number | null = null): InfluxTrouble => ({
    kind: 'neighbour',
    error: new SinkError(code, `${where} ${what}`, hint, retryAfterMs, { cause: error, isOver: isOver(error) }),
  });
  if (!(error instanceof HttpError)) {
    const hint = 'Start it, or set INFLUX_URL to where it runs. Points wait in the journal until it answers.';
    return neighbour('OEE_INFLUX_AWAY', `does not answer: ${reasonOf(error)}`, hint);
  }
  const said = saidBy(error);
  const status = error.statusCode;
  const aboutTheAddress = !ABOUT_A_LINE.test(said) && ABOUT_THE_ADDRESS.test(said);
  if (status === 413 || ((status === 400 || status === 422) && !aboutTheAddress))
    return { kind: 'data', message: said };
  if (status === 404) return missing(address, where, said, error);
  if (status === 401 || status === 403) {
    const hint =
      'Set INFLUX_TOKEN (2.x, 3.x), or user and password in INFLUX_URL (1.x), of somebody who may write there.';
    return neighbour('OEE_INFLUX_DENIED', `does not let us write (${status}): ${said}`, hint);
  }
  if (status === 400 || status === 422) {
    const hint = 'Check INFLUX_BUCKET and INFLUX_ORG: the bucket (1.x: the database) must be there.';
    return neighbour('OEE_INFLUX_ADDRESS', `does not know where to write: ${said}`, hint);
  }
  const hint = 'Nothing to do unless it goes on: points wait in the journal and are sent again.';
  const code = status === 429 || status === 503 ? 'OEE_INFLUX_BUSY' : 'OEE_INFLUX_FAILED';
  return neighbour(code, `answered ${status}: ${said}`, hint, retryAfterMs(error));
}

function missing(address: InfluxAddress, where: string, said: string, cause: HttpError): InfluxTrouble {
  const hint =
    address.api === 1
      ? `Create it (CREATE DATABASE "${address.bucket}"), or check INFLUX_URL: is an InfluxDB there?`
      : 'Create the bucket, or check INFLUX_BUCKET and INFLUX_ORG. Points wait in the journal until it is there.';
  const message = `${where} answered 404: ${said}`;
  const error = new SinkError('OEE_INFLUX_NO_DATABASE', message, hint, null, { cause, isOver: true });
  return { kind: address.api === 1 && /database not found/i.test(said) ? 'noDatabase' : 'neighbour', error };
}

function saidBy(error: HttpError): string {
  const { error: one, message: two } = (error.json ?? {}) as { error?: unknown; message?: unknown };
  const details = JSON.stringify((error.json as { data?: unknown } | undefined)?.data) ?? '';
  const said = [two, one].find(text => typeof text === 'string') ?? error.body ?? error.statusMessage ?? '';
  return `${said} ${details}`.trim().slice(0, SAID_MAX);
}
/** As much of an answer as a dead letter or a log line carries. */
const SAID_MAX = 500;

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code ?? (error.message || error.name);
}

/** Seconds, or a date, which is read against the answer's own clock. */
function retryAfterMs(error: HttpError): number | null {
  const header = (name: string): string | null => {
    const value = error.headers?.[name];
    return typeof value === 'string' ? value : null;
  };
  const after = header('retry-after');
  if (after === null) return null;
  if (/^\d+$/.test(after)) return Number(after) * 1000;
  const wait = Date.parse(after) - Date.parse(header('date') ?? '');
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}
