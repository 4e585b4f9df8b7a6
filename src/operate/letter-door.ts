// Letter door: dead letters as a running engine's API gives them.
// In: its address, filters. Out: pages, letters, refusals that are about one letter; a fault for all the rest.
// Touches the network through the given fetch.

export interface Letter {
  readonly partition: number;
  readonly id: string;
  readonly at: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly machine: string | null;
  readonly event: string;
  readonly replayable: boolean;
}
export interface Page {
  readonly deadLetters: readonly Letter[];
  readonly next: string | null;
}
export interface Summary {
  readonly letters: number;
  readonly complete: boolean;
  readonly byReason: readonly { code: string; letters: number; machines: Readonly<Record<string, number>> }[];
}
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

const ANSWER_MAX_MS = 30_000;
/** It is not there, it cannot be replayed, it would be refused again. */
const ABOUT_A_LETTER = new Set([404, 409, 422]);
const NO_SUCH_ADDRESS = 'OEE_SERVER_NOT_FOUND';

export class CommandFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'CommandFault';
  }
}

export interface LetterFilters {
  readonly url: string;
  readonly code?: string;
  readonly machine?: string;
  readonly partition?: string;
}

export class LetterDoor {
  constructor(
    private readonly filters: LetterFilters,
    private readonly fetching: typeof fetch,
  ) {}

  page(count: number, before: string | null): Promise<Page> {
    const { code, machine, partition } = this.filters;
    const words = Object.entries({ code, machine, partition, before, count: String(count) });
    const query = new URLSearchParams(words.flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
    return this.ask<Page>('GET', `?${query}`);
  }

  /** The answer, a refusal that is about the letter among them; what is about the whole command ends it. */
  async ask<T>(method: string, path: string, body: object | null = null): Promise<T> {
    const { url } = this.filters;
    const json = body === null ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    let answer: Response;
    try {
      answer = await this.fetching(new URL(`/v1/dead-letters${path}`, url), {
        method,
        ...json,
        signal: AbortSignal.timeout(ANSWER_MAX_MS),
      });
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { code?: string } };
      const remedy = 'Start the engine, or name it with --url.';
      throw new CommandFault('OEE_LETTERS_AWAY', `${url} does not answer: ${cause?.code ?? message}`, remedy);
    }
    const said = (await answer.json().catch(() => ({}))) as T & Partial<Refusal>;
    const ofLetter = ABOUT_A_LETTER.has(answer.status) && said.code !== undefined && said.code !== NO_SUCH_ADDRESS;
    if (answer.ok || ofLetter) return said;
    const {
      code = 'OEE_LETTERS_REFUSED',
      message = `${url} answers ${answer.status}`,
      remedy = 'Is --url an engine?',
    } = said;
    throw new CommandFault(code, message, remedy);
  }
}
