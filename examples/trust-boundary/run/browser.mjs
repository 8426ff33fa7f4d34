// The page in a headless Chromium, asked as a program is.

import { launch } from '../../../tests/probes/js/chromium-launch.mjs';

export class Page {
  #browser;
  #page;
  #said = [];
  #broken;

  /** Opens the page that the server serves. */
  static async open(name, url, say) {
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const opened = new Page(browser, page, name, say);
      await page.goto(url);
      await Promise.race([page.waitForFunction(() => globalThis.page !== undefined), opened.#broken]);
      return opened;
    } catch (fault) {
      await browser.close();
      throw fault;
    }
  }

  constructor(browser, page, name, say) {
    this.#browser = browser;
    this.#page = page;
    page.on('console', (message) => {
      this.#said.push(message.text());
      // The browser itself reports each refused request as an error; those are counted elsewhere.
      if (!message.text().startsWith('Failed to load resource')) say(`${name}: ${message.text()}`);
    });
    this.#broken = new Promise((_, reject) => page.on('pageerror', (error) => reject(new Error(`${name}: ${error.message}`))));
    this.#broken.catch(() => {});
  }

  /** The first value is the setup, each further one a step. It goes through the debugger's pipe, not through a URL. */
  ask(value) {
    const call = typeof value === 'string' ? 'step' : 'start';
    return Promise.race([this.#page.evaluate(([call, value]) => globalThis.page[call](value), [call, value]), this.#broken]);
  }

  output() {
    return this.#said.join('\n');
  }

  end() {
    return this.#browser.close();
  }
}
