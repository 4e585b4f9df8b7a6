// Hostile questions: addresses that nobody should ask, each with the answer that it must get.
// In: a unit, the start of a day. Out: path, status, code.
// Pure.

export function hostileQuestions(unit: string, from: number): [path: string, status: number, code: string][] {
  const span = `from=${from}&to=${from + 86_400_000}`;
  return [
    ['/v1/oee', 404, 'OEE_QUERY_UNKNOWN_UNIT'],
    [`/v1/oee?unit=__proto__&${span}`, 404, 'OEE_QUERY_UNKNOWN_UNIT'],
    [`/v1/oee?unit=${unit}`, 400, 'OEE_QUERY_TIME'],
    [`/v1/oee?unit=${unit}&unit=victim&${span}`, 400, 'OEE_SERVER_REQUEST'],
    [`/v1/oee?unit=${unit}&window=constructor&${span}`, 400, 'OEE_QUERY_WINDOW'],
    [`/v1/oee?unit=${unit}&window=shift&from=2026-11-20T00:00:00`, 400, 'OEE_QUERY_TIME'],
    [`/v1/oee?unit=${unit}&from=${from}&to=${from}`, 400, 'OEE_QUERY_SPAN'],
    [`/v1/oee?unit=${unit}&window=minute&from=0`, 400, 'OEE_QUERY_TOO_LONG'],
    [`/v1/oee?unit=${unit}&window=minute&from=0&to=7000000000000`, 400, 'OEE_QUERY_TOO_LONG'],
    [`/v1/oee?unit=${unit}&from=0&to=7000000000000`, 400, 'OEE_QUERY_TOO_LONG'],
    ['/v1/units/site/losses?from=0&to=7000000000000', 400, 'OEE_QUERY_TOO_LONG'],
    [`/v1/units/${unit}/timeline?from=0`, 400, 'OEE_QUERY_TOO_LONG'],
    ['/v1/units/%00/timeline?from=0', 404, 'OEE_QUERY_UNKNOWN_UNIT'],
    ['/v1/units/%zz/timeline', 400, 'OEE_SERVER_REQUEST'],
    ['/v1/dead-letters?count=0', 400, 'OEE_SERVER_REQUEST'],
    ['/v1/events', 404, 'OEE_SERVER_NOT_FOUND'],
    ['/../../etc/passwd', 404, 'OEE_SERVER_NOT_FOUND'],
    ['/..%2f..%2fpackage.json', 404, 'OEE_SERVER_NOT_FOUND'],
  ];
}
