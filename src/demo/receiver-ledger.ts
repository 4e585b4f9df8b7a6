// Receiver ledger: how an ERP books what it is told by webhook: each message once, each confirmation once, corrections by reference.
// In: messages as they arrive, repeats and all. Out: what was new, quantities per confirmation and order, whatever broke a promise.
// Pure.

export interface Booked {
  readonly order: string;
  revision: number;
  good: number;
  reject: number;
}

export type Reception = 'new' | 'repeat' | 'broken';

interface Quantities {
  readonly good: number;
  readonly reject: number;
}

interface ConfirmationBody {
  readonly type: string;
  readonly data: {
    readonly id: string;
    readonly revision: number;
    readonly order: string;
    readonly tally: Quantities;
    readonly restates: { readonly revision: number; readonly tally: Quantities } | null;
    readonly difference: Quantities | null;
  };
}

/** @returns null for what is no confirmation, whoever sent it */
function read(body: string): ConfirmationBody | null {
  try {
    const told = JSON.parse(body) as Partial<ConfirmationBody>;
    return told.type?.startsWith('confirmation') === true ? (told as ConfirmationBody) : null;
  } catch {
    return null;
  }
}

export class ReceiverLedger {
  /** webhook-id → the bytes that came with it */
  private readonly seen = new Map<string, string>();
  /** confirmation id → what is booked under it */
  readonly booked = new Map<string, Booked>();
  /** promises that were broken, in words */
  readonly broken: string[] = [];

  /** @returns repeat: known already, nothing is booked */
  take(id: string, body: string): Reception {
    const known = this.seen.get(id);
    if (known === body) return 'repeat';
    if (known !== undefined) return this.refuse(`${id} came again with other bytes`);
    this.seen.set(id, body);
    const told = read(body);
    return told === null ? 'new' : this.book(told);
  }

  get size(): number {
    return this.seen.size;
  }

  /** Good and rejected pieces per order. */
  perOrder(): Map<string, Quantities> {
    const orders = new Map<string, Quantities>();
    for (const { order, good, reject } of this.booked.values()) {
      const sum = orders.get(order) ?? { good: 0, reject: 0 };
      orders.set(order, { good: sum.good + good, reject: sum.reject + reject });
    }
    return orders;
  }

  /** First what is produced; later only the difference to it. */
  private book({ type, data }: ConfirmationBody): Reception {
    const { id, revision, order, tally, restates, difference } = data;
    const known = this.booked.get(id);
    if (type === 'confirmation') {
      if (known !== undefined) return this.refuse(`${id} was confirmed twice`);
      this.booked.set(id, { order, revision, good: tally.good, reject: tally.reject });
      return 'new';
    }
    if (known === undefined || restates === null || difference === null) {
      return this.refuse(`${id} was restated before it was confirmed`);
    }
    if (restates.revision !== known.revision || restates.tally.good !== known.good) {
      return this.refuse(`${id} restates revision ${restates.revision}, but ${known.revision} is booked`);
    }
    known.revision = revision;
    known.good += difference.good;
    known.reject += difference.reject;
    return 'new';
  }

  private refuse(why: string): Reception {
    this.broken.push(why);
    return 'broken';
  }
}
