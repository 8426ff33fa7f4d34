"""What most cases share: the golden key, nonce and times, and calls with sensible members to vary."""

import base64
import json

import packet
from canonical import canonical
from text import concat, expand, repeat

SECRET = bytes(range(32))
OTHER_SECRET = bytes(range(32, 64))
NONCE = "AAECAwQFBgcICQoLDA0ODw"
CONTEXT = "engine_status"
TS = 1708167234
NOW = TS + 6
LAST = 253402300799
MIB = 1024 * 1024
TEXT_LIMIT = 4 * MIB + 4096

BAD_CONTEXTS = [
    ("of 257 bytes", "c" * 257),
    ("with LF", "engine\nstatus"),
    ("with a tab", "engine\tstatus"),
    ("with DEL", "engine\x7fstatus"),
    ("with NUL", "engine\0"),
    ("not ASCII", "engine\u00e9"),
    ("of U+2028", "\u2028"),
    ("as a number", 5),
    ("as an array", ["engine_status"]),
]

BAD_NONCES = [
    ("empty", ""),
    ("of 21 characters", NONCE[:21]),
    ("of 23 characters", NONCE + "A"),
    ("padded", NONCE + "=="),
    ("of 24 characters", NONCE + "AA"),
    ("in the standard alphabet", "+/" * 10 + "+Q"),
    ("with trailing bits", NONCE[:21] + "x"),
    ("with the smallest trailing bit", NONCE[:21] + "B"),
    ("with white space", NONCE[:21] + " "),
    ("in hex", "000102030405060708090a0b0c0d0e0f"),
    ("not ASCII", NONCE[:21] + "\u00e9"),
]


def hexed(secret):
    """Secret text in the hex encoding."""
    return "hex:" + secret.hex()


def key(id="engine-7", secret=SECRET, **options):
    """A key as calls carry it; `secret` is bytes, or anything to hand over as it is."""
    return {"id": id, "secret": hexed(secret) if isinstance(secret, bytes) else secret, **options}


def nonce(number):
    """A nonce for each number."""
    return packet.b64url(number.to_bytes(16, "big"))


def sealed(payload=None, *, text=None, kid="engine-7", ts=TS, nonce=NONCE, context=CONTEXT, secret=SECRET):
    """A genuine packet of a payload: a value, or its RFC 8785 text."""
    return packet.json_packet(secret, kid, ts, nonce, context, canonical(payload) if text is None else text)


def sealed_bytes(data, *, kid="engine-7", ts=TS, nonce=NONCE, context=CONTEXT, secret=SECRET):
    """A genuine packet of raw bytes."""
    return packet.bytes_packet(secret, kid, ts, nonce, context, data)


def sealed_zeros(count):
    """A genuine packet of `count` zero bytes, and their base64url, both described."""
    encoded = repeat("A", (count * 8 + 5) // 6)
    return packet.bytes_packet(SECRET, "engine-7", TS, NONCE, CONTEXT, bytes(count), encoded), encoded


def members(payload=None, **parts):
    """A genuine packet as a dict from name to the JSON text of its value, to be altered member by member."""
    text = canonical(payload)
    kid, ts, once = parts.get("kid", "engine-7"), parts.get("ts", TS), parts.get("nonce", NONCE)
    sig = packet.sign(parts.get("secret", SECRET), kid, ts, once, parts.get("context", CONTEXT), "json", text)
    return {
        "v": "1",
        "kid": f'"{kid}"',
        "ts": str(ts),
        "nonce": f'"{once}"',
        "payload": text,
        "sig": f'"{sig}"',
    }


def data_members(data, **parts):
    """As `members`, for raw bytes."""
    genuine = members(None, **parts)
    sig = packet.sign(SECRET, "engine-7", TS, NONCE, CONTEXT, "bytes", data)
    body = {"data": f'"{packet.b64url(data)}"', "sig": f'"{sig}"'}
    return {name: text for name, text in genuine.items() if name not in ("payload", "sig")} | body


def assembled(parts):
    """The packet's text of members in their order; a list of pairs may repeat a name."""
    pairs = parts.items() if isinstance(parts, dict) else parts
    pieces = []
    for name, text in pairs:
        pieces += ["," if pieces else "{", f'"{name}":', text]
    return concat(*pieces, "}" if pieces else "{}")


def without(parts, *names):
    """The members but these."""
    return {name: text for name, text in parts.items() if name not in names}


def signing(payload_text=None, **call):
    """A packet.sign call."""
    body = {} if payload_text is None else {"payload_text": payload_text}
    return {"op": "packet.sign", "key": key(), "context": CONTEXT, "now": TS, "nonce": NONCE, **body, **call}


def verifying(packet_text=None, *, keys=None, **call):
    """A packet.verify call; bytes go as packet_bytes."""
    body = {}
    if isinstance(packet_text, bytes):
        body = {"packet_bytes": packet.b64url(packet_text)}
    elif packet_text is not None:
        body = {"packet_text": packet_text}
    return {
        "op": "packet.verify",
        "keys": [key()] if keys is None else keys,
        **body,
        "context": CONTEXT,
        "now": NOW,
        **call,
    }


def evidence(payload_text=None, *, data=None, key_id="engine-7", owner=None, ts=TS, nonce=NONCE):
    """What a verified packet answers."""
    body = {"data": packet.b64url(data)} if data is not None else {"payload_text": payload_text}
    return {"key_id": key_id, "owner": owner or key_id, "ts": ts, "nonce": nonce, **body}


def canonical_text(text):
    """The RFC 8785 form of a JSON text that Python's own reader understands rightly."""
    return canonical(json.loads(expand(text), parse_int=float))


def b64(data):
    """Padded base64."""
    return base64.b64encode(data).decode()
