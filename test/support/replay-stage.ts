// Replay stage: the replay command before a real route with a journal in memory, and files to replay.
// In: texts of files. Out: the command's exit code, what it sent when, what it said, what the journal holds.
// Touches a temporary folder.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { SHIPPED_VOCABULARIES } from '../../src/core/vocabulary.ts';
import { eventsRoute } from '../../src/ingest/http/events-route.ts';
import { intakeOf } from '../../src/ingest/intake.ts';
import { type ReplayCommand, replayCommand } from '../../src/replay-command.ts';
import { machineModel, memoryJournal } from './memory-journal.ts';
import { NIST } from './recordings.ts';

const MACHINES = [...NIST, 'okuma_shdr', 'bottling-line', 'a', 'b'];
export const START = Date.UTC(2026, 10, 22, 6);

/** An engine's door in memory, a clock that jumps when it is slept on, and the command in between. */
export async function stage(isTTY = false) {
  const journal = memoryJournal(MACHINES.map(id => machineModel(id, SHIPPED_VOCABULARIES.mtconnect)));
  const intake = intakeOf(journal.ports);
  const app = fastify();
  await app.register(eventsRoute, { intake });
  let now = START;
  const sleeps: number[] = [];
  const sent: { at: number; ids: string[] }[] = [];
  let said = '';
  const io = {
    fetch: (async (url: string, { body, headers }: { body: string; headers: Record<string, string> }) => {
      sent.push({ at: now, ids: body.split('\n').map(line => (JSON.parse(line) as { id: string }).id) });
      const reply = await app.inject({ method: 'POST', url: new URL(url).pathname, payload: body, headers });
      return new Response(reply.body, {
        status: reply.statusCode,
        headers: { 'retry-after': String(reply.headers['retry-after'] ?? '') },
      });
    }) as unknown as typeof fetch,
    sleep: async (ms: number) => {
      sleeps.push(ms);
      now += ms;
    },
    now: () => now,
    out: { isTTY, write: (text: string) => (said += text) },
  };
  const run = (files: string[], given: Partial<ReplayCommand> = {}) =>
    replayCommand(
      {
        files,
        url: 'http://127.0.0.1:1',
        speed: null,
        shiftToNow: false,
        machine: null,
        mappingFile: null,
        format: null,
        ...given,
      },
      io,
    );
  return { journal, intake, io, sleeps, sent, run, said: () => said, now: () => now };
}

export async function withFiles(
  files: Record<string, string>,
  story: (path: (name: string) => string) => Promise<void>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'oee-replay-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await story(name => join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
