// Influx look: an InfluxDB as somebody sees it who only looks: is it there, which one, may we write, is the place there.
// In: where it is and as whom. Out: facts; a dry write of no points, which is asked for the same rights as a real one.
// Touches the network, and leaves nothing behind.

import { type InfluxOptions, influxAddress } from './influx-address.ts';

export interface InfluxLook {
  readonly url: string;
  readonly bucket: string;
  /** null: it does not answer */
  readonly version: string | null;
  /** why it does not answer */
  readonly away: string | null;
  /** its clock minus ours by its answer's date, which has whole seconds; null: it tells none */
  readonly skewMs: number | null;
  /** what it said to a write without points; null: it would have taken points */
  readonly refusal: { readonly status: number; readonly said: string } | null;
}

const ANSWER_MAX_MS = 3_000;
const SAID_MAX = 200;
/** A comment of line protocol: no point, but the way to the database is asked as for one. */
const NO_POINT = '# oee doctor\n';
/** 2.x answers a body without points so, once it has let us in and found the bucket. */
const ABOUT_NO_POINTS = /no (data|points|values)|requires points|empty|nothing to write/i;

export async function lookAtInflux(options: InfluxOptions, ask: typeof fetch, now: () => number): Promise<InfluxLook> {
  const { url, bucket, token, headers, writePath } = influxAddress(options);
  const access = token === null ? headers : { ...headers, authorization: `Token ${token}` };
  const signal = (): AbortSignal => AbortSignal.timeout(ANSWER_MAX_MS);
  try {
    const ping = await ask(`${url}/ping`, { headers: access, signal: signal() });
    const date = Date.parse(ping.headers.get('date') ?? '');
    const skewMs = Number.isNaN(date) ? null : date - Math.floor(now() / 1_000) * 1_000;
    const written = await ask(`${url}${writePath}`, {
      method: 'POST',
      headers: { ...access, 'content-type': 'text/plain; charset=utf-8' },
      body: NO_POINT,
      signal: signal(),
    });
    const said = (await written.text()).trim().slice(0, SAID_MAX);
    const taken = written.status === 204 || (written.status === 400 && ABOUT_NO_POINTS.test(said));
    const version = ping.headers.get('x-influxdb-version') ?? 'of unknown version';
    return { url, bucket, version, away: null, skewMs, refusal: taken ? null : { status: written.status, said } };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return { url, bucket, version: null, away: cause?.code ?? message, skewMs: null, refusal: null };
  }
}
