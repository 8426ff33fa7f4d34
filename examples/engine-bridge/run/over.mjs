// When the launcher is to end: after its time, or when it is interrupted.

export class Over {
  #controller = new AbortController();

  /** Begins to count; without `seconds`, only an interruption ends it. */
  constructor(seconds) {
    const end = () => this.#controller.abort();
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
    if (seconds !== undefined) setTimeout(end, seconds * 1000).unref();
  }

  get signal() {
    return this.#controller.signal;
  }

  /** Waits so long, or until it is over. */
  orAfter(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      if (this.signal.aborted) resolve();
    });
  }
}
