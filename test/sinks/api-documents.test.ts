// API documents: AsyncAPI and OpenAPI are well formed, and what is sent is what they say, in every field.
// In: the documents; what the engine tells of the demo plant around the end of a shift. Out: laws about every frame and message.
// Pure; reads AsyncAPI's own schema.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { asyncApiDocument, openApiDocument } from '../../src/api-documents.ts';
import { WEBHOOK_TYPES } from '../../src/core/receiver.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { simulate } from '../../src/demo/simulate.ts';
import { errorFrame, gapFrame, parseClientMessage, pongFrame, resumedFrame } from '../../src/sinks/live/live-codec.ts';
import { isLive } from '../../src/sinks/live/live-frame.ts';
import { createLiveMemory } from '../../src/sinks/live/live-memory.ts';
import { messageOf, outputToMessage } from '../../src/sinks/webhook/output-to-message.ts';
import { DEMO_DAY, DEMO_SEED, demoPlant } from '../support/demo-plant.ts';
import { documentCheck } from '../support/document-check.ts';
import { madeUpAlert, madeUpConfirmation, madeUpReport } from '../support/made-up-news.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';

const document = JSON.parse(JSON.stringify(asyncApiDocument('0.1.0'))) as object;
const check = documentCheck(document);
const fits = (key: string, bytes: Buffer | string): void =>
  assert.deepEqual(check(key, JSON.parse(bytes.toString())), []);

test('the document is AsyncAPI 3, by AsyncAPI’s own schema', () => {
  const { $schema: _, ...schema } = specs.schemasWithoutId['3.0.0'] as Record<string, unknown>;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  assert.ok(validate(document), JSON.stringify(validate.errors?.slice(0, 5)));
  assert.ok(!validate({ ...document, channels: { live: { adress: '/v1/live' } } }), 'a wrong name is seen');
  const refs = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  for (const [, path = ''] of refs) {
    const found = path
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    assert.ok(found !== undefined, `${path} leads nowhere`);
  }
});

test('every frame and every message of the demo plant around the end of a shift is what the document says', () => {
  const plant = demoPlant();
  const from = DEMO_DAY + 12.5 * HOUR_MS;
  const to = DEMO_DAY + 13 * HOUR_MS + 5 * MINUTE_MS;
  const rig = new PipelineRig(plant, from);
  let [minute, batch] = [from, [] as object[]];
  for (const { sendAt, event } of simulate({ plant, seed: DEMO_SEED, from, to, withLatest: true })) {
    for (; sendAt >= minute + MINUTE_MS; minute += MINUTE_MS) {
      if (batch.length > 0) rig.events(batch, minute);
      rig.tick(minute);
      batch = [];
    }
    batch.push(event);
  }
  const memory = createLiveMemory('e1', 10, () => true);
  const heard = new Set<string>();
  for (const output of rig.outputs) {
    const message = outputToMessage(output);
    if (message !== null) fits(`webhook.${message.type}`, message.body);
    heard.add(message?.type ?? output.type);
    if (isLive(output)) fits(`server.${output.type}`, memory.take(output).bytes());
  }
  const subscription = { units: '*', windows: '*', since: null } as const;
  fits('server.snapshot', memory.snapshot(subscription));
  const wanted = ['result', 'state', 'interval', 'report.shift', 'confirmation'];
  assert.deepEqual(
    wanted.filter(each => !heard.has(each)),
    [],
    [...heard].join(),
  );
  assert.notDeepEqual(check('server.pong', { op: 'pong', epoch: 'e1', offset: 1 }), [], 'what is missing is seen');
  assert.notDeepEqual(
    check('server.pong', { op: 'pong', epoch: 'e1', offset: 1, at: '', more: 1 }),
    [],
    'what is new, too',
  );
});

test('rare words and messages, too; and there is none that the document leaves out', () => {
  fits('server.gap', gapFrame('e1', 7, 'slow'));
  fits('server.resumed', resumedFrame('e1', 3, 7));
  fits('server.pong', pongFrame('e1', null, 0));
  fits('server.error', errorFrame({ fault: 'OEE_LIVE_NOT_JSON', message: 'no', remedy: 'yes' }));
  const rare = [
    madeUpAlert('filler', 1, {
      acknowledged: { by: 'Anna', at: 0, why: null },
      mutedUntil: 5,
      why: 'x',
      supersedes: 'y',
    }),
    ...(['escalated', 'resolved', 'withdrawn'] as const).map(news => madeUpAlert('filler', 1, { news })),
    madeUpConfirmation('filler', 1, 9, 10),
    madeUpReport('filler', 1),
  ];
  const told = new Set(
    rare
      .map(output => outputToMessage(output))
      .map(message => {
        fits(`webhook.${message?.type}`, message?.body ?? '');
        return message?.type;
      }),
  );
  const byHand = messageOf({ unit: '', type: 'test', at: 0, identity: [], data: { receiver: 'erp' } });
  fits('webhook.test', byHand.body);
  assert.equal(told.size, 6);
  const { webhooks, components } = openApiDocument({ openapi: '3.1.0' }) as {
    webhooks: Record<string, WebhookDoor>;
    components: object;
  };
  assert.deepEqual(Object.keys(webhooks), [...WEBHOOK_TYPES]);
  for (const [type, { post }] of Object.entries(webhooks)) {
    const { payload } = (document as Messages).components.messages[`webhook.${type}`] ?? {};
    assert.deepEqual(JSON.parse(JSON.stringify(post.requestBody.content['application/json'].schema)), payload, type);
  }
  assert.deepEqual(JSON.parse(JSON.stringify(components)), { schemas: (document as Messages).components.schemas });
});

interface WebhookDoor {
  readonly post: {
    readonly requestBody: { readonly content: { readonly 'application/json': { readonly schema: object } } };
  };
}
interface Messages {
  readonly components: { readonly messages: Record<string, { payload: object }>; readonly schemas: object };
}

test('what the document lets a client say is what the server understands', () => {
  const schemas = (document as Messages).components.messages;
  const open = new Ajv({ strict: false }).compile({
    anyOf: ['subscribe', 'unsubscribe', 'ping', 'auth'].map(op => schemas[`client.${op}`]?.payload),
  });
  const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
  const names = some<unknown>(
    '*',
    ['filler'],
    [],
    [''],
    ['x'.repeat(200)],
    ['x'.repeat(201)],
    7,
    [7],
    null,
    ['shift'],
    ['last5m', 'day'],
    ['last0m'],
  );
  const since = some<unknown>(
    null,
    {},
    { epoch: 'e', offset: 0 },
    { epoch: 'e', offset: -1 },
    { epoch: 1, offset: 1 },
    { epoch: 'e', offset: 0.5 },
    'e',
  );
  const message = fc.record(
    {
      op: some<unknown>('subscribe', 'ping', 'auth', 'unsubscribe', 'shout', 1),
      units: names,
      windows: names,
      since,
      token: some<unknown>('t', 1),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(message, said => {
      // a window that is left out and one that is null are the same to the server, which nobody needs to know
      fc.pre(said.windows !== null);
      assert.equal(open(said), !('fault' in parseClientMessage(JSON.stringify(said))), JSON.stringify(said));
    }),
    { numRuns: 2_000, seed: 5 },
  );
});
