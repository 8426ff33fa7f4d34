"""What a peer learns of a refusal: wire contract section 4. Its class and status; of a packet's age the time here as well."""

import session
from case import Subject
from errors import ERRORS
from fixtures import LAST, TS

refusal = Subject("refusal", "What a peer learns of a refusal (wire contract sections 4 and 8)")
SUBJECTS = [refusal]


def told(code, now):
    refusal.ok(
        f"§4 what a peer learns of {code}",
        {"op": "refusal", "code": code, "now": now},
        {"text": session.refusal(ERRORS[code], now)},
    )


for code in ERRORS:
    told(code, TS)
for now in (0, LAST):
    told("expired", now)
    told("not_yet_valid", now)
    told("bad_signature", now)
for now in (-1, TS + 0.5, LAST + 1, str(TS), True, [TS]):
    refusal.refused(f"§4 now {now!r}", {"op": "refusal", "code": "expired", "now": now}, "malformed_argument")
for code in ("", "Expired", "expired ", "unauthorized", "401"):
    refusal.refused(f"§4 a code {code!r}", {"op": "refusal", "code": code, "now": TS}, "malformed_argument")
