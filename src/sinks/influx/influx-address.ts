// Influx address: where and how to write, for InfluxDB 1.x and for 2.x and 3.x.
// In: what somebody configured. Out: the client's connection, paths, and who may create what is missing.
// Pure.

export interface InfluxOptions {
  /** `http://host:8086`, with `user:password@` for a 1.x that asks for them */
  readonly url: string;
  /** bucket; on 1.x the database */
  readonly bucket: string;
  readonly token?: string | null;
  readonly org?: string | null;
  readonly username?: string | null;
  readonly password?: string | null;
  /** by default 2 when there is a token or an organisation (3.x speaks it too), else 1 */
  readonly api?: 1 | 2;
}

export interface InfluxAddress {
  readonly api: 1 | 2;
  /** without credentials, so that it can be told */
  readonly url: string;
  readonly bucket: string;
  readonly token: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly writePath: string;
}

export function influxAddress(options: InfluxOptions): InfluxAddress {
  const url = new URL(options.url);
  const username = options.username ?? decodeURIComponent(url.username);
  const password = options.password ?? decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  const token = options.token ?? null;
  const org = options.org ?? null;
  const api = options.api ?? (token !== null || org !== null ? 2 : 1);
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const query = new URLSearchParams(
    api === 1
      ? { db: options.bucket, precision: 'ms' }
      : { ...(org === null ? {} : { org }), bucket: options.bucket, precision: 'ms' },
  );
  return {
    api,
    url: url.href.replace(/\/$/, ''),
    bucket: options.bucket,
    token,
    headers: token === null && username !== '' ? { authorization: basic } : {},
    writePath: `${api === 1 ? '/write' : '/api/v2/write'}?${query}`,
  };
}
