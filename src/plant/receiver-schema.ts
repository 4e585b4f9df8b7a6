// Receiver schema: webhook receivers of the plant file as JSON Schema.
// In: the small shapes, the kinds of messages. Out: one definition.
// Pure.

import { WEBHOOK_TYPES } from '../core/receiver.ts';
import { closed, listOf, ref } from './plant-schema-parts.ts';

/** A kind of message, or the beginning of several: `alert` is all that begins with `alert.`. */
export const WANTS = [...new Set(['alert', 'report', ...WEBHOOK_TYPES])].filter(want => want !== 'test');

const text = (pattern: string, errorMessage: string) => ({ type: 'string', pattern, errorMessage });

export const receiverShapes = {
  receiver: closed(
    {
      id: ref('id'),
      url: text('^https?://[^ ]{1,2000}$', 'Give an address such as https://erp.example.com/oee.'),
      secrets: {
        ...listOf(
          text(
            '^[A-Z_][A-Z0-9_]{0,127}$',
            'Name an environment variable, such as OEE_HOOK_ERP; the secret itself never stands in this file.',
          ),
          1,
        ),
        maxItems: 4,
        description: 'environment variables that hold its secrets; the new one and the old one while it is replaced',
      },
      wants: {
        ...listOf({ enum: WANTS }),
        description: 'what it is told; alert, report and confirmation each with all that follows of it',
      },
      units: { ...listOf(ref('id'), 1), description: 'only these and all below them; left out: all, and the engine' },
      severities: {
        ...listOf({ enum: ['info', 'warning', 'critical'] }, 1),
        description: 'alerts of these only; left out: all',
      },
      plain: { type: 'boolean', default: false, description: 'http without TLS is allowed' },
      networks: {
        ...listOf(text('^.{1,64}$', 'Write private, loopback, or a network such as 10.1.0.0/16.')),
        description: 'networks that are not the public internet and may be called: private, loopback, or as CIDR',
      },
    },
    ['id', 'url', 'secrets', 'wants'],
  ),
};
