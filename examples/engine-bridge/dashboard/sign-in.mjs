// The form that takes the operator's password.

import { say } from './dom.mjs';

export class SignIn {
  #section = document.querySelector('#sign-in');
  #title = document.querySelector('#sign-in-title');
  #form = document.querySelector('#password-form');
  #password = document.querySelector('#password');
  #submit = this.#form.querySelector('[type=submit]');
  #cancel = document.querySelector('#cancel');
  #fault = document.querySelector('#password-fault');

  /** `submit` takes the password and fails with a sentence; `cancel` is called when the operator changes their mind. */
  constructor({ submit, cancel }) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send(submit);
    });
    this.#cancel.addEventListener('click', cancel);
  }

  /** Shows the form; `renewing` beside what is on the screen. */
  show({ renewing = false } = {}) {
    say(this.#title, renewing ? 'Renew your ticket' : 'Sign in');
    this.#section.classList.toggle('beside', renewing);
    this.#cancel.hidden = !renewing;
    this.#section.hidden = false;
    this.#password.focus();
  }

  hide() {
    this.#section.hidden = true;
    this.#form.reset();
    say(this.#fault, '');
  }

  get isShown() {
    return !this.#section.hidden;
  }

  async #send(submit) {
    const password = this.#password.value;
    this.#password.value = '';
    this.#busy(true);
    say(this.#fault, '');
    try {
      await submit(password);
    } catch (error) {
      say(this.#fault, error.message);
    } finally {
      this.#busy(false);
    }
    if (this.isShown) this.#password.focus();
  }

  #busy(busy) {
    this.#password.disabled = busy;
    this.#submit.disabled = busy;
  }
}
