// Dead letter routes: what was refused after it was accepted: counted, listed, shown, replayed, discarded.
// In: HTTP. Out: letters with code, message, remedy and text.
// Touches the journal.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { plantIndexOf } from '../core/admission.ts';
import type { Plant } from '../core/plant-model.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { isoOf } from '../core/time.ts';
import type { DeadLetters, KeptLetter } from '../journal/dead-letters.ts';
import type { JournalBooks } from '../journal/journal.ts';
import { findLetters, type LetterFilter, summariseLetters } from './find-letters.ts';
import { type Mending, mendLetter } from './mend-letter.ts';

export interface DeadLetterPorts {
  readonly letters: DeadLetters;
  readonly tally: JournalBooks['tally'];
  partitionOf(line: string): number;
  plant(): Plant | null;
  /** all of the journal: letters stay where a line was, though the plant has it no more */
  readonly partitions: readonly number[];
  /** epoch ms */
  now(): number;
}

const COUNT_MAX = 1_000;
const COUNT_DEFAULT = 100;
/** Seconds after which a journal that is away or full may be asked again. */
const RETRY_AFTER_S = 2;

type Named = {
  readonly Params: { readonly partition: number; readonly id: string };
  readonly Body: Mending | null;
};

const TAGS = ['dead letters'];
const LIST_SCHEMA = {
  summary: 'Dead letters, youngest first',
  tags: TAGS,
  querystring: {
    type: 'object',
    properties: {
      count: { type: 'integer', minimum: 1, maximum: COUNT_MAX },
      before: { type: 'string', pattern: '^\\d+-\\d+@\\d+$' },
      code: { type: 'string' },
      machine: { type: 'string' },
      partition: { type: 'integer', minimum: 0 },
    },
  },
};
const NAMED = {
  type: 'object',
  properties: { partition: { type: 'integer', minimum: 0 }, id: { type: 'string', pattern: '^\\d+-\\d+$' } },
};
const MENDING = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { set: { type: 'object' }, event: { type: 'object' } },
};

export async function deadLetterRoutes(app: FastifyInstance, ports: DeadLetterPorts): Promise<void> {
  const { letters, partitions } = ports;
  app.setErrorHandler(answerTrouble);
  app.get<{ Querystring: Partial<LetterFilter> }>('/v1/dead-letters', { schema: LIST_SCHEMA }, async request => {
    const page = await findLetters(letters.list, { count: COUNT_DEFAULT, ...request.query });
    return { deadLetters: page.letters.map(letterToWire), next: page.next };
  });
  app.get('/v1/dead-letters/summary', { schema: { summary: 'How many, by reason', tags: TAGS } }, () =>
    summariseLetters(ports.tally, partitions),
  );
  const path = '/v1/dead-letters/:partition/:id';
  app.get<Named>(
    path,
    { schema: { summary: 'One dead letter', tags: TAGS, params: NAMED } },
    async (request, reply) => {
      const kept = await letters.get(request.params.partition, request.params.id);
      return kept === null ? missing(reply) : letterToWire(kept);
    },
  );
  const summary = 'Into the log again, as it is or mended';
  app.post<Named>(
    `${path}/replay`,
    { schema: { summary, tags: TAGS, params: NAMED, body: MENDING } },
    async (request, reply) => {
      const { partition, id } = request.params;
      const kept = await letters.get(partition, id);
      if (kept === null) return missing(reply);
      if (isResult(kept)) return reply.code(409).send(NOT_AN_EVENT);
      const hook = hookText(kept, ports.now());
      const text = hook ?? mendedText(kept, request.body ?? null, ports);
      if (typeof text === 'object' && text !== null) return reply.code(422).send(text);
      const entry = await letters.replay(partition, id, text ?? undefined);
      return entry === null ? missing(reply) : { replayed: true, entry };
    },
  );
  app.delete<Named>(path, { schema: { summary: 'Discard', tags: TAGS, params: NAMED } }, async (request, reply) => {
    const { partition, id } = request.params;
    return (await letters.discard(partition, id)) ? { discarded: true } : missing(reply);
  });
}

/** A message to a receiver goes again as it is, and has its three days again. @returns null: it is none */
function hookText({ letter }: KeptLetter, now: number): string | null {
  return letter.entry.startsWith('hook:') ? JSON.stringify({ ...JSON.parse(letter.event), at: now }) : null;
}

/** @returns null: as it is */
function mendedText(kept: KeptLetter, mending: Mending | null, ports: DeadLetterPorts): string | Rejection | null {
  if (mending === null || (mending.set === undefined && mending.event === undefined)) return null;
  const plant = ports.plant();
  const names = plantIndexOf(plant ?? { machines: [], products: [] });
  const homeOf = (machine: string): number | null => {
    const line = names.machines.get(machine)?.line;
    return line === undefined ? null : ports.partitionOf(line);
  };
  const text = mendLetter(kept.letter, mending, { names, homeOf, partition: kept.partition, at: kept.at });
  return typeof text === 'string' || isRejection(text) ? text : null;
}

const isResult = ({ letter }: KeptLetter): boolean => letter.entry.startsWith('out:');

const letterToWire = (kept: KeptLetter): object => ({
  partition: kept.partition,
  id: kept.id,
  at: isoOf(kept.at),
  ...kept.letter,
  replayable: !isResult(kept),
  cursor: kept.cursor,
});

/** A result that a neighbour refused: the log takes events only. */
const NOT_AN_EVENT = {
  code: 'OEE_SERVER_LETTER_IS_RESULT',
  message: 'this dead letter is a result that InfluxDB refused, not an event',
  remedy: 'Mend what it complains of; the next revision of the same window is sent by itself. Then discard the letter.',
};

const missing = (reply: FastifyReply): FastifyReply =>
  reply.code(404).send({
    code: 'OEE_SERVER_NO_LETTER',
    message: 'no such dead letter',
    remedy: 'GET /v1/dead-letters lists them; it may have been replayed or discarded.',
  });

type Trouble = Error & { readonly code?: string; readonly remedy?: string; readonly statusCode?: number };

/** A journal that is full or away says when to come back; a partition that never was has no letters; the rest is the server's. */
function answerTrouble(error: Trouble, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, message, remedy } = error;
  if (code === 'OEE_JOURNAL_PARTITION') return missing(reply);
  if (code?.startsWith('OEE_JOURNAL_') !== true) throw error;
  return reply.code(503).header('retry-after', RETRY_AFTER_S).send({ code, message, remedy });
}
