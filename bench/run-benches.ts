// Run benches: asks every bench its question, or those that are named, and prints the answers.
// In: --smoke or --full, names of benches, --json FILE. Out: a table; exit code 1 when work differed or a figure collapsed.
// Touches: stdout, the file of --json, whatever the benches touch.

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { alertCost } from './alert-cost.ts';
import { type Answer, answerToText, type Size, standsAboveFloor } from './answer.ts';
import { coreSpeed } from './core-speed.ts';
import { endToEndSpeed } from './end-to-end-speed.ts';
import { liveFanOut } from './live-fan-out.ts';
import { pipelineSpeed } from './pipeline-speed.ts';
import { recoverySpeed } from './recovery-speed.ts';

const BENCHES: Readonly<Record<string, (size: Size) => Promise<Answer>>> = {
  core: coreSpeed,
  pipeline: pipelineSpeed,
  alerts: alertCost,
  'end-to-end': endToEndSpeed,
  recovery: recoverySpeed,
  live: liveFanOut,
};

interface Wanted {
  readonly size: Size;
  readonly names: readonly string[];
  readonly json: string | null;
}

function wantedOf(args: readonly string[]): Wanted | null {
  const jsonAt = args.indexOf('--json');
  const json = jsonAt < 0 ? null : (args[jsonAt + 1] ?? null);
  const rest = args.filter((_, place) => jsonAt < 0 || (place !== jsonAt && place !== jsonAt + 1));
  const names = rest.filter(word => !word.startsWith('--'));
  const flags = rest.filter(word => word.startsWith('--'));
  const known = flags.every(flag => flag === '--smoke' || flag === '--full') && names.every(name => name in BENCHES);
  if (!known || (jsonAt >= 0 && json === null)) return null;
  const size = flags.includes('--smoke') ? 'smoke' : 'full';
  return { size, names: names.length === 0 ? Object.keys(BENCHES) : names, json };
}

async function runBenches(args: readonly string[]): Promise<number> {
  const wanted = wantedOf(args);
  if (wanted === null) {
    process.stderr.write(`usage: run-benches [--smoke|--full] [--json FILE] [${Object.keys(BENCHES).join('|')} …]\n`);
    return 2;
  }
  const { size, names, json } = wanted;
  process.stdout.write(`${size} size, Node ${process.versions.node}, ${cpus().length} cores\n\n`);
  const answers: Record<string, Answer> = {};
  let code = 0;
  for (const name of names) {
    try {
      const answer = await (BENCHES[name] as (size: Size) => Promise<Answer>)(size);
      answers[name] = answer;
      process.stdout.write(`${answerToText(name, answer)}\n\n`);
      if (!standsAboveFloor(answer)) code = 1;
    } catch (error) {
      process.stdout.write(`${name}: FAILED: ${error instanceof Error ? error.stack : String(error)}\n\n`);
      code = 1;
    }
  }
  if (json !== null)
    writeFileSync(json, `${JSON.stringify({ size, node: process.versions.node, answers }, null, 2)}\n`);
  return code;
}

process.exitCode = await runBenches(process.argv.slice(2));
