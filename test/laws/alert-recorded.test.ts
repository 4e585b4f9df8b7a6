// Law of a recording: weeks of three real machine tools, lived hour by hour and replayed in one go, raise the same alerts.
// In: MTConnect recordings. Out: the alerts that stand, with their ids and times.
// Touches the recordings.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseEvent } from '../../src/core/event.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { shdrFormat } from '../../src/ingest/mtconnect/shdr-format.ts';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import { ruleOf, standing } from '../support/alert-rig.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { NIST, needs, nistFile, recording } from '../support/recordings.ts';

interface Recorded {
  readonly at: number;
  readonly event: object;
}

async function recordedEvents(): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for (const file of NIST.map(nistFile)) {
    for await (const each of shdrFormat.read({
      path: recording(file),
      machine: null,
      mapping: null,
      onBytes: () => {},
    })) {
      if (!('event' in each)) continue;
      const event = parseEvent(each.event, 0);
      if (!isRejection(event)) events.push({ at: event.at, event: each.event as object });
    }
  }
  return events;
}

test(
  'weeks of real machine tools, lived and replayed, raise the same alerts, ids and times',
  needs(...NIST.map(nistFile)),
  async () => {
    const file = fileURLToPath(new URL('../support/plants/nist.yaml', import.meta.url));
    const parsed = parsePlant(readFileSync(file, 'utf8'), file);
    assert.ok(!('faults' in parsed));
    const units = parsed.machines.map(machine => machine.id);
    const low = { kind: 'ratioBelow', ratio: 'availability', window: 'last60m', limit: 0.2, clear: 0.4 } as const;
    const plant = {
      ...parsed,
      alerts: [
        ruleOf({ id: 'stands', units, condition: { kind: 'stopLonger', longerMs: HOUR_MS } }),
        ruleOf({ id: 'silent', units, condition: { kind: 'silentLonger', longerMs: HOUR_MS } }),
        ruleOf({ id: 'low', units, condition: low, forMs: 15 * MINUTE_MS }),
      ],
    };
    const events = (await recordedEvents()).sort((a, b) => a.at - b.at);
    const [begin, end] = [events[0]?.at ?? 0, events.at(-1)?.at ?? 0];
    const lived = new PipelineRig(plant, begin);
    for (let now = begin, next = 0; now <= end + HOUR_MS; now += HOUR_MS) {
      const from = next;
      while ((events[next]?.at ?? Number.POSITIVE_INFINITY) <= now) next += 1;
      if (next > from)
        lived.events(
          events.slice(from, next).map(each => each.event),
          now,
        );
      lived.tick(now);
    }
    const replayed = new PipelineRig(plant, begin);
    for (let first = 0; first < events.length; first += 1_000)
      replayed.events(
        events.slice(first, first + 1_000).map(each => each.event),
        end,
      );
    for (const rig of [lived, replayed]) rig.tick(end + 2 * HOUR_MS).tick(end + 2 * HOUR_MS + MINUTE_MS);
    const alerts = standing(lived);
    assert.deepEqual(standing(replayed), alerts);
    assert.ok(alerts.length > 10, `${alerts.length} alerts in those weeks`);
  },
);
