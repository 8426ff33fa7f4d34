// What the operator must know before anything else, and what they can do about it.

import { element } from './dom.mjs';

export class Notice {
  #section = document.querySelector('#notice');

  /** `level` is `bad`, `warn` or `plain`; `actions` are pairs of a button's text and what it does. */
  show({ level, title, text, actions = [] }) {
    const buttons = actions.map(([name, act], at) => {
      const button = element('button', { type: 'button', class: at === 0 ? 'main' : '' }, name);
      button.addEventListener('click', act);
      return button;
    });
    const lines = text.map((line) => element('p', {}, ...[line].flat()));
    this.#section.className = `notice ${level}`;
    this.#section.replaceChildren(element('h2', {}, title), ...lines, ...(buttons.length > 0 ? [element('div', { class: 'actions' }, ...buttons)] : []));
    this.#section.hidden = false;
  }

  focus() {
    this.#section.focus();
  }

  hide() {
    this.#section.hidden = true;
    this.#section.replaceChildren();
  }
}
