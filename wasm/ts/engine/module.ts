/** What the WebAssembly module exports: `src/` is the other side. Objects go by handle; a text or bytes by their length in the scratch area. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  scratch(length: number): number;
  answer(): number;
  forget(handle: number): void;
  secret_from_text(length: number): number;
  secret_from_bytes(length: number): number;
  secret_generate(): number;
  secret_expose(secret: number): number;
  derive(master: number, purpose: number, owner: number, keyId: number): number;
  key_new(id: number, secret: number, options: number): number;
  keyring_new(): number;
  keyring_add(ring: number, key: number): number;
  keyring_remove(ring: number, id: number): number;
  keyring_revoke(ring: number, id: number): number;
  keyring_ids(ring: number): number;
  guard_new(options: number): number;
  guard_size(guard: number): number;
  shared_guard_new(options: number): number;
  guard_script(): number;
  guard_warning(info: number): number;
  signer_new(key: number, options: number): number;
  sign_json(signer: number, payload: number, context: number, nonce: number, now: number, given: number): number;
  sign_bytes(signer: number, data: number, context: number, nonce: number, now: number, given: number): number;
  sign_parts(signer: number, body: number, context: number, nonce: number, kind: number, now: number, given: number): number;
  verifier_new(ring: number, guard: number, options: number): number;
  verify(verifier: number, packet: number, context: number, now: number, given: number): number;
  verify_parts(
    verifier: number,
    body: number,
    keyId: number,
    nonce: number,
    sig: number,
    context: number,
    kind: number,
    ts: number,
    now: number,
    given: number,
  ): number;
  parts(length: number): number;
  quick_parts(verifier: number, keyId: number, context: number, body: number, json: number, ts: number, now: number): number;
  verify_batch(verifier: number, count: number, context: number, now: number, given: number): number;
  verifier_shared(ring: number, guard: number, options: number): number;
  authenticate(verifier: number, packet: number, context: number, now: number, given: number): number;
  authenticate_parts(
    verifier: number,
    body: number,
    keyId: number,
    nonce: number,
    sig: number,
    context: number,
    kind: number,
    ts: number,
    now: number,
    given: number,
  ): number;
  settle_packet(claiming: number, reply: number, why: number): number;
  issuer_new(key: number, options: number): number;
  issue(issuer: number, claims: number, options: number, now: number, given: number): number;
  issue_text(issuer: number, claims: number, now: number, given: number): number;
  token_verifier_new(ring: number, policy: number): number;
  token_verify(verifier: number, token: number, now: number, given: number): number;
  session_server(name: number, options: number, now: number, given: number): number;
  session_client(key: number, ring: number, server: number, options: number, nonce: number, now: number, given: number): number;
  session_handshake(session: number, token: number): number;
  session_accept(session: number, tokens: number, handshake: number, now: number, given: number): number;
  session_welcome(session: number, key: number, ring: number, nonce: number, now: number, given: number): number;
  session_establish(session: number, packet: number, now: number, given: number): number;
  session_sign_json(session: number, payload: number, event: number, nonce: number, now: number, given: number): number;
  session_sign_bytes(session: number, data: number, event: number, nonce: number, now: number, given: number): number;
  session_heartbeat(session: number, nonce: number, now: number, given: number): number;
  session_verify(session: number, packet: number, event: number, now: number, given: number): number;
  session_poll(session: number, now: number, given: number): number;
  session_close(session: number): number;
  session_standing(session: number): number;
  ticket_issuer_new(master: number, key: number, audience: number): number;
  ticket_issue(issuer: number, owner: number, options: number, now: number, given: number): number;
  ticket_keys(master: number, ticket: number, server: number): number;
  request_signer_new(key: number, options: number): number;
  request_sign(
    signer: number,
    body: number,
    method: number,
    url: number,
    nonce: number,
    headers: number,
    now: number,
    given: number,
  ): number;
  request_verifier_new(ring: number, guard: number, options: number): number;
  request_verifier_shared(ring: number, guard: number, options: number): number;
  request_is_exempt(verifier: number, path: number): number;
  request_verify(verifier: number, body: number, method: number, target: number, headers: number, now: number, given: number): number;
  request_begin(verifier: number, method: number, target: number, headers: number, now: number, given: number): number;
  request_update(pending: number, piece: number): number;
  request_finish(pending: number, now: number, given: number): number;
  request_authenticate(verifier: number, body: number, method: number, target: number, headers: number, now: number, given: number): number;
  pending_authenticate(pending: number, now: number, given: number): number;
  settle_request(claiming: number, reply: number, why: number): number;
  trust_new(policy: number): number;
  trust_check(trust: number, callee: number, caller: number, method: number, path: number): number;
  trust_is_exempt(trust: number, callee: number, path: number): number;
  trust_explain(trust: number, callee: number): number;
  refusal(code: number, now: number, given: number): number;
  canonical_json(text: number): number;
  generate_nonce(): number;
  error_list(): number;
  version(): number;
}

/** Makes an instance of the module, which is given a clock and a random source and nothing else. */
export function instantiate(module: WebAssembly.Module): Exports {
  const host = {
    now: () => Date.now(),
    // An exception must not pass through the module: what it was at would stay half done.
    random(start: number, length: number): number {
      try {
        crypto.getRandomValues(new Uint8Array(wasm.memory.buffer, start, length));
        return 1;
      } catch {
        return 0;
      }
    },
  };
  const wasm = new WebAssembly.Instance(module, { host }).exports as unknown as Exports;
  return wasm;
}

/** Whether this runtime knows the instructions of the faster module: it judges a function that uses one. */
export function hasSimd(): boolean {
  return WebAssembly.validate(Uint8Array.of(...MAGIC, ...TYPE_OF_VECTOR, ...ONE_FUNCTION, ...SPLAT));
}

const MAGIC = [0, 97, 115, 109, 1, 0, 0, 0];
// One type: a function without arguments whose result is a v128.
const TYPE_OF_VECTOR = [1, 5, 1, 96, 0, 1, 123];
const ONE_FUNCTION = [3, 2, 1, 0];
// i32.const 0, i8x16.splat, end.
const SPLAT = [10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
