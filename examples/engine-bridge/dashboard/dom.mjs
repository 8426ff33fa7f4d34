// Elements, made and changed without a parser: what is data arrives as text.

/** An element with attributes and children; a child that is not an element becomes text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Sets an element's text, unless it says that already: what does not change is not announced, nor loses its selection. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Rows that stay the same elements while they are about the same thing, so that nothing loses its focus. */
export class Rows {
  #parent;
  #make;
  #rows = new Map();

  /** `make` gives a row: its `element`, and `show`, which takes what is to be shown. */
  constructor(parent, make) {
    this.#parent = parent;
    this.#make = make;
  }

  /** Shows a row for each item, in their order. */
  show(items, keyOf) {
    const shown = new Map(items.map((item) => [keyOf(item), item]));
    for (const [key, { element }] of this.#rows) {
      if (!shown.has(key)) {
        element.remove();
        this.#rows.delete(key);
      }
    }
    let next = this.#parent.firstElementChild;
    for (const [key, item] of shown) {
      if (!this.#rows.has(key)) this.#rows.set(key, this.#make());
      const { element, show } = this.#rows.get(key);
      show(item);
      if (element === next) next = next.nextElementSibling;
      else this.#parent.insertBefore(element, next);
    }
  }
}

/** A list, or a sentence while there is nothing in it. */
export class List {
  #empty;
  #list;
  #rows;

  /** `row` makes one, as `Rows` has it. */
  constructor(panel, { label, empty, row }) {
    this.#empty = element('p', { class: 'empty' }, empty);
    this.#list = element('ol', { 'aria-label': label, role: 'list' });
    this.#rows = new Rows(this.#list, row);
    panel.replaceChildren(this.#empty, this.#list);
    this.show([], String);
  }

  show(items, keyOf) {
    this.#empty.hidden = items.length > 0;
    this.#list.hidden = items.length === 0;
    this.#rows.show(items, keyOf);
  }
}

/** A table, or a sentence while it has no row. Its roles are spelled out, since a browser may drop them where its layout is another. */
export class Table {
  #headings;
  #empty;
  #table;
  #rows;

  /** `row` takes the cells of a new row by their headings and returns what shows an item in them. */
  constructor(panel, { label, headings, empty, row, layout = '' }) {
    this.#headings = headings;
    this.#empty = element('p', { class: 'empty' }, empty);
    const body = element('tbody', { role: 'rowgroup' });
    const head = element('tr', { role: 'row' }, ...headings.map((heading) => element('th', { role: 'columnheader', scope: 'col' }, heading)));
    this.#table = element('table', { role: 'table', 'aria-label': label, class: layout }, element('thead', { role: 'rowgroup' }, head), body);
    this.#rows = new Rows(body, () => this.#row(row));
    panel.replaceChildren(this.#empty, this.#table);
    this.show([], String);
  }

  show(items, keyOf) {
    this.#empty.hidden = items.length > 0;
    this.#table.hidden = items.length === 0;
    this.#rows.show(items, keyOf);
  }

  #row(make) {
    const cells = this.#headings.map((heading, at) =>
      at === 0 ? element('th', { role: 'rowheader', scope: 'row' }) : element('td', { role: 'cell', 'data-label': heading }));
    return { element: element('tr', { role: 'row' }, ...cells), show: make(...cells) };
  }
}
