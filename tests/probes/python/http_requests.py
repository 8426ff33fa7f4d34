"""The operations on HTTP requests, and on who may call whom."""

from collections.abc import Callable
from typing import Any

from counterseal import RequestSigner, RequestVerifier, Trust, VerifiedRequest
from given import Members, State, decoded, guard_of, items, key, keyring, members, one_of, options, unpacked


def sign(_: State, line: Members) -> Members:
    body = decoded(line, "body")
    headers = items(line.get("headers", []))
    signer = RequestSigner(key(members(line.get("key"))), **options(line, *SIGNER))
    method: Any = line.get("method")
    url: Any = line.get("url")
    given = {"headers": fields(headers), "body": body, **options(line, "now", "nonce")}
    return {"headers": signer.sign(method, url, **given)}


def verify(state: State, line: Members) -> Members:
    form = one_of(line, "body", "pieces")
    verifier = RequestVerifier(keyring(line), **guard_of(state, options(line, *VERIFIER)))
    method: Any = line.get("method")
    target: Any = line.get("target")
    head = {"headers": fields(items(line.get("headers"))), **options(line, "now")}
    if form == "body":
        return evidence(verifier.verify(method, target, body=decoded(line, "body"), **head))
    pieces = [unpacked(piece) for piece in items(line["pieces"])]
    finished = options(line, "finish_now").get("finish_now", line.get("now"))
    pending = verifier.begin(method, target, **head)
    for piece in pieces:
        pending.update(piece)
    return evidence(pending.finish(now=finished))


def trust_check(_: State, line: Members) -> Members:
    trust(line).check(*(line.get(name) for name in ("callee", "caller", "method", "path")))
    return {}


def trust_exempt(_: State, line: Members) -> Members:
    return {"exempt": trust(line).is_exempt(*(line.get(name) for name in ("callee", "path")))}


def trust_explain(_: State, line: Members) -> Members:
    callee: Any = line.get("callee")
    return {"sentences": trust(line).explain(callee)}


def trust(line: Members) -> Trust:
    policy: Any = line.get("policy")
    return Trust(policy)


def fields(headers: list[Any]) -> list[Any]:
    """Names and values in order; what is given as base64url becomes bytes, all else stays as it is."""
    return [field(pair) for pair in headers]


def field(pair: Any) -> Any:
    match pair:
        case [name, {"bytes": str(value)}]:
            return name, unpacked(value)
    return pair


def evidence(verified: VerifiedRequest) -> Members:
    return {
        "key_id": verified.key_id,
        "owner": verified.owner,
        "ts": verified.timestamp,
        "nonce": verified.nonce,
    }


SIGNER = ("extra_fields", "body_limit")
VERIFIER = (
    "authorities",
    "guard",
    "extra_fields",
    "max_age",
    "max_ahead",
    "allow",
    "trust",
    "callee",
    "body_limit",
)
OPERATIONS: dict[str, Callable[[State, Members], Members]] = {
    "request.sign": sign,
    "request.verify": verify,
    "trust.check": trust_check,
    "trust.exempt": trust_exempt,
    "trust.explain": trust_explain,
}
