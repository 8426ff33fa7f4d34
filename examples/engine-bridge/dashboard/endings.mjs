// How the page tells why a connection ended.

import { advice, meaning } from './refusals.mjs';
import { span } from './words.mjs';

/** A notice's level, title and text for what `Connection` said when it ended. */
export function ending(why) {
  return (ENDINGS[why.kind] ?? ENDINGS.fault)(why);
}

const ENDINGS = {
  unverified: ({ code, event }) => (code === 'heartbeat_missed' ? silent(code) : unverified(code, event)),

  refused: ({ class: klass, status, now }) => ({
    level: 'bad',
    title: 'The connection was refused',
    text: [
      `The answer was ${status} ${klass}. Why is in the server’s audit log: a peer learns no more. Nothing of it is shown here.`,
      ...clocks(now),
    ],
  }),

  lost: () => ({ level: 'warn', title: 'No connection to the server', text: ['Nothing is shown until it is back.'] }),

  fault: () => ({ level: 'bad', title: 'This page has failed', text: ['It met something that it was not made for; the browser’s console says what. Nothing is shown.'] }),
};

function unverified(code, event) {
  return {
    level: 'bad',
    title: 'Something arrived that does not verify',
    text: [
      [`It came as ${EVENTS.includes(event) ? `the event “${event}”` : 'an event of no known name'}. `, advice(code), ` ${meaning(code)}`],
      'Either it is not from the server, or it was changed on its way. It was not shown, the connection is closed, and all that stood here was taken away.',
    ],
  };
}

function silent(code) {
  return {
    level: 'bad',
    title: 'The server has fallen silent',
    text: [[advice(code), ` ${meaning(code)}`], 'Who cannot prove that they are there is not believed: the connection is closed, and all that stood here was taken away.'],
  };
}

function clocks(now) {
  if (now === undefined) return [];
  const off = Math.round(Date.now() / 1000 - now);
  return [`Its clock and this machine’s are ${span(Math.abs(off))} apart: this one is ${off > 0 ? 'ahead' : 'behind'}. Set the one that is wrong.`];
}

/** A name that is not of these is a stranger’s words, and not shown. */
const EVENTS = ['welcome', 'heartbeat', 'snapshot', 'activity'];
