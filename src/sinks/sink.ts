// Sink: the one contract of every way out. A sink follows a partition's outbox with its own cursor.
// In: outputs in order. Out: a promise that resolves only after the neighbour's yes.
// Pure: types and the error that says whether to try again.

import type { Output } from '../core/result.ts';

export interface Sink {
  /** cursor name in the journal, and label of its metrics */
  readonly name: string;
  /**
   * Of a neighbour that keeps what came last: a write that was given up, or whose process died, takes effect within this time, or
   * never. Left out where it does not matter in which order repeats come.
   */
  readonly lateMs?: number;
  /**
   * Delivers outputs of one partition in order. Repeats are normal after a crash: every output has an identity of its own,
   * and delivering it twice must end in the same place.
   * @returns outputs that the neighbour will never take, with the reason; everything else is delivered
   * @throws SinkError when the neighbour is away or asks for patience; the same outputs come again
   */
  write(outputs: readonly Output[], partition: number, place: OutboxPlace): Promise<readonly RefusedOutput[]>;
  close(): Promise<void>;
}

/** A sink that needs not know where its outputs stand. */
export interface PlainSink extends Sink {
  write(outputs: readonly Output[], partition: number): Promise<readonly RefusedOutput[]>;
}

/** Where the outputs stand in the outbox, for a sink that writes what they become and its cursor in one act. */
export interface OutboxPlace {
  /** the cursor before them */
  readonly after: string;
  readonly entries: readonly { readonly id: string; readonly outputs: readonly Output[] }[];
  /** whether the partition is still ours, as far as we know: asked again before each request of a write that takes several */
  readonly holds: () => boolean;
}

export interface RefusedOutput {
  readonly output: Output;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * A neighbour's failure. Always worth another try; `retryAfterMs` when the neighbour named a time; `isOver` when nothing of what was
 * sent can take effect any more; `isAnswered` when all of it has, and the rest was not sent.
 */
export class SinkError extends Error {
  readonly isOver: boolean;
  readonly isAnswered: boolean;

  constructor(
    readonly code: string,
    message: string,
    readonly hint: string,
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions & { readonly isOver?: boolean; readonly isAnswered?: boolean },
  ) {
    super(message, options);
    this.isOver = options?.isOver ?? false;
    this.isAnswered = options?.isAnswered ?? false;
    this.name = 'SinkError';
  }
}

/** What to tell of an error, whoever threw it. */
export function wordsOf(error: unknown): { code: string; message: string; hint: string } {
  if (error instanceof SinkError) return { code: error.code, message: error.message, hint: error.hint };
  const { code, remedy } = (error ?? {}) as { code?: unknown; remedy?: unknown };
  return {
    code: typeof code === 'string' ? code : 'OEE_SINKS_FAULT',
    message: error instanceof Error ? error.message : String(error),
    hint: typeof remedy === 'string' ? remedy : 'It is tried again; if it goes on, tell us what stands here.',
  };
}
