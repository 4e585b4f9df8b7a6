// Count chart: good and rejected pieces per window as columns, and the plan across, drawn by uPlot over a given time.
// In: results of one window kind, target, span. Out: a chart with a sentence for who cannot see it.
// Touches: a canvas, the size of its box.

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { WireResult } from '../core/result-to-wire.ts';
import { useStore } from './page-store.ts';
import { plannedPieces } from './planned-pieces.ts';
import { pieces } from './show-values.ts';
import { TEXT } from './spoken-texts.ts';

const HEIGHT = 110;

interface CountChartProps {
  readonly results: readonly WireResult[];
  readonly target: number | null;
  readonly from: number;
  readonly to: number;
}

export function CountChart({ results, target, from, to }: CountChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const theme = useStore().theme.value;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new uPlot(optionsOf(element.clientWidth), [[], [], [], []], element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [theme]);

  useEffect(() => {
    // a piece belongs to its window, whose column stands in the middle of it
    const middle = ({ window }: WireResult): number => (Date.parse(window.start) + Date.parse(window.end)) / 2000;
    chart.current?.batch(() => {
      chart.current?.setData(
        [
          results.map(middle),
          // the whole column first, the good pieces over it: what is left to see of it is what was not good
          results.map(({ tally }) => tally.good + tally.reject + tally.rework),
          results.map(({ tally }) => tally.good),
          results.map(result => plannedPieces(result, target)),
        ],
        false,
      );
      const most = Math.max(1, ...results.map(r => Math.max(r.tally.total, plannedPieces(r, target) ?? 0)));
      chart.current?.setScale('x', { min: from / 1000, max: to / 1000 });
      chart.current?.setScale('y', { min: 0, max: most * 1.08 });
    });
  }, [results, target, from, to, theme]);

  const good = results.reduce((sum, { tally }) => sum + tally.good, 0);
  const reject = results.reduce((sum, { tally }) => sum + tally.reject, 0);
  return <div ref={box} class="count-chart" role="img" aria-label={TEXT.countsOf(pieces(good), pieces(reject))} />;
}

function optionsOf(width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [0.8, 60], align: 0 });
  const column = (paint: string): uPlot.Series => ({
    stroke: paint,
    fill: paint,
    ...(bars === undefined ? {} : { paths: bars }),
    points: { show: false },
  });
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 } };
  return {
    width,
    height: HEIGHT,
    padding: [6, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    // the strip above has the same time from edge to edge, and its clock
    axes: [{ ...axis, size: 0, values: (_chart, at) => at.map(() => '') }, { show: false }],
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    series: [
      {},
      column(colour('--c-breakdown')),
      column(colour('--c-producing')),
      { stroke: colour('--text'), dash: [6, 4], width: 2, points: { show: false } },
    ],
  };
}
