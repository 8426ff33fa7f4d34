"""Sizes of packets: wire contract sections 1, 2 and 4. The body limit after grammar, the text limit before it."""

from case import Subject
from fixtures import MIB, TEXT_LIMIT, assembled, evidence, key, members, sealed, sealed_zeros, verifying
from text import concat, repeat

sizes = Subject(
    "packet-size", "Sizes: the body limit after grammar, the text limit before it (wire contract section 2)"
)
SUBJECTS = [sizes]

PAYLOAD = '{"job":42}'
GENUINE = members({"job": 42})
WRITTEN = assembled(GENUINE)
REVOKED = [key(revoked=True)]


def padded(total, text=WRITTEN):
    """The packet with white space before it, `total` bytes long."""
    return concat(repeat(" ", total - len(text)), text)


def body(size):
    """A JSON text of that many bytes."""
    return concat('"', repeat("a", size - 2), '"')


sizes.ok("§1 a JSON body of 1 MiB", verifying(sealed(text=body(MIB))), evidence(body(MIB)), "large")
sizes.refused(
    "§1 a JSON body of 1 MiB and a byte", verifying(sealed(text=body(MIB + 1))), "payload_too_large", "large"
)
sizes.refused(
    "§1 a JSON payload of 10 MiB",
    verifying(sealed(text=body(10 * MIB))),
    "payload_too_large",
    "large",
    "hostile",
)
packet_text, encoded = sealed_zeros(MIB)
answer = evidence(data=b"") | {"data": encoded}
sizes.ok("§1 raw bytes: 1 MiB", verifying(packet_text), answer, "large")
sizes.refused(
    "§1 raw bytes: 1 MiB and a byte", verifying(sealed_zeros(MIB + 1)[0]), "payload_too_large", "large"
)
sizes.ok("§2 text of 4 x limit + 4096 bytes", verifying(padded(TEXT_LIMIT)), evidence(PAYLOAD), "large")
sizes.refused("§2 text of a byte more", verifying(padded(TEXT_LIMIT + 1)), "payload_too_large", "large")
sizes.refused(
    "§2 too long a text is not parsed: no JSON",
    verifying(repeat("x", TEXT_LIMIT + 1)),
    "payload_too_large",
    "large",
)
sizes.refused(
    "§2 a text at the limit is parsed: no JSON",
    verifying(repeat("x", TEXT_LIMIT)),
    "malformed_packet",
    "large",
)
sizes.refused(
    "§2 the text limit counts bytes, not characters",
    verifying(assembled(GENUINE | {"kid": concat('"', repeat("\u00e9", TEXT_LIMIT // 2), '"')})),
    "payload_too_large",
    "large",
)
sizes.refused(
    "§2 and not UTF-16 units",
    verifying(assembled(GENUINE | {"kid": concat('"', repeat("\u20ac", TEXT_LIMIT // 3), '"')})),
    "payload_too_large",
    "large",
)
escaped = repeat("\\u0061", 600_000)
sizes.ok(
    "§2 the limit is on the RFC 8785 form: a longer text passes",
    verifying(assembled(members("a" * 600_000) | {"payload": concat('"', escaped, '"')})),
    evidence(concat('"', repeat("a", 600_000), '"')),
    "large",
)
sizes.refused(
    "§2 the limit is on the RFC 8785 form: a shorter text does not",
    verifying(assembled(GENUINE | {"payload": concat("[", repeat("1e20,", 60_000), "0]")})),
    "payload_too_large",
)
spaces = repeat(" ", 2 * MIB)
sizes.ok(
    "§2 white space within a payload is no body",
    verifying(assembled(GENUINE | {"payload": concat('{"job":', spaces, "42}")})),
    evidence(PAYLOAD),
    "large",
)
over = body(MIB + 1)
for comment, changed, code in [
    ("malformed behind a body over the limit", {"payload": over, "sig": '""'}, "malformed_packet"),
    ("malformed before a body over the limit", {"kid": '""', "payload": over}, "malformed_packet"),
    (
        "a body over the limit, malformed at its end",
        {"payload": concat("[", over, ",]")},
        "malformed_payload",
    ),
    (
        "a body over the limit, text missing at its end",
        {"payload": concat("[", over, ",tru]")},
        "malformed_payload",
    ),
]:
    sizes.refused(
        f"§2 the limit after grammar: {comment}", verifying(assembled(GENUINE | changed)), code, "large"
    )
missing = {name: text for name, text in GENUINE.items() if name != "sig"} | {"payload": over}
sizes.refused(
    "§2 the limit after grammar: no sig", verifying(assembled(missing)), "malformed_packet", "large"
)
large = assembled(GENUINE | {"payload": over})
for comment, keys in [("no such key", []), ("revoked", REVOKED), ("forged", [key()])]:
    sizes.refused(
        f"§4 the limit before check 3: {comment}", verifying(large, keys=keys), "payload_too_large", "large"
    )
sizes.refused(
    "§4 an argument before the limit",
    verifying(padded(TEXT_LIMIT + 1), context="\n"),
    "malformed_argument",
    "large",
)
