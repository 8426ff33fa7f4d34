import { setEngine, type RawEngine } from '../facade/engine.js';
import { Guard, Key, Keyring, PacketSigner, PacketVerifier, Secret, TokenVerifier } from './objects.js';
import { compiled, type WasmSource } from './source.js';
import { begin, rows, wasm } from './thing.js';

/** Starts the client's engine on its module, unless it runs. */
export async function load(source: WasmSource): Promise<void> {
  const module = await compiled(source);
  if (wasm === undefined) {
    begin(module);
    setEngine(ENGINE as unknown as RawEngine);
  }
}

// What a client's façade asks an engine for.
const ENGINE = {
  RawSecret: Secret,
  RawKey: Key,
  RawKeyring: Keyring,
  RawGuard: Guard,
  RawPacketSigner: PacketSigner,
  RawPacketVerifier: PacketVerifier,
  RawTokenVerifier: TokenVerifier,
  errorList: () => rows(wasm.error_list(), (fields) => fields.text()),
};
