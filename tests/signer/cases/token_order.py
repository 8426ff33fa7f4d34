"""Reading tokens: wire contract section 6, the order of the stages."""

from case import Subject
from fixtures import LAST, NOW, OTHER_SECRET
from packet import b64url
from reading import LONG, auth, call, made, with_header
from text import repeat
from tokens import header

order = Subject("token-order", "Tokens: the order of the stages (wire contract sections 4 and 6)")
SUBJECTS = [order]

GENUINE = made()
head, body, sig = GENUINE.split(".")
LONGER = [auth(LONG, algorithms=["HS512"])]


def refused(code, comment, text, **changed):
    order.refused(comment, call(text, **changed), code)


EXPIRED = f'{{"exp":{NOW - 31}}}'
GARBLED = '{"exp":'
for code, comment, text, changed in [
    ("token_too_large", "size before shape", repeat("\u00e9", 8193), {}),
    ("malformed_token", "base64url before alg", made('{"alg":"none"}') + "=", {}),
    ("malformed_token", "the signature's base64url before alg", b64url(b'{"alg":"none"}') + f".{body}.A", {}),
    ("malformed_token", "the claims' base64url before alg", b64url(b'{"alg":"none"}') + f".A.{sig}", {}),
    ("malformed_token", "header types before alg: kid", made('{"alg":"none","kid":5}'), {}),
    ("malformed_token", "header types before crit: kid", made('{"alg":"HS256","kid":"","crit":["b64"]}'), {}),
    ("unsupported_algorithm", "alg before crit", with_header(alg="none", crit=["b64"]), {}),
    ("unsupported_algorithm", "alg before typ", with_header(alg="none", typ="x"), {}),
    ("unsupported_algorithm", "alg before zip", with_header(alg="none", zip="DEF"), {}),
    ("unsupported_algorithm", "the policy's alg before the key", with_header(alg="RS256", kid="nobody"), {}),
    ("unsupported_critical", "crit before zip", with_header(crit=["b64"], zip="DEF"), {}),
    ("unsupported_critical", "b64 before typ", with_header(b64=False, typ="x"), {}),
    ("unsupported_critical", "crit before the key", with_header(crit=["b64"], kid="nobody"), {}),
    ("malformed_token", "zip before the key", with_header(zip="DEF", kid="nobody"), {}),
    ("malformed_token", "typ before the key", with_header(typ="x", kid="nobody"), {}),
    ("malformed_token", "typ before revocation", with_header(typ="x"), {"keys": [auth(revoked=True)]}),
    (
        "unknown_key",
        "the key before the signature",
        with_header(kid="nobody"),
        {"keys": [auth(OTHER_SECRET)]},
    ),
    (
        "revoked_key",
        "revocation before the key's algorithms",
        made(header("auth-1"), secret=LONG),
        {"keys": [auth(LONG, algorithms=["HS512"], revoked=True)]},
    ),
    (
        "inactive_key",
        "the window before the key's algorithms",
        made(header("auth-1"), secret=LONG),
        {"keys": [auth(LONG, algorithms=["HS512"], not_after=NOW)]},
    ),
    (
        "unsupported_algorithm",
        "the key's algorithms before the signature",
        made(header("auth-1"), secret=OTHER_SECRET),
        {"keys": LONGER},
    ),
    (
        "revoked_key",
        "revocation before the signature",
        made(secret=OTHER_SECRET),
        {"keys": [auth(revoked=True)]},
    ),
    (
        "inactive_key",
        "the window before the signature",
        made(secret=OTHER_SECRET),
        {"keys": [auth(not_after=NOW)]},
    ),
    (
        "bad_signature",
        "the signature before the claims' grammar",
        made(claims=GARBLED, secret=OTHER_SECRET),
        {},
    ),
    ("bad_signature", "the signature before empty claims", f"{head}..{sig}", {}),
    (
        "bad_signature",
        "the signature before claims that are no object",
        made(claims="[]", secret=OTHER_SECRET),
        {},
    ),
    ("bad_signature", "the signature before time", made(claims=EXPIRED, secret=OTHER_SECRET), {}),
    ("bad_signature", "the signature before a missing claim", made(claims="{}", secret=OTHER_SECRET), {}),
    ("malformed_token", "the claims' grammar before time", made(claims=f'{{"exp":{NOW - 31},"exp":1}}'), {}),
    ("malformed_argument", "the policy before everything", repeat("x", 8193), {"policy": {"x": 1}}),
    ("malformed_argument", "now before everything", "", {"now": NOW + 0.5}),
    ("malformed_argument", "an argument before the key", GENUINE, {"keys": [], "policy": {"leeway": 301}}),
]:
    refused(code, f"§6 {comment}", text, **changed)
for value in (-1, LAST + 1, str(NOW), True, [NOW]):
    refused("malformed_argument", f"§4 now {value!r}", GENUINE, now=value)
