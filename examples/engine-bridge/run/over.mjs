// When the launcher is to end: after its time, or when it is interrupted.

export class Over {
  #controller = new AbortController();

  /** From here on an interruption ends it; a second one ends this process at once. */
  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => this.#controller.abort());
  }

  /** From here on so many seconds end it too. */
  after(seconds) {
    setTimeout(() => this.#controller.abort(), seconds * 1000).unref();
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
