"""HTTP requests as section 3 of the wire contract signs them: RFC 9421 message signatures, RFC 9530 digests."""

import base64
import hashlib
import hmac

DERIVED = ('"@method"', '"@authority"', '"@path"', '"@query"')
PORTS = {"http": "80", "https": "443"}


def digest(body, algorithm="sha-256"):
    """The Content-Digest of a body: RFC 9530, section 2."""
    hashed = hashlib.new(algorithm.replace("-", ""), body).digest()
    return f"{algorithm}=:{base64.b64encode(hashed).decode()}:"


def split(target):
    """Path and query of a target in origin form, as they are signed: RFC 9421, sections 2.2.6 and 2.2.7."""
    path, mark, query = target.partition("?")
    return path or "/", (mark or "?") + query


def split_url(url):
    """Scheme, authority and target in origin form of a URL, nothing normalised, its fragment dropped."""
    scheme, rest = url.partition("#")[0].split("://", 1)
    end = min((rest + mark).find(mark) for mark in "/?")
    target = rest[end:]
    return scheme.lower(), rest[:end], target if target.startswith("/") else "/" + target


def authority(scheme, text):
    """An authority as it is signed: RFC 9421, section 2.2.3."""
    return text.lower().removesuffix(":" + PORTS[scheme])


def parameters(ts, nonce, kid):
    """The parameters in the contract's order."""
    return f';created={ts};nonce="{nonce}";keyid="{kid}";alg="hmac-sha256";tag="counterseal"'


def member(items, given):
    """What stands behind the label in Signature-Input: the covered components, each as it is written, and the parameters."""
    return f"({' '.join(items)}){given}"


def base(lines, text):
    """The signature base of pairs (component as it is written, value) and our member: RFC 9421, section 2.5."""
    return "".join(f"{item}: {value}\n" for item, value in lines) + f'"@signature-params": {text}'


def signature(secret, text):
    """A base's MAC as a byte sequence: RFC 9421, section 3.3.3."""
    return f":{base64.b64encode(hmac.digest(secret, text.encode(), 'sha256')).decode()}:"
