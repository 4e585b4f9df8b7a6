// Server: every HTTP door in one fastify, put together but not yet listening.
// In: a running engine and its neighbours. Out: the server.
// Touches nothing until it listens; the page's files are read from their folder.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import type { AccessDesk } from './access/access-desk.ts';
import { accessGate } from './access/access-gate.ts';
import { auditRoutes } from './access/audit-routes.ts';
import { openOidcDoor } from './access/oidc-door.ts';
import { oidcRoutes } from './access/oidc-routes.ts';
import { sessionRoutes } from './access/session-routes.ts';
import { asyncApiDocument, openApiDocument } from './api-documents.ts';
import { mayAct } from './core/access.ts';
import type { Partition } from './core/partition.ts';
import { deadLetterRoutes } from './engine/dead-letter-routes.ts';
import type { Engine } from './engine/engine.ts';
import { healthRoutes, type Neighbours } from './engine/health-routes.ts';
import { receiverChecks } from './engine/receiver-view.ts';
import { webhookRoutes } from './engine/webhook-routes.ts';
import { eventsRoute } from './ingest/http/events-route.ts';
import type { OpenJournal } from './journal/journal.ts';
import { JournalAway, JournalError, JournalFull } from './journal/journal-error.ts';
import { openMetrics } from './metrics.ts';
import { alertRoutes } from './query/alert-routes.ts';
import { queryRoutes } from './query/query-routes.ts';
import { reportRoutes } from './query/report-routes.ts';
import { signedIntake } from './signed-intake.ts';
import type { LiveHub } from './sinks/live/live-hub.ts';

export interface ServerOptions {
  readonly engine: Engine;
  readonly journal: OpenJournal;
  /** null in a process that answers no questions */
  readonly hub: LiveHub | null;
  readonly desk: AccessDesk;
  /** told of what a caller is not told in full */
  readonly tell: (trouble: string, fields: object) => void;
  readonly neighbours: Neighbours;
  /** processes that work for this one */
  readonly workers?: () => readonly object[];
  /** folder of the built page */
  readonly pageDir: string;
  readonly version: string;
}

/** A request that has not said all of itself by then, or an answer that is not made by then, is given up. */
const REQUEST_MAX_MS = 120_000;
const CONNECTION_IDLE_MS = 65_000;
/** What a sender is told while the journal is away. */
const RETRY_AFTER_S = 2;

export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { engine, hub, desk } = options;
  const { proxies } = desk.settings;
  const app = fastify({
    logger: false,
    connectionTimeout: REQUEST_MAX_MS,
    requestTimeout: REQUEST_MAX_MS,
    keepAliveTimeout: CONNECTION_IDLE_MS,
    forceCloseConnections: true,
    trustProxy: proxies.length === 0 ? false : [...proxies],
    // an address that cannot be read at all does not come as far as the error handler
    frameworkErrors: (error, _request, reply) => requestTrouble(reply, error),
    ajv: { customOptions: { strict: false, removeAdditional: false } },
  });
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    if (error instanceof JournalError) return journalTrouble(reply, error);
    return requestTrouble(reply, error);
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      code: 'OEE_SERVER_NOT_FOUND',
      message: `nothing at ${request.method} ${request.url.slice(0, 200)}`,
      remedy: 'GET /openapi.json lists every address.',
    }),
  );
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'oee-stream',
        version: options.version,
        description: 'Real-time OEE: machine events in, exact results out. Live results: WebSocket /v1/live.',
      },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
  });
  await accessGate(app, desk);
  await app.register(roleRoutes, options);
  app.get('/openapi.json', { schema: { hide: true } }, () => openApiDocument(app.swagger()));
  app.get('/asyncapi.json', { schema: { hide: true } }, () => asyncApiDocument(options.version));
  const metrics = openMetrics(options, Date.now);
  app.get('/metrics', { schema: { summary: 'Figures for Prometheus', tags: ['operation'] } }, async (_request, reply) =>
    reply.type(metrics.type).send(await metrics.text()),
  );
  const root = resolve(options.pageDir);
  if (engine.roles.web && existsSync(root)) await app.register(fastifyStatic, { root });
  await app.ready();
  hub?.attach(app.server);
  return app;
}

function requestTrouble(reply: FastifyReply, { statusCode = 500, message }: FastifyError): FastifyReply {
  const isTheirs = statusCode < 500;
  return reply.code(statusCode).send({
    code: isTheirs ? 'OEE_SERVER_REQUEST' : 'OEE_SERVER_FAULT',
    message: message.slice(0, 300),
    remedy: isTheirs ? 'See /openapi.json for what this address takes.' : 'Report this with the log of the same time.',
  });
}

const SECURITY_SCHEMES = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of npm run oee -- tokens add. One of a machine may only send events.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-oee-session',
    description:
      'What POST /v1/session sets (over http its name has no __Host-). What changes anything needs the header x-oee-mark with the mark of GET /v1/session beside it.',
  },
} as const;

/** The doors of this process' roles; health is told by all. */
async function roleRoutes(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const { engine, journal, neighbours, workers, desk, tell } = options;
  if (engine.roles.ingest) {
    await app.register(eventsRoute, {
      intake: engine.intake,
      handOf: request =>
        request.caller === null ? engine.intake : signedIntake(engine.intake, request.caller, request.ip, desk),
    });
  }
  if (engine.roles.web) {
    const door = openOidcDoor(desk.settings);
    await app.register(sessionRoutes, { desk, door, tell });
    await app.register(oidcRoutes, { desk, door, tell });
    await app.register(auditRoutes, { book: journal.access });
    await app.register(queryRoutes, { model: engine.model, view: engine.view, now: Date.now });
    await app.register(reportRoutes, { model: engine.model, view: engine.view, now: Date.now });
    await app.register(alertRoutes, {
      plant: () => engine.view.plant(),
      states: () => loadedStates(engine),
      partitionOf: unit => journal.partitionOf(unit),
      append: (partition, body) => journal.appendInternal(partition, 'alert-act', body),
      now: Date.now,
    });
    await app.register(deadLetterRoutes, {
      letters: journal.deadLetters,
      tally: journal.tally,
      partitionOf: line => journal.partitionOf(line),
      plant: () => engine.view.plant(),
      now: Date.now,
      partitions: Array.from({ length: journal.partitionCount }, (_, partition) => partition),
    });
  }
  const receivers = { ...engine.receivers, queues: journal.webhooks };
  if (engine.roles.web) await app.register(webhookRoutes, { ...receivers, now: Date.now });
  await app.register(healthRoutes, {
    engine,
    neighbours: [...neighbours, ...receiverChecks(receivers)],
    ...(workers === undefined ? {} : { workers }),
    tellsAll: ({ caller }) => caller !== null && mayAct(caller.rank, 'viewer'),
  });
}

/** Of every partition of the plant; null while one is not there: half a list of alerts looks like a whole one. */
function loadedStates({ partitions, stateOf }: Engine): readonly Partition[] | null {
  const states = partitions.map(stateOf).filter(state => state !== null);
  return states.length === partitions.length ? states : null;
}

/** A journal that is away or full comes back; one that says no to what was asked was asked for what is not there. */
function journalTrouble(reply: FastifyReply, error: JournalError): FastifyReply {
  const { code, message, remedy } = error;
  const passing = error instanceof JournalAway || error instanceof JournalFull;
  if (passing) reply.header('retry-after', String(RETRY_AFTER_S));
  return reply.code(passing ? 503 : code === 'OEE_JOURNAL_PARTITION' ? 404 : 500).send({ code, message, remedy });
}
