"""Requests that every signer signs for every verifier, and the calls that verify them as they arrive."""

from typing import Any

from standalone import split_url

Call = dict[str, Any]

JSON = ["Content-Type", "application/json"]
REQUESTS: list[dict[str, Any]] = [
    {"method": "GET", "url": "http://vault.internal"},
    {"method": "GET", "url": "https://vault.internal:443/?"},
    {"method": "POST", "url": "http://vault.internal:8200/a%2Fb/execute?x=1&y=%C3%A9", "headers": [JSON]},
    {
        "method": "PUT",
        "url": "https://[2001:DB8::1]:8443/it's//../a+b;c?'+&&",
        "headers": [["content-type", " a/b;\tc "]],
    },
    {
        "method": "DELETE",
        "url": "HTTP://VAULT.internal.:80/x??#fragment",
        "headers": [["X-Tenant", "b"], ["x-tenant-id", "a"]],
        "extra_fields": ["x-tenant-id", "x-tenant"],
    },
    {
        "method": "M-SEARCH",
        "url": 'http://h:1/"<>^`{|}~%zz',
        "headers": [
            ["Content-Encoding", "gzip"],
            JSON,
            ["Signature-Input", "a=()"],
            ["Signature", "a=:AAAA:"],
        ],
    },
    {
        "method": "patch",
        "url": "http://10.0.0.1:80?/",
        "headers": [["X-Byte", {"bytes": "6f8"}], ["Content-Type", ""]],
    },
]


def verifying(call: Call, added: list[list[str]]) -> Call:
    """The members of a request.verify of what a signer made of a request.sign."""
    scheme, authority, target = split_url(call["url"])
    extra = {"extra_fields": call["extra_fields"]} if "extra_fields" in call else {}
    return {
        "method": call["method"],
        "target": target,
        "headers": [["Host", authority], *call.get("headers", []), *added],
        "authorities": [f"{scheme}://{authority}"],
        **extra,
    }


def in_pieces(body: str) -> list[str]:
    """base64url cut where it can be cut."""
    return [body[at : at + 8] for at in range(0, len(body), 8)] if len(body) < 10_000 else [body]
