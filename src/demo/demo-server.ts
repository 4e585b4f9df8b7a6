// Demo server: what the parts of an embedded server share: its error and where it tells what happens.
// In: nothing. Out: an error with code and remedy, the shape of a log.
// Pure.

/** A server of our own that cannot run, with what to do about it. */
export class DemoServerError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DemoServerError';
  }
}

export type ChildLog = (level: 'info' | 'warn', message: string, fields?: object) => void;
