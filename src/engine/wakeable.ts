// Wakeable: a pause that somebody else can end.
// In: milliseconds. Out: a promise that resolves after them, or at the wake.
// Touches a timer.

export class Wakeable {
  private end: () => void = () => {};
  /** a wake that came while nobody slept ends the next pause at once, so that no news is slept over */
  private news = false;

  wake(): void {
    this.news = true;
    this.end();
  }

  async pause(ms: number): Promise<void> {
    if (!this.news) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, ms);
        this.end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.news = false;
  }
}
