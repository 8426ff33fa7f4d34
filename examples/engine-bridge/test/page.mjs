// The dashboard as an operator has it before them, and everything that it let out on the way.

export class Dashboard {
  #tickets = [];
  #addresses = [];
  #complaints = [];
  page;

  /** Opens it as somebody whom `browser` has never seen, until the test ends. `off` is how many seconds its machine’s clock is ahead. */
  static async open(t, browser, url, { off = 0, ...options } = {}) {
    const context = await browser.newContext(options);
    t.after(() => context.close());
    const dashboard = new Dashboard(await context.newPage());
    if (off !== 0) await dashboard.page.clock.install({ time: Date.now() + off * 1000 });
    await dashboard.page.goto(url);
    return dashboard;
  }

  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('request', (request) => this.#addresses.push(request.url()));
    page.on('websocket', (socket) => this.#addresses.push(socket.url()));
    page.on('framenavigated', (frame) => this.#addresses.push(frame.url()));
    page.on('pageerror', (error) => this.#complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#complaints.push(message.text());
    });
    page.on('response', (response) => {
      if (new URL(response.url()).pathname !== '/ticket' || !response.ok()) return;
      const ticket = response.json();
      // A test may end before it was read.
      ticket.catch(() => {});
      this.#tickets.push(ticket);
    });
  }

  /** Types the password, and Enter. */
  async signIn(password) {
    const field = this.page.getByLabel('Operator’s password');
    await field.fill(password);
    await field.press('Enter');
  }

  /** Signs in, and waits for what the server shows first. */
  async enter(password) {
    await this.signIn(password);
    await this.page.getByRole('heading', { name: 'Engines' }).waitFor();
  }

  /** The row of an engine. */
  engine(name) {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
  }

  /** The row of the job sent last. */
  get lastJob() {
    return this.page.getByRole('table', { name: /^Jobs/ }).getByRole('row').nth(1);
  }

  refusals(holds) {
    return this.page.getByRole('list', { name: /^Refusals/ }).getByRole('listitem').filter({ hasText: holds });
  }

  get notice() {
    return this.page.locator('#notice');
  }

  /** The tickets that the page was given. */
  tickets() {
    return Promise.all(this.#tickets);
  }

  /** Every address that the page asked for or showed. */
  get addresses() {
    return this.#addresses;
  }

  /** What the browser's console holds of warnings and errors, and what the page threw. */
  get complaints() {
    return this.#complaints;
  }

  /** Everything that the page stored, or that stands in its document. */
  kept() {
    return this.page.evaluate(async () => {
      const values = [...document.querySelectorAll('input, select')].map(({ value }) => value);
      const databases = (await indexedDB.databases()).map(({ name }) => name);
      const stored = [localStorage, sessionStorage].map((storage) => JSON.stringify(storage));
      const globals = Object.values(globalThis).filter((value) => typeof value === 'string');
      return [document.documentElement.outerHTML, document.cookie, JSON.stringify(history.state), ...values, ...databases, ...stored, ...globals].join('\n');
    });
  }
}

const PATIENCE_MS = 30_000;
