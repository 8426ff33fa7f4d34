"""The packet of the wire contract, section 2: signing input, signature, text; and the replay tag of section 5."""

import base64
import hashlib
import hmac

from text import concat, expand


def b64url(data):
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signing_input(kid, ts, nonce, context, kind, body):
    """counterseal-packet-v1 LF kid LF ts LF nonce LF context LF kind LF body."""
    head = "\n".join(["counterseal-packet-v1", kid, str(ts), nonce, context, kind, ""])
    return head.encode() + body


def sign(secret, kid, ts, nonce, context, kind, body):
    """The signature text over the parts; `body` is bytes, or text (described or plain) of a canonical payload."""
    if not isinstance(body, bytes):
        body = expand(body).encode()
    return b64url(hmac.digest(secret, signing_input(kid, ts, nonce, context, kind, body), "sha256"))


def json_packet(secret, kid, ts, nonce, context, payload_text):
    """The packet's text for a payload in RFC 8785 form; a described payload gives a described packet."""
    sig = sign(secret, kid, ts, nonce, context, "json", payload_text)
    return concat(_head(kid, ts, nonce), '"payload":', payload_text, f',"sig":"{sig}"}}')


def bytes_packet(secret, kid, ts, nonce, context, data, encoded=None):
    """The packet's text for raw bytes; `encoded` may describe their base64url."""
    sig = sign(secret, kid, ts, nonce, context, "bytes", data)
    return concat(_head(kid, ts, nonce), '"data":"', encoded or b64url(data), f'","sig":"{sig}"}}')


def replay_tag(scope, form, kid, nonce):
    """The first 16 bytes of SHA-256(counterseal-replay-v1 LF scope LF format LF kid LF nonce)."""
    text = "\n".join(["counterseal-replay-v1", scope, form, kid, nonce])
    return b64url(hashlib.sha256(text.encode()).digest()[:16])


def _head(kid, ts, nonce):
    return f'{{"v":1,"kid":"{kid}","ts":{ts},"nonce":"{nonce}",'
