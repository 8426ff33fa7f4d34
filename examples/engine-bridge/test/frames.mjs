// WebSocket frames (RFC 6455, section 5.2), written and read by hand: for who sends what no library would.

export const TEXT = 1;
export const BINARY = 2;

/** One frame of `payload`, text or bytes. A client's is masked; `first` is its first byte, by default that of a whole text. */
export function frame(payload, { masked = false, first = 0x80 | TEXT } = {}) {
  const bytes = Buffer.from(payload);
  const long = bytes.length < 126 ? 0 : bytes.length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + long);
  head[0] = first;
  head[1] = long === 0 ? bytes.length : long === 2 ? 126 : 127;
  if (long === 2) head.writeUInt16BE(bytes.length, 2);
  if (long === 8) head.writeBigUInt64BE(BigInt(bytes.length), 2);
  if (!masked) return Buffer.concat([head, bytes]);
  head[1] |= 0x80;
  // A mask of zeros is one: the payload stands as it is.
  return Buffer.concat([head, Buffer.alloc(4), bytes]);
}

/** Finds the texts in what one side of a connection sends; the HTTP before them, if it is `upgraded` yet to be, is left out. */
export class Texts {
  #bytes = Buffer.alloc(0);
  #upgraded;

  constructor({ upgraded = false } = {}) {
    this.#upgraded = upgraded;
  }

  of(more) {
    this.#bytes = Buffer.concat([this.#bytes, more]);
    if (!this.#upgraded) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return [];
      this.#upgraded = true;
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    const texts = [];
    for (let taken = this.#take(); taken !== undefined; taken = this.#take()) if (taken.opcode === TEXT) texts.push(taken.payload.toString());
    return texts;
  }

  #take() {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const short = bytes[1] & 0x7f;
    const masked = (bytes[1] & 0x80) !== 0;
    const head = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    const from = head + (masked ? 4 : 0);
    if (bytes.length < from) return undefined;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (bytes.length < from + length) return undefined;
    this.#bytes = bytes.subarray(from + length);
    const payload = bytes.subarray(from, from + length);
    const mask = bytes.subarray(head, from);
    return { opcode: bytes[0] & 0x0f, payload: masked ? payload.map((byte, at) => byte ^ mask[at % 4]) : payload };
  }
}
