import { setEngine, type RawEngine, type RawRefusal, type RawVerified } from '../facade/engine.js';
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

class ClientPacketVerifier extends PacketVerifier {
  /** One by one. What is wrong with the caller's own arguments is so for a packet of no bytes too, and no packet is refused with that code. */
  verifyBatch(packets: Uint8Array[], context: string, now?: number): (RawVerified | RawRefusal)[] {
    const own = this.#verdict(new Uint8Array(), context, now);
    if ('error' in own && own.error.startsWith('malformed_argument\n')) {
      throw new Error(own.error);
    }
    return packets.map((packet) => this.#verdict(packet, context, now));
  }

  #verdict(packet: Uint8Array, context: string, now: number | undefined): RawVerified | RawRefusal {
    try {
      return this.verify(packet, context, now);
    } catch (error) {
      return { error: (error as Error).message };
    }
  }
}

// What a client's façade asks an engine for.
const ENGINE = {
  RawSecret: Secret,
  RawKey: Key,
  RawKeyring: Keyring,
  RawGuard: Guard,
  RawPacketSigner: PacketSigner,
  RawPacketVerifier: ClientPacketVerifier,
  RawTokenVerifier: TokenVerifier,
  errorList: () => rows(wasm.error_list(), (fields) => fields.text()),
};
