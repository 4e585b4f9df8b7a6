// Live entrance: the hub as the engine's configuration wants it: its bounds, and who is let in.
// In: config, the desk, the plant's places. Out: a hub.
// Touches timers.

import type { IncomingMessage } from 'node:http';
import type { AccessDesk } from './access/access-desk.ts';
import { refusedAtDoor } from './access/front-door.ts';
import { isSecureSite, shownBy } from './access/request-look.ts';
import type { Config } from './config.ts';
import { type Caller, mayAct } from './core/access.ts';
import type { UnitPlace } from './plant-places.ts';
import { createLiveHub, type LiveHub } from './sinks/live/live-hub.ts';
import type { LivePorter } from './sinks/live/live-porter.ts';

const LIVE = {
  /** some minutes of a plant of a hundred machines */
  ringMax: 20_000,
  clientsMax: 2_000,
  bufferedMaxBytes: 1_000_000,
  slowMs: 30_000,
  heartbeatMs: 15_000,
};

export interface LiveBeginning {
  /** of this life of the process */
  readonly epoch: string;
  readonly now: () => number;
}

export function openHub(
  { liveToken, access }: Config,
  places: ReadonlyMap<string, UnitPlace>,
  desk: AccessDesk,
  { epoch, now }: LiveBeginning,
): LiveHub {
  return createLiveHub({
    ...LIVE,
    epoch,
    ...(desk.isOpen ? { token: liveToken } : { porter: porterOf(desk) }),
    refuses: headers => {
      const why = refusedAtDoor(headers, access, true);
      if (why !== null) desk.countRefusal(why.code);
      return why;
    },
    placeOf: unit => places.get(unit) ?? null,
    now,
    setTimer: (callback, afterMs) => {
      const timer = setTimeout(callback, afterMs);
      return () => clearTimeout(timer);
    },
  });
}

/** Whoever may look at figures may have them told. */
function porterOf(desk: AccessDesk): LivePorter {
  const mayLook = (caller: Caller | null): boolean => caller !== null && mayAct(caller.rank, 'viewer');
  return {
    greet: async ({ headers }: IncomingMessage, token) => {
      const shown = shownBy(headers, token, isSecureSite(desk.settings.publicUrl, 'http'));
      const stays = async (): Promise<boolean> => mayLook(await desk.callerOf(shown));
      return (await stays()) ? { stays } : null;
    },
  };
}
