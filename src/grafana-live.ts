// Grafana live: the push into Grafana's live channel, where one is configured, and how it does, for the health check.
// In: config, the plant's places. Out: a push and its check; one that does nothing where none is wanted.
// Touches timers and the network, through the push.

import type { Config } from './config.ts';
import type { Neighbour } from './engine/health-routes.ts';
import type { UnitPlace } from './plant-places.ts';
import { type GrafanaPush, grafanaPush } from './sinks/grafana/grafana-push.ts';
import { outputToLines } from './sinks/influx/result-to-lines.ts';

export interface GrafanaLive extends Pick<GrafanaPush, 'take' | 'close'> {
  readonly checks: readonly Neighbour[];
}

const NO_PLACE: UnitPlace = { site: null, area: null, line: null };

/** Of several processes those push that answer questions: they hear of everything. */
export function openGrafanaLive(
  { grafanaLive, roles }: Pick<Config, 'grafanaLive' | 'roles'>,
  places: ReadonlyMap<string, UnitPlace>,
): GrafanaLive {
  if (grafanaLive === null || !roles.web) return { take: () => undefined, close: async () => undefined, checks: [] };
  const push = grafanaPush({
    ...grafanaLive,
    linesOf: output => outputToLines(output, unit => places.get(unit) ?? NO_PLACE),
    fetch,
    setTimer: (run, afterMs) => {
      const timer = setTimeout(run, afterMs);
      return () => clearTimeout(timer);
    },
  });
  return { ...push, checks: [{ name: 'grafana-live', required: false, check: async () => push.trouble() }] };
}
