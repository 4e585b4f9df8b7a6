// Panel looks: the kinds of panels that the boards are made of, each with the units, colours and legends of the house.
// In: a title, what question it answers, queries. Out: panel builders, to be placed by their board.
// Pure.

import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DataTransformerConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { HISTORY, type InfluxQuery } from './influx-query.ts';
import { STATE_LOOKS, stateMappings } from './state-looks.ts';

export interface PanelWords {
  readonly title: string;
  /** the question on the shop floor that it answers */
  readonly asks: string;
  readonly queries: readonly Builder<InfluxQuery>[];
  readonly width: number;
  readonly height: number;
}

interface Panel {
  title(text: string): this;
  description(text: string): this;
  datasource(ref: typeof HISTORY): this;
  span(width: number): this;
  height(height: number): this;
  withTarget(query: Builder<InfluxQuery>): this;
}

function told<P extends Panel>(panel: P, { title, asks, queries, width, height }: PanelWords): P {
  panel.title(title).description(asks).datasource(HISTORY).span(width).height(height);
  for (const query of queries) panel.withTarget(query);
  return panel;
}

const PERCENT = 'percentunit';
/** World class is 85 %; below 60 % most plants have something to find (Nakajima, Introduction to TPM, 1988). */
const ratioSteps = () =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: STATE_LOOKS.breakdown.color },
    { value: 0.6, color: STATE_LOOKS.starved.color },
    { value: 0.85, color: STATE_LOOKS.producing.color },
  ]);
const noSteps = (color: string) =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color }]);
const tooltips = () => new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None);
const legend = () =>
  new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).showLegend(true);
const noLegend = () =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.Hidden)
    .placement(LegendPlacement.Bottom)
    .showLegend(false);

/** One great number for each column of the newest row; no number where there is none, never an older one. */
export function ratioTile(words: PanelWords): stat.PanelBuilder {
  return told(new stat.PanelBuilder(), words)
    .unit(PERCENT)
    .decimals(1)
    .thresholds(ratioSteps())
    .noValue('–')
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.ValueAndName)
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']).fields('/^(?!Time$).*/'));
}

export function numberTile(words: PanelWords, unit: string, color = STATE_LOOKS.setup.color): stat.PanelBuilder {
  return ratioTile(words).unit(unit).decimals(0).thresholds(noSteps(color));
}

/** The state of each unit as a word on its colour. */
export function stateTile(words: PanelWords): stat.PanelBuilder {
  return told(new stat.PanelBuilder(), words)
    .mappings(stateMappings())
    .thresholds(noSteps(STATE_LOOKS.unknown.color))
    .noValue('–')
    .colorMode(BigValueColorMode.BackgroundSolid)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.ValueAndName)
    .orientation(VizOrientation.Vertical)
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']).fields('/.*/'));
}

/** Time from left to right, one strip a unit. */
export function stateStrips(words: PanelWords): statetimeline.PanelBuilder {
  return told(new statetimeline.PanelBuilder(), words)
    .mappings(stateMappings())
    .thresholds(noSteps(STATE_LOOKS.unknown.color))
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .rowHeight(0.9)
    .lineWidth(0)
    .fillOpacity(90)
    .legend(legend())
    .tooltip(tooltips());
}

export function ratioCurves(words: PanelWords): timeseries.PanelBuilder {
  return (
    told(new timeseries.PanelBuilder(), words)
      .unit(PERCENT)
      .decimals(1)
      .axisSoftMin(0)
      .axisSoftMax(1)
      .lineWidth(2)
      .fillOpacity(0)
      // a gap is a gap: nothing is drawn across time that nobody knows
      .spanNulls(false)
      .showPoints(VisibilityMode.Auto)
      .thresholds(noSteps(STATE_LOOKS.producing.color))
      .legend(legend())
      .tooltip(tooltips())
  );
}

/** Counts over time; what is missing is missing. */
export function countCurves(words: PanelWords, unit: string): timeseries.PanelBuilder {
  return told(new timeseries.PanelBuilder(), words)
    .unit(unit)
    .axisSoftMin(0)
    .lineWidth(2)
    .fillOpacity(0)
    .spanNulls(false)
    .showPoints(VisibilityMode.Auto)
    .thresholds(noSteps(STATE_LOOKS.producing.color))
    .legend(legend())
    .tooltip(tooltips());
}

/** Bars over time, one on the other. */
export function stackedBars(words: PanelWords, unit: string): timeseries.PanelBuilder {
  return told(new timeseries.PanelBuilder(), words)
    .unit(unit)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(85)
    .lineWidth(0)
    .axisSoftMin(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .thresholds(noSteps(STATE_LOOKS.producing.color))
    .legend(legend())
    .tooltip(tooltips());
}

/** Bars side by side, each with its name and value. */
export function namedBars(
  words: PanelWords,
  unit: string,
  transformations: readonly DataTransformerConfig[] = [],
): barchart.PanelBuilder {
  return told(new barchart.PanelBuilder(), words)
    .unit(unit)
    .transformations([...transformations])
    .orientation(VizOrientation.Horizontal)
    .showValue(VisibilityMode.Always)
    .thresholds(noSteps(STATE_LOOKS.breakdown.color))
    .fillOpacity(85)
    .legend(noLegend())
    .tooltip(tooltips());
}

export function sheet(words: PanelWords, transformations: readonly DataTransformerConfig[] = []): table.PanelBuilder {
  return told(new table.PanelBuilder(), words)
    .transformations([...transformations])
    .thresholds(noSteps('text'))
    .filterable(true)
    .noValue('–');
}

/** Gives columns or series whose name matches a unit, and for categories their own colour. */
export const asPercent = [
  { id: 'unit', value: PERCENT },
  { id: 'decimals', value: 1 },
];
export const asDuration = [{ id: 'unit', value: 'dtdurationms' }];
export const asCategory = [{ id: 'mappings', value: stateMappings() }];
export const inColor = (color: string) => [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }];

/** Of these columns the newest row, whatever it holds. */
export const newestOf = (...columns: readonly string[]): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder()
    .values(false)
    .calcs(['last'])
    .fields(`/^(${columns.join('|')})$/`);

/** One panel for each value of a variable, side by side. */
export const sideBySide = <
  P extends { repeat(name: string): P; repeatDirection(to: 'h' | 'v'): P; maxPerRow(count: number): P },
>(
  panel: P,
  variable: string,
): P => panel.repeat(variable).repeatDirection('h').maxPerRow(4);
