// Lone machine: a demo machine that stands beside others and waits for none of them: a CNC cell, an assembly bench.
// In: seconds. Out: deeds, piece by piece.
// Pure but for its own state.

import type { DemoMachine, Second } from './demo-machine.ts';
import type { OrderBook } from './order-book.ts';

export class LoneMachine {
  readonly #machine: DemoMachine;
  /** null: no order ever runs, the plant file names what it makes */
  readonly #orders: OrderBook | null;
  /** part of the piece at work that is done, 0..1 */
  #done = 0;
  /** pace of the piece at work */
  #pace: number;
  #made = 0;
  #changing = false;

  constructor(machine: DemoMachine, orders: OrderBook | null) {
    this.#machine = machine;
    this.#orders = orders;
    this.#pace = machine.body.pace();
  }

  step(second: Second): void {
    const machine = this.#machine;
    if (this.#orders !== null && this.#orders.current === null) this.#startOrder(this.#orders, second);
    let own = machine.begin(second);
    if (this.#changing && this.#orders !== null && machine.body.changeoverDone) {
      this.#changing = false;
      machine.body.endChangeover();
      this.#startOrder(this.#orders, second);
      if (own === 'changeover') own = null;
    } else if (own === null && this.#orderIsMade()) {
      this.#changing = true;
      machine.voice.endOrder(second.t);
      machine.body.beginChangeover();
      own = 'changeover';
    }
    machine.settle(second, own ?? 'producing');
    if (own === null) this.#work(second);
    machine.close(second);
  }

  endDay(second: Second): void {
    this.#machine.endDay(second);
  }

  #orderIsMade(): boolean {
    const quantity = this.#machine.voice.order?.quantity;
    return !this.#changing && quantity !== undefined && this.#made >= quantity;
  }

  #startOrder(orders: OrderBook, second: Second): void {
    this.#made = 0;
    this.#done = 0;
    this.#machine.voice.startOrder(second.t, orders.next(second.t));
  }

  #work(second: Second): void {
    const { body, voice, machine } = this.#machine;
    const product = voice.order?.product ?? machine.product;
    const cycleUs = this.#machine.cycleUs(product, second.t);
    if (cycleUs === null) return;
    this.#done += (1e6 / cycleUs) * this.#pace;
    if (this.#done < 1) return;
    this.#done -= 1;
    this.#pace = body.pace();
    const reject = body.rejectsAmong(1);
    const rework = reject === 0 && body.needsRework() ? 1 : 0;
    const good = 1 - reject - rework;
    voice.make(good, reject, rework, 0);
    this.#made += good;
  }
}
