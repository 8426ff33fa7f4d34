"""Packets as bytes: wire contract section 2. Invalid UTF-8 is a fault where its first byte stands."""

from case import Subject
from fixtures import assembled, data_members, evidence, members, verifying, without

utf8 = Subject("packet-bytes", "Invalid UTF-8 by its position, and BOM (wire contract section 2)")
SUBJECTS = [utf8]

GENUINE = members({"job": 42})
WITH_DATA = data_members(b"\x00\xff\n")
HEAD = assembled(without(GENUINE, "payload", "sig"))[:-1]
TAIL = f',"sig":{GENUINE["sig"]}}}'
WHERE = {"inside": "malformed_payload", "elsewhere": "malformed_packet"}


def payload_text(value, tail=TAIL):
    """A packet with this after the payload's colon."""
    return f'{HEAD},"payload":{value}{tail}'


SEQUENCES = [
    ("a stray continuation byte", b"\x80"),
    ("0xFF", b"\xff"),
    ("0xC0 0x80, an overlong NUL", b"\xc0\x80"),
    ("an overlong slash in three bytes", b"\xe0\x80\xaf"),
    ("an encoded high surrogate", b"\xed\xa0\x80"),
    ("an encoded surrogate pair", b"\xed\xa0\xbd\xed\xb8\x80"),
    ("a code point beyond U+10FFFF", b"\xf4\x90\x80\x80"),
    ("0xF8 and four more", b"\xf8\x88\x80\x80\x80"),
    ("two bytes of three", b"\xe2\x82"),
    ("three bytes of four", b"\xf0\x9f\x98"),
    ("Latin-1", b"\xe9"),
]


def encoded(where, comment, text, sequence=b"\xff"):
    """`text` with the sequence in place of its @."""
    utf8.refused(f"§2 {where}: {comment}", verifying(text.encode().replace(b"@", sequence)), WHERE[where])


for comment, sequence in SEQUENCES:
    encoded("inside", f"{comment} in text of the payload", payload_text('{"a":"x@"}'), sequence)
    encoded("elsewhere", f"{comment} in kid", assembled(GENUINE | {"kid": '"engine@"'}), sequence)
encoded("inside", "in a name of the payload", payload_text('{"@":1}'))
encoded("inside", "for the payload's value", payload_text("@"))
encoded("inside", "between the payload's colon and its value", payload_text(" @1"))
encoded("inside", "in a literal of the payload", payload_text("tr@ue"))
encoded("inside", "within an array of the payload", payload_text("[1,@]"))
encoded("inside", "behind a number within the payload", payload_text("[1@]"))
encoded("elsewhere", "behind a payload that is text", payload_text('"a"@'))
encoded("elsewhere", "behind a payload that is a number", payload_text("1@"))
encoded("elsewhere", "behind a payload that is an array", payload_text("[] @"))
encoded("elsewhere", "before the packet", "@" + assembled(GENUINE))
encoded("elsewhere", "behind the packet", assembled(GENUINE) + "@")
encoded("elsewhere", "in a name of the packet", assembled(GENUINE).replace('"kid"', '"k@id"'))
encoded("elsewhere", "in the name of the payload", assembled(GENUINE).replace('"payload"', '"pay@load"'))
encoded(
    "elsewhere",
    "between the name of the payload and its colon",
    assembled(GENUINE).replace('"payload":', '"payload"@:'),
)
encoded("elsewhere", "in sig", assembled(GENUINE | {"sig": '"@"'}))
encoded("elsewhere", "in ts", assembled(GENUINE | {"ts": "17@"}))
encoded("elsewhere", "in data", assembled(WITH_DATA | {"data": '"AP8K@"'}))
encoded(
    "elsewhere", "in the value of an unknown member before the payload", assembled({"x": '"@"'} | GENUINE)
)
encoded("elsewhere", "in kid, then a payload that is broken", assembled({"kid": '"@"', "payload": "tru"}))
encoded(
    "inside", "a payload that is broken, then invalid in kid", assembled({"payload": "tru", "kid": '"@"'})
)
encoded("inside", "in the payload, then kid is bad", assembled({"payload": '"@"', "kid": '""'}))
encoded("elsewhere", "kid is bad, then in the payload", assembled({"kid": '""', "payload": '"@"'}))
encoded("inside", "a raw control character in the payload, then invalid there", payload_text('"\x01@"'))
encoded("inside", "at the very end, within text of the payload", payload_text('"@', ""), b"\xe2\x82")
encoded("inside", "a sequence that the closing quotation mark cuts short", payload_text('"@"'), b"\xf0\x9f")
encoded("elsewhere", "nothing else", "@")

utf8.ok("§2 a packet as bytes", verifying(assembled(GENUINE).encode()), evidence('{"job":42}'))
wide = members({"\u00e9": "\u20ac\U0001f600\uffff"})
utf8.ok(
    "§2 characters of two, three and four bytes",
    verifying(assembled(wide).encode()),
    evidence(wide["payload"]),
)
utf8.refused(
    "§2 BOM before a packet", verifying(b"\xef\xbb\xbf" + assembled(GENUINE).encode()), "malformed_packet"
)
utf8.refused("§2 BOM alone", verifying(b"\xef\xbb\xbf"), "malformed_packet")
utf8.refused("§2 no bytes", verifying(b""), "malformed_packet")
utf8.refused("§2 UTF-16", verifying(assembled(GENUINE).encode("utf-16")), "malformed_packet")
utf8.refused("§2 UTF-32", verifying(assembled(GENUINE).encode("utf-32-be")), "malformed_packet")
utf8.refused("§2 gzip's first bytes", verifying(b"\x1f\x8b\x08\x00"), "malformed_packet")
