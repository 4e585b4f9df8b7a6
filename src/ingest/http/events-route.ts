// Events route: POST /v1/events, the door for everybody who speaks HTTP.
// In: JSON object, array or NDJSON, plain or gzip. Out: 202 once the journal holds them, else a status, a code and a remedy.
// Touches the request, the reply and the intake.

import type { Readable } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Rejection, rejection } from '../../core/rejection.ts';
import { type Intake, IntakeError } from '../source.ts';
import { type BodyBudget, BUSY, HttpRefusal, NOT_UTF8, readLines, readText, textOf, unpacked } from './body-reader.ts';
import { type AnswerMaker, answerMaker } from './events-answer.ts';
import { eventsRouteSchema } from './events-schema.ts';
import { readJsonBody, readJsonEvent } from './json-reader.ts';

export interface EventsRouteOptions {
  readonly intake: Intake;
  /** the intake as whoever sent this may use it; left out: as it is */
  readonly handOf?: (request: FastifyRequest) => Intake;
  /** bytes of a JSON body, unpacked */
  readonly jsonBytesMax?: number;
  /** bytes of an NDJSON body, unpacked: it streams, so this only ends what would never end */
  readonly ndjsonBytesMax?: number;
  /** bytes of one line of NDJSON: an event needs a few hundred */
  readonly lineBytesMax?: number;
  /** requests read at once; beyond, 429 */
  readonly inFlightMax?: number;
  /** bytes of JSON bodies held at once; beyond, 429 */
  readonly heldBytesMax?: number;
}

const MB = 1024 * 1024;
const DEFAULTS = {
  jsonBytesMax: 8 * MB,
  ndjsonBytesMax: 256 * MB,
  lineBytesMax: 64 * 1024,
  inFlightMax: 32,
  heldBytesMax: 64 * MB,
};
type Bounds = typeof DEFAULTS;

/** Items of a JSON array; more are better sent as NDJSON. */
const ARRAY_EVENTS_MAX = 100_000;
const JSON_TYPE = 'application/json';
const NDJSON_TYPES = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

/** Fastify plugin: registers the route in a scope of its own, so that its body parsers and errors stay here. */
export async function eventsRoute(app: FastifyInstance, options: EventsRouteOptions): Promise<void> {
  const { intake, handOf = () => intake, ...given } = options;
  const bounds: Bounds = { ...DEFAULTS, ...given };
  const budget: BodyBudget = { held: 0, max: bounds.heldBytesMax };
  let inFlight = 0;

  // The handler reads the body itself: as a stream, within its own bounds.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([JSON_TYPE, ...NDJSON_TYPES], (_request, payload, done) => done(null, payload));
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    if (error.code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') throw error;
    return refuse(reply, new HttpRefusal(415, WRONG_TYPE), null);
  });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (inFlight >= bounds.inFlightMax) return refuse(reply, new HttpRefusal(429, BUSY, 1), null);
    inFlight += 1;
    const maker = answerMaker(handOf(request), {});
    try {
      await readInto(maker, request, bounds, budget);
      await maker.flush();
      return reply202or400(reply, maker);
    } catch (error) {
      return refuse(reply, refusalOf(error), maker);
    } finally {
      inFlight -= 1;
    }
  };
  app.post('/v1/events', { schema: eventsRouteSchema(), validatorCompiler: () => () => true }, handle);
}

const WRONG_TYPE = rejection(
  'OEE_HTTP_MEDIA_TYPE',
  'the body is neither JSON nor NDJSON by its content-type',
  `Send content-type ${JSON_TYPE} or ${NDJSON_TYPES[0]}.`,
);
const EMPTY = rejection('OEE_HTTP_EMPTY', 'the body is empty', 'Send one event, an array of events, or NDJSON.');

async function readInto(
  maker: AnswerMaker,
  request: FastifyRequest,
  bounds: Bounds,
  budget: BodyBudget,
): Promise<void> {
  const body = request.body as Readable | undefined;
  if (body === undefined || body === null) throw new HttpRefusal(400, EMPTY);
  const bytes = unpacked(body, request.headers['content-encoding']);
  const type = request.headers['content-type'] ?? '';
  if (NDJSON_TYPES.some(name => type.toLowerCase().startsWith(name))) return readNdjson(maker, bytes, bounds);
  const text = await readText(bytes, bounds.jsonBytesMax, budget);
  if (text.trim() === '') throw new HttpRefusal(400, EMPTY);
  const readings = readJsonBody(text);
  if ('code' in readings) throw new HttpRefusal(400, readings);
  if (readings.length > ARRAY_EVENTS_MAX) throw new HttpRefusal(413, tooMany(readings.length));
  const bytesEach = text.length / Math.max(1, readings.length);
  for (const reading of readings) await maker.add(reading, bytesEach);
}

const tooMany = (count: number): Rejection =>
  rejection(
    'OEE_HTTP_TOO_MANY',
    `an array of ${count} events`,
    `Send at most ${ARRAY_EVENTS_MAX} events in an array, or any number as NDJSON.`,
  );

/** Line by line; blank lines are no events. */
async function readNdjson(maker: AnswerMaker, bytes: Readable, bounds: Bounds): Promise<void> {
  let events = 0;
  let lineNumber = 0;
  for await (const line of readLines(bytes, bounds.ndjsonBytesMax, bounds.lineBytesMax)) {
    lineNumber += 1;
    const text = line === null ? null : textOf(line);
    if (text !== null && text.trim() === '') continue;
    events += 1;
    await maker.add(readingOf(text, line, lineNumber, bounds.lineBytesMax), line?.length ?? 0);
  }
  if (events === 0) throw new HttpRefusal(400, EMPTY);
}

function readingOf(text: string | null, line: Buffer | null, lineNumber: number, lineMax: number) {
  const remedy = 'Send one event per line.';
  const long = rejection('OEE_HTTP_LINE_TOO_LONG', `longer than ${lineMax} bytes`, remedy);
  const reading = text !== null ? readJsonEvent(text) : line === null ? long : NOT_UTF8;
  return 'value' in reading ? reading : { ...reading, message: `line ${lineNumber}: ${reading.message}` };
}

/** 400 when nothing at all could be taken: whoever sends one wrong event looks at the status only. */
function reply202or400(reply: FastifyReply, maker: AnswerMaker): FastifyReply {
  const answer = maker.answer();
  const first = answer.rejected[0];
  if (first === undefined || answer.accepted + answer.duplicates > 0) return reply.code(202).send(answer);
  return reply.code(400).send({ code: first.code, message: first.message, remedy: first.remedy, ...answer });
}

function refusalOf(error: unknown): HttpRefusal {
  if (error instanceof HttpRefusal) return error;
  if (error instanceof IntakeError) {
    const { code, message, remedy, status, retryAfterS } = error;
    return new HttpRefusal(status, { code, message, remedy }, retryAfterS);
  }
  throw error;
}

/** Says why, with what is already certain: those events need not, but may, come again. */
function refuse(
  reply: FastifyReply,
  { status, reason, retryAfterS }: HttpRefusal,
  maker: AnswerMaker | null,
): FastifyReply {
  if (retryAfterS !== null) reply.header('retry-after', String(retryAfterS));
  // The rest of a short body is read and dropped, so that the answer arrives; a body without end is hung up on.
  if (status === 413) reply.header('connection', 'close');
  const { code, message, remedy } = reason;
  return reply.code(status).send({ code, message, remedy, ...(maker === null ? {} : maker.answer()) });
}
