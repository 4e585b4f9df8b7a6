// Main: the program's verbs.
// In: arguments and environment. Out: exit codes: 0 done, 1 something was refused, 2 it could not be done.
// Touches the environment; everything else through the rooms.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { accessVerb } from './access-verb.ts';
import { alertsVerb } from './alerts-verb.ts';
import { backupVerb, restoreVerb } from './backup-verb.ts';
import { type Config, readConfig } from './config.ts';
import { doctorVerb } from './doctor-verb.ts';
import { type Log, openLog } from './log.ts';
import { lettersCommand } from './operate/letters-command.ts';
import { checkPlantFile } from './plant/explain-plant.ts';
import { plantSchemaText } from './plant/plant-schema.ts';
import { receiveVerb } from './receive-verb.ts';
import { replayCommand } from './replay-command.ts';
import { serve } from './serve.ts';
import { simulateVerb } from './simulate-verb.ts';

const program = new Command('oee').description('Real-time OEE: machine events in, exact results out');

/** All faults of the configuration at once; exit code 2. */
function configOrExit(environment: NodeJS.ProcessEnv = process.env): Config {
  const config = readConfig(environment);
  if ('port' in config) return config;
  for (const { code, message, remedy } of config) process.stderr.write(`${code}: ${message}\n  ${remedy}\n`);
  process.exit(2);
}

/** Verbs say what they found themselves; only trouble on the way is logged. */
const quietLog = (): Log => openLog('error', process.stderr.isTTY === true);

function checkFile(file: string): { readonly ok: boolean; readonly text: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { ok: false, text: `OEE_PLANT_FILE: ${file} cannot be read: ${String(error)}\n  Name a plant file (YAML).` };
  }
  return checkPlantFile(text, file, Date.now());
}

/** An option that may be given several times. */
const gather = (word: string, words: string[]): string[] => [...words, word];

/** Asks an engine as whoever OEE_TOKEN is. */
const ask: typeof fetch = (input, init = {}) => {
  const { token } = configOrExit();
  const headers = { ...init.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
  return fetch(input, { ...init, headers });
};

const address = (): string => {
  const { host, port } = configOrExit();
  return `http://${host}:${port}`;
};

program
  .command('serve')
  .description('run the engine; with nothing configured: own Redis, own InfluxDB, the demo plant')
  .option('--role <list>', 'ingest, compute, web: what this process does; left out: all of it')
  .option('--workers <n>', 'so many compute processes beside this one, which then takes in and answers')
  .action(async ({ role, workers }: { role?: string; workers?: string }) => {
    const environment = {
      ...process.env,
      ...(role === undefined ? {} : { OEE_ROLE: role }),
      ...(workers === undefined ? {} : { OEE_WORKERS: workers }),
    };
    const config = configOrExit(environment);
    process.exitCode = await serve(config, environment, openLog(config.logLevel, process.stderr.isTTY === true));
  });

program
  .command('check')
  .description('say what a plant file was understood to mean, or every fault of it')
  .argument('<plant>', 'plant file (YAML)')
  .action((file: string) => {
    const { ok, text } = checkFile(file);
    process.stdout.write(`${text}\n`);
    process.exitCode = ok ? 0 : 2;
  });

program
  .command('schema')
  .description('print the JSON Schema of the plant file, for editors')
  .action(() => void process.stdout.write(plantSchemaText()));

program
  .command('replay')
  .description('send recordings (NDJSON, CSV, MTConnect adapter lines) through POST /v1/events')
  .argument('<files...>', 'recordings')
  .option('--url <url>', 'the engine', address())
  .option('--speed <n>', 'times real speed; left out: as fast as possible', Number)
  .option('--mapping <file>', 'mapping file (YAML)')
  .option('--format <name>', 'ndjson, csv or shdr; left out: by the ending')
  .option('--machine <id>', 'machine of every event; left out: the recording says, or the file name')
  .option('--shift-to-now', 'move the recording so that it ends when its replay does', false)
  .action(async (files: string[], options) => {
    const { url, speed = null, mapping = null, format = null, machine = null, shiftToNow } = options;
    process.exitCode = await replayCommand(
      { files, url, speed, shiftToNow, machine, format, mappingFile: mapping },
      { fetch: ask, sleep: async ms => void (await wait(ms)), now: Date.now, out: process.stderr },
    );
  });

program
  .command('simulate')
  .description('send the demo plant to an engine that runs it')
  .option('--url <url>', 'the engine', address())
  .option('--seed <seed>', 'same seed, same plant', 'fjord')
  .option('--hours <n>', 'hours of history before now', Number, 8)
  .action(async options => {
    process.exitCode = await simulateVerb({ ...options, post: ask }, openLog('info', process.stderr.isTTY === true));
  });

program
  .command('doctor')
  .description('look at Redis, InfluxDB, the plant file, the partitions and this machine: one line per finding')
  .option('--json', 'all of it, for programs', false)
  .action(async ({ json }: { json: boolean }) => {
    process.exitCode = await doctorVerb(configOrExit(), json, { now: Date.now, ask, out: process.stdout });
  });

program
  .command('alerts')
  .description(
    'try: how often the rules of a plant file would have fired, against the facts of the journal or of a file',
  )
  .argument('<deed>', 'try')
  .argument('<plant>', 'plant file (YAML)')
  .option('--from <time>', 'an instant, or a length before --to such as 7d; left out: 24h')
  .option('--to <time>', 'an instant; left out: where the facts end')
  .option('--events <file>', 'events (NDJSON) in place of the journal')
  .option('--json', 'every moment, for programs', false)
  .action(async (deed: string, plantFile: string, options) => {
    const { from = null, to = null, events = null, json } = options;
    process.exitCode = await alertsVerb(
      { deed, plantFile, from, to, eventsFile: events, json },
      configOrExit(),
      quietLog(),
      { out: process.stdout, err: process.stderr, now: Date.now },
    );
  });

program
  .command('dead-letters')
  .description('what was refused after it was accepted: list, show, replay or discard it, through a running engine')
  .argument('<deed>', 'list, show, replay or discard')
  .argument('[letters...]', 'partition/id, as the list shows them')
  .option('--url <url>', 'the engine', address())
  .option('--code <code>', 'only letters of this reason')
  .option('--machine <id>', 'only letters of this machine')
  .option('--partition <n>', 'only letters of this partition')
  .option('--count <n>', 'letters listed', Number, 20)
  .option('--all', 'every letter that the filters let through', false)
  .option('--yes', 'with --all: do it', false)
  .option('--set <name=value>', 'mend a field before the replay; as often as needed', gather, [])
  .option('--file <file>', 'the whole event, mended (JSON)')
  .option('--json', 'the list for programs', false)
  .action(async (deed: string, letters: string[], options) => {
    process.exitCode = await lettersCommand({ ...options, deed, letters }, { ask, out: process.stdout });
  });

/** Straight into the journal's Redis: whoever reaches that needs no leave of an engine. */
const access = async (book: 'users' | 'tokens' | 'audit', deed: string, name: string | null, options: object) => {
  process.exitCode = await accessVerb(
    { role: null, fullName: null, count: 50, json: false, ...options, book, deed, name },
    configOrExit(),
    quietLog(),
    {
      ...{ out: process.stdout, err: process.stderr, input: process.stdin, now: Date.now, random: randomBytes },
      who: userInfo().username,
    },
  );
};

program
  .command('users')
  .description('who may sign in; a password is asked for, or read as the first line of what is piped in')
  .argument('<deed>', 'add, list, remove, password or role')
  .argument('[name]', 'by which the user signs in')
  .option('--role <role>', 'viewer, operator, supervisor, engineer or admin')
  .option('--full-name <name>', 'what stands beside what they change; left out: the name')
  .option('--json', 'the list for programs', false)
  .action((deed: string, name: string | undefined, options) => access('users', deed, name ?? null, options));

program
  .command('tokens')
  .description('what machines and programs show; a new one is printed once')
  .argument('<deed>', 'add, list or revoke')
  .argument('[name]', 'what stands beside what it changes')
  .option('--role <role>', 'machine (left out; it only sends events), or a role of people')
  .option('--json', 'the list for programs', false)
  .action((deed: string, name: string | undefined, options) => access('tokens', deed, name ?? null, options));

program
  .command('audit')
  .description('who changed what, when and from where, youngest first')
  .option('--count <n>', 'how many', Number, 50)
  .option('--json', 'all of it, for programs', false)
  .action(options => access('audit', 'list', null, options));

program
  .command('receive')
  .description('a webhook receiver to try the engine with: prints what arrives, checks signatures, keeps a ledger')
  .option('--port <n>', 'where it listens, on 127.0.0.1', Number, 8090)
  .option('--secrets <names>', 'environment variables that hold secrets, separated by commas')
  .option('--answer <words>', 'how to answer, one after the other: 200, 500, 429:5, hang, reset, late, redirect, huge')
  .option('--ledger <file>', 'keeps what arrived over restarts')
  .action(async options => {
    const stopped = new Promise(resolve => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, resolve);
    });
    process.exitCode = await receiveVerb(options, process.env, stopped, process.stdout);
  });

program
  .command('backup')
  .description('copy the journal into a file (JSON lines; packed when its name ends in .gz), also while engines run')
  .argument('<file>', 'where to write it')
  .action(async (file: string) => {
    process.exitCode = await backupVerb(file, configOrExit(), quietLog(), process.stderr);
  });

program
  .command('restore')
  .description('put a backup into a journal that is empty; stop every engine first')
  .argument('<file>', 'what backup wrote')
  .option('--force', 'replace the journal that is there', false)
  .action(async (file: string, { force }: { force: boolean }) => {
    process.exitCode = await restoreVerb(file, force, configOrExit(), quietLog(), process.stderr);
  });

await program.parseAsync();
