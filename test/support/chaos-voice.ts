// Chaos voice: a machine as its gateway hears it: what it told and where it stands.
// In: a machine. Out: its memory; events with ids of its own.
// Pure; a voice is changed in place by what it says.

export type ChaosEvent = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly machine: string;
  readonly type: string;
  readonly at: number;
};
export type ChaosBatch = readonly ChaosEvent[];

export interface Voice {
  readonly machine: string;
  said: number;
  producing: boolean;
  changeAt: number;
  nextAt: number;
  total: number;
  reject: number;
  /** reclassifications that nobody took back */
  readonly restated: string[];
}

export const voiceOf = (machine: string): Voice => ({
  machine,
  ...{ said: 0, producing: true, changeAt: 0, nextAt: 0, total: 0, reject: 0, restated: [] },
});

/** Ids are unique within a line, and ascend. */
export function tell(voice: Voice, type: string, at: number, more: object = {}): ChaosEvent {
  voice.said += 1;
  const id = `${voice.machine.slice(-1)}${String(voice.said).padStart(6, '0')}`;
  return { id, machine: voice.machine, type, at, ...more };
}
