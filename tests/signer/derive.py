"""HKDF-SHA256 (RFC 5869) as section 7 of the wire contract uses it."""

import hmac

SALT = b"counterseal-derive-v1"


def derive(master, purpose, owner, key_id):
    """The 32 derived bytes, as secret text."""
    info = "\n".join([purpose, owner, key_id]).encode()
    extracted = hmac.digest(SALT, master, "sha256")
    return "hex:" + hmac.digest(extracted, info + b"\x01", "sha256").hex()
