"""Calls that read tokens, and the tokens they read."""

from canonical import canonical
from fixtures import NOW, SECRET, TS, key
from tokens import header, token

LONG = bytes(range(64))
EXP = TS + 86400
CLAIMS = f'{{"exp":{EXP}}}'
HEADER = header("auth-1")
EVERY = ["HS256", "HS384", "HS512"]


def auth(secret=SECRET, id="auth-1", **options):
    return key(id, secret, **({"uses": ["token"]} | options))


def call(text, policy=None, **changed):
    return {
        "op": "token.verify",
        "keys": [auth()],
        "token": text,
        "policy": policy or {},
        "now": NOW,
    } | changed


def passes(subject, comment, text, *flags, claims=CLAIMS, **changed):
    subject.ok(comment, call(text, **changed), {"claims_text": claims}, *flags)


def refused(subject, code, comment, text, *flags, **changed):
    subject.refused(comment, call(text, **changed), code, *flags)


def made(head=HEADER, claims=CLAIMS, secret=SECRET, alg="HS256"):
    return token(secret, head, claims, alg)


def with_header(**members):
    """A genuine token whose header has these members beside alg and kid; None leaves a member out."""
    named = {"alg": "HS256", "typ": "JWT", "kid": "auth-1"} | members
    return made(canonical({name: value for name, value in named.items() if value is not ...}))


def claiming(claims, policy=None, now=NOW):
    """A call on a genuine token of these claims: a value, or their text."""
    text = claims if isinstance(claims, str | bytes) else canonical(claims)
    return call(made(claims=text), policy, now=now)


def claimed(**claims):
    """Claims with an exp that holds; `...` leaves a claim out."""
    return {name: value for name, value in ({"exp": EXP} | claims).items() if value is not ...}
