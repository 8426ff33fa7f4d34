"""Derived keys: wire contract section 7, of which only `derive`."""

from case import Subject
from derive import derive
from fixtures import SECRET, b64, hexed
from packet import b64url

derivation = Subject("derive", "Derived keys: HKDF-SHA256 (wire contract section 7)")
SUBJECTS = [derivation]

PARTS = {"purpose": "worker", "owner": "w-12", "key_id": "w-12.3"}


def call(**changed):
    return {"op": "derive", "master": hexed(SECRET)} | PARTS | changed


def derives(comment, master=SECRET, text=None, **parts):
    named = PARTS | parts
    derived = derive(master, named["purpose"], named["owner"], named["key_id"])
    derivation.ok(comment, call(master=text or hexed(master), **parts), {"secret": derived})


for part in PARTS:
    derives(f"§1 {part} of one character", **{part: "a"})
    derives(f"§1 {part} of 64 characters", **{part: "a" * 64})
    derives(f"§1 {part} of every kind of character", **{part: "AZaz09._~-"})
    for comment, value in [
        ("empty", ""),
        ("of 65 characters", "a" * 65),
        ("with a space", "a b"),
        ("with LF, which would shift a boundary", "a\nb"),
        ("with a slash", "a/b"),
        ("not ASCII", "\u00e9"),
        ("with NUL", "a\0"),
        ("a number", 5),
        ("an array", ["a"]),
    ]:
        derivation.refused(f"§1 §7 {part} {comment}", call(**{part: value}), "malformed_argument")

derives("§7 the key id need not name the owner", key_id="other.5")
derives("§7 the generation is no matter of the call itself", key_id="w-12.007")
derives("§7 the boundary between owner and key id moved", owner="w-12w", key_id="-12.3")
derives("§1 a master of 1024 bytes", master=bytes(range(256)) * 4)
derives("§1 the master in upper-case hex", text="hex:" + SECRET.hex().upper())
derives("§1 the master in base64", text="base64:" + b64(SECRET))
derives("§1 the master in base64url", text="base64url:" + b64url(SECRET))
derives("§1 the master as UTF-8 text", master=b"\xc3\xa9" * 16, text="utf8:" + "\u00e9" * 16)

derivation.refused("§1 a master of 31 bytes", call(master=hexed(bytes(31))), "weak_secret")
derivation.refused("§1 an empty master", call(master="hex:"), "weak_secret")
derivation.refused("§1 a master of 1025 bytes", call(master=hexed(bytes(1025))), "malformed_key")
derivation.refused("§1 a master whose encoding is not named", call(master=SECRET.hex()), "malformed_key")
derivation.refused("§1 a master that is not hex", call(master="hex:" + "0g" * 32), "malformed_key")
derivation.refused("§1 a master that is no text", call(master=5), "malformed_key")
