// Receive verb: a webhook receiver at the terminal: prints what arrives, whether it is signed, and what an ERP would have booked.
// In: a port, names of variables with secrets, how to answer. Out: one line per message; exit code 2 when it was asked wrongly.
// Touches what the trial receiver touches, and the terminal.

import type { Environment } from './config.ts';
import { ANSWERS, type Arrived, startTrialReceiver } from './demo/trial-receiver.ts';
import { secretTrouble } from './sinks/webhook/sign-message.ts';

export interface ReceiveOptions {
  readonly port: number;
  /** names of environment variables, separated by commas */
  readonly secrets?: string;
  /** words separated by commas */
  readonly answer?: string;
  readonly ledger?: string;
}

interface Terminal {
  write(text: string): unknown;
}

const wordsOf = (text: string | undefined): string[] => (text ?? '').split(',').filter(word => word !== '');

/** Runs until it is told to stop. @param stopped resolves then */
export async function receiveVerb(
  options: ReceiveOptions,
  environment: Environment,
  stopped: Promise<unknown>,
  out: Terminal,
): Promise<0 | 2> {
  const answers = wordsOf(options.answer);
  const names = wordsOf(options.secrets);
  const faults = [
    ...answers.filter(word => !ANSWERS.test(word)).map(word => `"${word}" is no answer: see the README`),
    ...names.flatMap(name => {
      const trouble = secretTrouble(environment[name] ?? '');
      return trouble === null ? [] : [`${name} ${trouble}`];
    }),
  ];
  if (faults.length > 0) {
    for (const fault of faults) out.write(`OEE_RECEIVE: ${fault}\n`);
    return 2;
  }
  const receiver = await startTrialReceiver({
    port: options.port,
    secrets: names.map(name => environment[name] ?? ''),
    answers,
    ledgerFile: options.ledger ?? null,
    onArrived: arrived => out.write(`${lineOf(arrived)}\n`),
  });
  out.write(`listens at ${receiver.url}\n`);
  await stopped;
  await receiver.close();
  for (const [order, { good, reject }] of receiver.ledger.perOrder()) {
    out.write(`order ${order}: ${good} good, ${reject} reject\n`);
  }
  for (const broken of receiver.ledger.broken) out.write(`BROKEN ${broken}\n`);
  return 0;
}

function lineOf({ id, body, signed, reception, answer }: Arrived): string {
  const seal = signed === null ? 'unchecked' : signed ? 'signed' : 'BAD SIGNATURE';
  const [timestamp, type, unit] = wordsIn(body);
  return `${timestamp} ${type} ${unit} ${id} ${seal} ${reception} → ${answer}`;
}

/** Anybody may send anything to an open port. */
function wordsIn(body: string): readonly unknown[] {
  try {
    const { type, timestamp, data } = JSON.parse(body) as {
      type?: string;
      timestamp?: string;
      data?: { unit?: string };
    };
    return [timestamp ?? '', type ?? 'no type', data?.unit ?? ''];
  } catch {
    return ['', 'no JSON', ''];
  }
}
