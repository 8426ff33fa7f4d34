"""Tokens, as Python spells them."""

from typing import Any

import pytest
from counterseal import Key, Keyring, TokenIssuer, TokenVerifier
from helpers import NOW, SECRET, refused

GOLDEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImF1dGgtMSJ9."
    "eyJ1c2VySWQiOiJkZXYtdXNlciIsImlhdCI6MTcwODE2NzIzNCwiZXhwIjoxNzA4MjUzNjM0fQ."
    "JneEW1kLbF6e-wApFZVqMvOFSRwir_rvUERQ9kV4Dw0"
)


@pytest.fixture
def token_key() -> Key:
    return Key("auth-1", secret=SECRET, owner="auth", uses=("token",))


def test_the_golden_token(token_key: Key) -> None:
    text = '{"userId":"dev-user","iat":1708167234,"exp":1708253634}'
    assert TokenIssuer(token_key).issue_text(text) == GOLDEN
    assert TokenIssuer(token_key).issue_text(bytearray(text.encode())) == GOLDEN
    for token in (GOLDEN, GOLDEN.encode(), memoryview(GOLDEN.encode())):
        verified = TokenVerifier(Keyring([token_key])).verify(token, now=NOW)
        assert verified.claims == {"userId": "dev-user", "iat": NOW, "exp": NOW + 86400}
        assert verified.claims is verified.claims
        assert verified.claims_text == '{"exp":1708253634,"iat":1708167234,"userId":"dev-user"}'
        assert (verified.key_id, verified.owner) == ("auth-1", "auth")
        assert repr(verified) == "VerifiedToken(key_id='auth-1', owner='auth')"


def test_issue_and_verify(token_key: Key) -> None:
    claims: dict[str, Any] = {"role": "engine", "n": (1.0, None)}
    token = TokenIssuer(token_key, alg="HS256").issue(claims, expires_in=60.0, jti=True, now=NOW)
    rules = {"role": {"any_of": ("engine", "admin")}, "jti": {"type": "string"}}
    verified = TokenVerifier(Keyring([token_key]), claims=rules, leeway=0, max_age=None).verify(
        token, now=NOW
    )
    assert (verified.claims["n"], verified.claims["iat"], verified.claims["exp"]) == (
        [1, None],
        NOW,
        NOW + 60,
    )
    with refused("claim_mismatch"):
        TokenVerifier(Keyring([token_key]), claims={"role": "admin"}).verify(token, now=NOW)
    with refused("token_revoked"):
        TokenVerifier(Keyring([token_key]), revoked=[verified.claims["jti"]]).verify(token, now=NOW)
    with refused("token_expired"):
        TokenVerifier(Keyring([token_key]), leeway=0).verify(token, now=NOW + 60)
    assert (
        "jti"
        not in TokenVerifier(Keyring([token_key]))
        .verify(TokenIssuer(token_key).issue({}, expires_in=60))
        .claims
    )


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_algorithms(alg: str) -> None:
    key = Key("k", secret=b"k" * 64, uses=["token"], algorithms=[alg])
    token = TokenIssuer(key, alg=alg).issue({}, expires_in=60)
    assert TokenVerifier(Keyring([key]), algorithms=[alg]).verify(token).key_id == "k"
    others = [other for other in ("HS256", "HS384", "HS512") if other != alg]
    with refused("unsupported_algorithm"):
        TokenVerifier(Keyring([key]), algorithms=others).verify(token)
