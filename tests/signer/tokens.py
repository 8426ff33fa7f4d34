"""JSON Web Tokens as section 6 of the wire contract writes them (RFC 7515, RFC 7519)."""

import hmac

from packet import b64url

HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


def token(secret, header, claims, alg="HS256"):
    """A signed token of a header and a claims text, each str or bytes, both verbatim."""
    signed = b64url(_bytes(header)) + "." + b64url(_bytes(claims))
    return signed + "." + b64url(hmac.digest(secret, signed.encode(), HASHES[alg]))


def header(kid=None, alg="HS256"):
    """The header as the contract writes it."""
    return f'{{"alg":"{alg}","typ":"JWT"' + (f',"kid":"{kid}"}}' if kid else "}")


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()
