"""A request of the gateway to the vault, and both their ends."""

from typing import Any

from counterseal import Key, Keyring, PendingRequest, RequestSigner, RequestVerifier
from helpers import NONCE, NOW, SECRET

KEY = Key("gateway-1", secret=SECRET, owner="gateway")
SIGNER = RequestSigner(KEY)
OWN = "http://vault.internal:8200"
HOST = ("Host", "vault.internal:8200")
JSON = ("Content-Type", "application/json")
TARGET = "/a%2Fb/execute?x=1&y=%C3%A9"
BODY = b'{"cmd":"run"}'
GOLDEN = [
    ("Content-Digest", "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:"),
    (
        "Signature-Input",
        'counterseal=("@method" "@authority" "@path" "@query" "content-digest" "content-type")'
        f';created={NOW};nonce="{NONCE}";keyid="gateway-1";alg="hmac-sha256";tag="counterseal"',
    ),
    ("Signature", "counterseal=:uBdBiueTdW0ov4xwMLAVXkRVY4d9TmeaJwJWTswLWx0=:"),
]
FIELDS = [HOST, JSON, *GOLDEN]
BYTES = [(name.encode(), value.encode()) for name, value in FIELDS]


def verifier(**options: Any) -> RequestVerifier:
    given: dict[str, Any] = {"authorities": [OWN]} | options
    return RequestVerifier(Keyring([KEY]), **given)


def sign(body: bytes = BODY, **given: Any) -> list[tuple[str, str]]:
    return SIGNER.sign("POST", OWN + TARGET, headers=[JSON], body=body, now=NOW, **given)


def begin(**options: Any) -> PendingRequest:
    return verifier(**options).begin("POST", TARGET, headers=FIELDS, now=NOW)
