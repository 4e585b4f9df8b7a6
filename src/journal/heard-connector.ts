// Heard connector: a socket to Redis on which every error is heard, however many there are and however late.
// In: where Redis is, in ioredis' words. Out: the socket; the errors are told by the client, as ever.
// Touches the network. Without it ioredis hears the first error only: a handshake that is given up fails twice (no trust, then the
// alert of a server that was left in the middle of it), and an error that nobody hears ends the process.

import { connect as connectPlain } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector } from 'ioredis';

interface Place {
  readonly host?: string;
  readonly port?: number;
  readonly family?: number;
  readonly tls?: object;
  readonly disconnectTimeout: number;
}

export class HeardConnector extends AbstractConnector {
  private readonly place: Place;

  constructor(place: unknown) {
    super((place as Place).disconnectTimeout);
    this.place = place as Place;
  }

  /** @throws Error when it was given up before it began */
  async connect(): Promise<AbstractConnector['stream']> {
    this.connecting = true;
    await turn();
    if (!this.connecting) throw new Error('Connection is closed.');
    const { host, port = 6379, family, tls } = this.place;
    const to = { port, ...(host === undefined ? {} : { host }), ...(family === undefined ? {} : { family }) };
    this.stream = tls === undefined ? connectPlain(to) : connectTls({ ...to, ...tls });
    this.stream.on('error', error => {
      this.firstError ??= error;
    });
    return this.stream;
  }
}
