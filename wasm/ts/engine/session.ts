import type { RawKey, RawKeyring, RawSession, RawStanding, RawVerified } from '../facade/engine.js';
import { evidence, signed } from './evidence.js';
import { Fields, sizeOf } from './memory.js';
import { done, memory, optionalText, said, Thing, wasm } from './thing.js';

export class Session extends Thing implements RawSession {
  static server(name: string, options: string, now?: number): Session {
    memory.begin(3 * (name.length + options.length));
    return new Session(wasm.session_server(memory.text(name), memory.text(options), now ?? 0, now === undefined ? 0 : 1));
  }

  static client(key: RawKey & Thing, server: string, ring: RawKeyring & Thing, options: string, now?: number, nonce?: string): Session {
    memory.begin(3 * (server.length + options.length + (nonce?.length ?? 0)));
    const given = [memory.text(server), memory.text(options), optionalText(nonce)] as const;
    return new Session(wasm.session_client(key.handle, ring.handle, ...given, now ?? 0, now === undefined ? 0 : 1));
  }

  handshake(token: string): string {
    memory.begin(3 * token.length);
    return said(wasm.session_handshake(this.handle, memory.text(token)));
  }

  welcome(key: RawKey & Thing, ring: RawKeyring & Thing, now?: number, nonce?: string): string {
    memory.begin(3 * (nonce?.length ?? 0));
    return said(wasm.session_welcome(this.handle, key.handle, ring.handle, optionalText(nonce), now ?? 0, now === undefined ? 0 : 1));
  }

  establish(packet: Uint8Array, now?: number): void {
    memory.begin(sizeOf(packet));
    done(wasm.session_establish(this.handle, memory.bytes(packet), now ?? 0, now === undefined ? 0 : 1));
  }

  signJson(event: string, payload: Uint8Array, now?: number, nonce?: string): string {
    const given = signed(payload, event, nonce);
    return said(wasm.session_sign_json(this.handle, ...given, now ?? 0, now === undefined ? 0 : 1));
  }

  signBytes(event: string, data: Uint8Array, now?: number, nonce?: string): string {
    const given = signed(data, event, nonce);
    return said(wasm.session_sign_bytes(this.handle, ...given, now ?? 0, now === undefined ? 0 : 1));
  }

  heartbeat(now?: number, nonce?: string): string {
    memory.begin(3 * (nonce?.length ?? 0));
    return said(wasm.session_heartbeat(this.handle, optionalText(nonce), now ?? 0, now === undefined ? 0 : 1));
  }

  verify(event: string, packet: Uint8Array, now?: number): RawVerified {
    memory.begin(sizeOf(packet) + 3 * event.length);
    const length = wasm.session_verify(this.handle, memory.bytes(packet), memory.text(event), now ?? 0, now === undefined ? 0 : 1);
    return evidence(new Fields(memory.answer(done(length))));
  }

  poll(now?: number): boolean {
    return done(wasm.session_poll(this.handle, now ?? 0, now === undefined ? 0 : 1)) === 1;
  }

  close(): void {
    done(wasm.session_close(this.handle));
  }

  standing(): RawStanding {
    const fields = new Fields(memory.answer(done(wasm.session_standing(this.handle))));
    const [state, code, peer, id, deadline] = [fields.text(), fields.text(), fields.text(), fields.text(), fields.number()];
    return { state, code: code || undefined, peer: peer || undefined, id: id || undefined, deadline: deadline < 0 ? undefined : deadline };
  }
}
