import type { RawHeaders, RawPendingRequest, RawRequestSigner, RawRequestVerifier, RawTrust, RawVerifiedRequest } from '../facade/engine.js';
import { Claiming, type SharedGuard } from './claiming.js';
import { FIELD_LENGTH, Fields, sizeOf } from './memory.js';
import { done, memory, optionalText, rows, Thing, wasm } from './thing.js';

export class RequestSigner extends Thing implements RawRequestSigner {
  constructor(key: Thing, options: string) {
    memory.begin(3 * options.length);
    super(wasm.request_signer_new(key.handle, memory.text(options)));
  }

  sign(method: string, url: string, headers: RawHeaders, body: Uint8Array, now?: number, nonce?: string): string[] {
    memory.begin(sizeOf(body) + 3 * (method.length + url.length + (nonce?.length ?? 0)) + roomFor(headers));
    const given = [memory.bytes(body), memory.text(method), memory.text(url), optionalText(nonce), fields(headers)] as const;
    return rows(wasm.request_sign(this.handle, ...given, now ?? 0, now === undefined ? 0 : 1), (added) => added.text());
  }
}

export class RequestVerifier extends Thing implements RawRequestVerifier {
  constructor(ring: Thing, options: string, guard = 0, make = wasm.request_verifier_new) {
    memory.begin(3 * options.length);
    super(make(ring.handle, guard, memory.text(options)));
  }

  static withGuard(ring: Thing, guard: Thing, options: string): RequestVerifier {
    return new RequestVerifier(ring, options, guard.handle);
  }

  static shared(ring: Thing, guard: SharedGuard, options: string): RequestVerifier {
    return new RequestVerifier(ring, options, guard.handle, wasm.request_verifier_shared);
  }

  isExempt(path: string): boolean {
    memory.begin(3 * path.length);
    return done(wasm.request_is_exempt(this.handle, memory.text(path))) === 1;
  }

  verify(method: string, target: string, headers: RawHeaders, body: Uint8Array, now?: number): RawVerifiedRequest {
    memory.begin(sizeOf(body) + 3 * (method.length + target.length) + roomFor(headers));
    const given = [memory.bytes(body), memory.text(method), memory.text(target), fields(headers)] as const;
    return requestEvidence(wasm.request_verify(this.handle, ...given, now ?? 0, now === undefined ? 0 : 1));
  }

  authenticate(method: string, target: string, headers: RawHeaders, body: Uint8Array, now?: number): Claiming<RawVerifiedRequest> {
    memory.begin(sizeOf(body) + 3 * (method.length + target.length) + roomFor(headers));
    const given = [memory.bytes(body), memory.text(method), memory.text(target), fields(headers)] as const;
    return claiming(wasm.request_authenticate(this.handle, ...given, now ?? 0, now === undefined ? 0 : 1));
  }

  begin(method: string, target: string, headers: RawHeaders, now?: number): PendingRequest {
    memory.begin(3 * (method.length + target.length) + roomFor(headers));
    const given = [memory.text(method), memory.text(target), fields(headers)] as const;
    return new PendingRequest(wasm.request_begin(this.handle, ...given, now ?? 0, now === undefined ? 0 : 1));
  }
}

class PendingRequest extends Thing implements RawPendingRequest {
  update(piece: Uint8Array): void {
    memory.begin(sizeOf(piece));
    done(wasm.request_update(this.handle, memory.bytes(piece)));
  }

  finish(now?: number): RawVerifiedRequest {
    return requestEvidence(wasm.request_finish(this.handle, now ?? 0, now === undefined ? 0 : 1));
  }

  authenticate(now?: number): Claiming<RawVerifiedRequest> {
    return claiming(wasm.pending_authenticate(this.handle, now ?? 0, now === undefined ? 0 : 1));
  }
}

export class Trust extends Thing implements RawTrust {
  constructor(policy: Uint8Array) {
    memory.begin(sizeOf(policy));
    super(wasm.trust_new(memory.bytes(policy)));
  }

  check(callee: string, caller: string, method: string, path: string): void {
    memory.begin(3 * (callee.length + caller.length + method.length + path.length));
    done(wasm.trust_check(this.handle, memory.text(callee), memory.text(caller), memory.text(method), memory.text(path)));
  }

  isExempt(callee: string, path: string): boolean {
    memory.begin(3 * (callee.length + path.length));
    return done(wasm.trust_is_exempt(this.handle, memory.text(callee), memory.text(path))) === 1;
  }

  explain(callee: string): string[] {
    memory.begin(3 * callee.length);
    return rows(wasm.trust_explain(this.handle, memory.text(callee)), (sentences) => sentences.text());
  }
}

// Header fields go behind all other arguments. A lone surrogate becomes U+FFFD, which the core refuses as it would the surrogate.
function fields(headers: RawHeaders): number {
  headers.forEach((text) => memory.field(text));
  return headers.length / 2;
}

function roomFor(headers: RawHeaders): number {
  return headers.reduce((sum, text) => sum + FIELD_LENGTH + 3 * text.length, 0);
}

function claiming(length: number): Claiming<RawVerifiedRequest> {
  return new Claiming(length, (handle, reply, why) => requestEvidence(wasm.settle_request(handle, reply, why)));
}

function requestEvidence(length: number): RawVerifiedRequest {
  const fields = new Fields(memory.answer(done(length)));
  return { keyId: fields.text(), owner: fields.text(), timestamp: fields.number(), nonce: fields.text() };
}
