import { runInNewContext } from 'node:vm';
import { wrongArguments } from './arguments.mjs';
import { errors } from './errors.mjs';
import { packets } from './packets.mjs';
import { wrongRequestCalls } from './request-arguments.mjs';
import { requests } from './requests.mjs';
import { secrecy } from './secrecy.mjs';
import { wrongSessionCalls } from './session-arguments.mjs';
import { sessions } from './sessions.mjs';
import { shared } from './shared.mjs';
import { tickets } from './tickets.mjs';
import { tokens } from './tokens.mjs';
import { trust } from './trust.mjs';
import { values } from './values.mjs';

/** The idiom of JavaScript, the same for both engines. */
export function suite(api, declarations) {
  packets(api);
  tokens(api);
  sessions(api);
  wrongSessionCalls(api);
  tickets(api);
  requests(api);
  wrongRequestCalls(api);
  shared(api);
  trust(api);
  wrongArguments(api);
  values(api, async () => (source) => runInNewContext(source));
  secrecy(api);
  errors(api, declarations);
}
