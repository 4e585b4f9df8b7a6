// Board queries: every query of a dashboard's panels, variables and annotations, as InfluxDB would be asked.
// In: a dashboard's JSON. Out: queries with the columns that they promise; Grafana's macros filled out.
// Pure.

export interface BoardQuery {
  readonly board: string;
  readonly panel: string;
  readonly text: string;
  /** columns that its SELECT names */
  readonly columns: readonly string[];
  /** the variable whose values it gives; null: none */
  readonly variable: string | null;
  /** what no rule and nobody said is not there */
  readonly mayBeEmpty: boolean;
}

interface Board {
  readonly panels?: readonly { readonly title: string; readonly targets?: readonly { readonly query?: string }[] }[];
  readonly templating?: { readonly list?: readonly { readonly name: string; readonly query?: string }[] };
  readonly annotations?: {
    readonly list?: readonly { readonly name: string; readonly target?: { readonly query?: string } }[];
  };
}

const RARE = /FROM "oee_revision"|FROM "alert"|"quarantined"|"reason"/;

export function queriesOf(board: string, json: object): BoardQuery[] {
  const { panels = [], templating, annotations } = json as Board;
  const query = (panel: string, text: string, variable: string | null): BoardQuery => {
    const columns =
      variable === null
        ? columnsOf(text).filter(column => !/^(quarantined|uncycled|reason|state|why|by)$/.test(column))
        : [];
    return { board, panel, text, columns, variable, mayBeEmpty: RARE.test(text) };
  };
  return [
    ...panels.flatMap(panel => (panel.targets ?? []).map(target => query(panel.title, target.query ?? '', null))),
    ...(templating?.list ?? []).map(variable =>
      query(`variable ${variable.name}`, variable.query ?? '', variable.name),
    ),
    ...(annotations?.list ?? []).map(({ name, target }) => query(`annotation ${name}`, target?.query ?? '', null)),
  ];
}

/** Names after AS, and fields that stand alone. */
function columnsOf(text: string): string[] {
  const select = /^SELECT (.*) FROM /.exec(text)?.[1] ?? '';
  return select
    .split(/,\s*(?![^(]*\))/)
    .map(part => / AS "([^"]+)"$/.exec(part)?.[1] ?? /^"([^"]+)"$/.exec(part)?.[1] ?? part);
}

/** As Grafana fills it out with all values chosen. */
export function filledOut(text: string, span: { readonly FROM: number; readonly TO: number }): string {
  return text
    .replaceAll('$timeFilter', `time >= ${span.FROM}ms AND time <= ${span.TO}ms`)
    .replaceAll('$__interval', '15m')
    .replaceAll(/\/\^\$\w+\$\//g, '/^.*$/');
}
