// Judge influx: what the facts about an InfluxDB mean.
// In: what was seen. Out: findings with remedies.
// Pure.

import type { InfluxLook } from '../sinks/influx/influx-look.ts';
import { bad, type Finding, ok, warn } from './finding.ts';
import { judgeSkew } from './judge-redis.ts';

/** Its date has whole seconds. */
const DATE_UNSURE_MS = 1_000;

export function judgeInflux(look: InfluxLook): Finding[] {
  const { url, bucket, version, away, skewMs, refusal } = look;
  if (version === null) {
    return [
      warn(
        'influxdb',
        `${url} does not answer (${away ?? 'no reason'})`,
        'Start it, or check INFLUX_URL; what it misses is kept in the journal.',
      ),
    ];
  }
  const found = [ok('influxdb', `version ${version} at ${url}`)];
  if (refusal === null) found.push(ok('influxdb', `"${bucket}" is there and takes points`));
  else found.push(judgeRefusal(bucket, refusal));
  if (skewMs !== null) found.push(judgeSkew('influxdb', skewMs, DATE_UNSURE_MS));
  return found;
}

function judgeRefusal(bucket: string, { status, said }: NonNullable<InfluxLook['refusal']>): Finding {
  const what = `answers ${status} to a write into "${bucket}": ${said}`;
  if (status === 401 || status === 403) {
    return bad(
      'influxdb',
      what,
      'Set INFLUX_TOKEN (2.x, 3.x), or user and password in INFLUX_URL (1.x), of somebody who may write there.',
    );
  }
  if (status === 404 && /database not found/i.test(said)) {
    return warn(
      'influxdb',
      `there is no database "${bucket}" yet`,
      'Nothing to do if our user may create it: the engine does so at its first write.',
    );
  }
  if (status === 404) return bad('influxdb', what, 'Create the bucket, or check INFLUX_BUCKET and INFLUX_ORG.');
  return warn('influxdb', what, 'Look at its log; points wait in the journal until it takes them.');
}
