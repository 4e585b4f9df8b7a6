// Trace: what happened in a simulation, line by line, and one number that stands for all of it.
// In: who did what, when. Out: readable lines for whoever wants them; a hash that is the same for the same run.
// Pure but for its own memory.

/** FNV-1a over everything that was said, 2 x 32 bits in base 36. */
export class Trace {
  lines = 0;
  private low = 0x811c9dc5;
  private high = 0x01000193;

  constructor(
    private readonly now: () => number,
    private readonly begin: number,
    private readonly tell: ((line: string) => void) | null,
  ) {}

  add(who: string, what: string): void {
    const at = this.now() - this.begin;
    this.lines += 1;
    this.mix(`${at} ${who} ${what}`);
    this.tell?.(`${(at / 1000).toFixed(4).padStart(10)}  ${who.padEnd(12)} ${what}`);
  }

  hash(): string {
    return `${(this.low >>> 0).toString(36)}${(this.high >>> 0).toString(36)}`;
  }

  private mix(text: string): void {
    for (let i = 0; i < text.length; i += 1) {
      this.low = Math.imul(this.low ^ text.charCodeAt(i), 0x01000193);
      this.high = Math.imul(this.high + text.charCodeAt(i), 0x85ebca6b) ^ (this.low >>> 13);
    }
  }
}
