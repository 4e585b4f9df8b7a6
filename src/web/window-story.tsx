// Window story: one window of a unit told whole: hour by hour, where the time went, what made every number.
// In: a result, the machines whose time it is. Out: sections of the unit's page.
// Touches: the server, when the window or its revision changes.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { WireExplanation } from '../core/explanation.ts';
import type { WireResult } from '../core/result-to-wire.ts';
import { ExplainPanel } from './explain-panel.tsx';
import { HourBoard } from './hour-board.tsx';
import { LossPareto } from './loss-pareto.tsx';
import { LossWaterfall } from './loss-waterfall.tsx';
import { useStore } from './page-store.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { TEXT } from './spoken-texts.ts';
import { PiecesTable, RatioTable, TimeTable } from './tally-tables.tsx';

/** A running window is asked about again as often. */
const AGAIN_MS = 30_000;
/** The server explains so much at once, and so many machines are asked about. */
const EXPLAIN_MAX_MS = 48 * 3_600_000;
const MACHINES_MAX = 16;

interface WindowStoryProps {
  readonly unit: string;
  readonly result: WireResult;
  /** machines whose time is the unit's time; none: nobody's causes are the unit's */
  readonly timeOf: readonly MachineAnswer[];
  readonly zone: string;
  readonly target: number | null;
}

export function WindowStory({ unit, result, timeOf, zone, target }: WindowStoryProps) {
  const { explained, hours } = useStory(unit, result, timeOf);
  const [machine = null] = timeOf;
  const isItself = machine?.id === unit;
  return (
    <>
      {['shift', 'day'].includes(result.window.kind) && (
        <section>
          <HourBoard hours={hours} explained={explained} machines={timeOf} zone={zone} target={target} />
        </section>
      )}
      {explained !== null && (
        <section>
          <LossPareto explained={explained} machines={timeOf} />
          {!isItself && <p class="muted">{TEXT.timeOf(timeOf.map(({ name }) => name).join(', '))}</p>}
        </section>
      )}
      <section>
        <LossWaterfall result={result} />
      </section>
      <RatioTable result={result} />
      <div class="two-tables">
        <TimeTable result={result} />
        <PiecesTable result={result} />
      </div>
      {explained !== null && machine !== null && isItself && (
        <ExplainPanel explained={explained} machine={machine} zone={zone} />
      )}
    </>
  );
}

function useStory(unit: string, { window, revision }: WireResult, timeOf: readonly MachineAnswer[]) {
  const store = useStore();
  const known = useSignal<{
    readonly of: string;
    readonly explained: WireExplanation | null;
    readonly hours: readonly WireResult[];
  } | null>(null);
  const turn = window.edge < window.end || window.kind.startsWith('last') ? Math.floor(store.now.value / AGAIN_MS) : 0;
  const of = `${unit} ${window.kind} ${window.kind.startsWith('last') ? '' : window.start}`;
  useEffect(() => {
    let isWanted = true;
    const [from, to] = [Date.parse(window.start), Math.max(Date.parse(window.edge), Date.parse(window.start) + 1)];
    const canExplain = timeOf.length <= MACHINES_MAX && to - from <= EXPLAIN_MAX_MS;
    Promise.all([
      Promise.all(canExplain ? timeOf.map(({ id }) => store.work.explainOf(id, from, to)) : []),
      store.reader.results(unit, 'hour', from, to),
    ]).then(
      ([answers, hours]) => {
        if (!isWanted) return;
        const causes = answers.flatMap(answer => answer ?? []);
        const [first] = causes;
        const intervals = causes.flatMap(cause => cause.intervals);
        known.value = { of, explained: first === undefined ? null : { ...first, intervals }, hours };
      },
      // the figures above are live without it, and the next turn asks again
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [of, revision, turn]);
  // never one window's story under another window's name
  return known.value?.of === of ? known.value : { explained: null, hours: [] };
}
