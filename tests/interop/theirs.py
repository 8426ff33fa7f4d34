"""PyPI's http-message-signatures, set up to write and to demand our profile."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from email.message import Message
from types import SimpleNamespace
from typing import Any

from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, InvalidSignature
from http_message_signatures.algorithms import HMAC_SHA256
from http_message_signatures.resolvers import MappingKeyResolver
from ours import SECRET
from wire import Fields, Refused, Request, Verify

KEYS = MappingKeyResolver(public_keys={"gateway-1": SECRET}, private_keys={"gateway-1": SECRET})
SIGNER = HTTPMessageSigner(signature_algorithm=HMAC_SHA256, key_resolver=KEYS)
VERIFIER = HTTPMessageVerifier(signature_algorithm=HMAC_SHA256, key_resolver=KEYS)
DERIVED = ("@method", "@authority", "@path", "@query")


def sign(request: Request, extra: Sequence[str] = (), **options: Any) -> Request:
    """The digest is the library's, too. It covers one of an empty body where it is given that."""
    message = message_of(request)
    profile = {
        "key_id": "gateway-1",
        "nonce": secrets.token_urlsafe(16),
        "label": "counterseal",
        "tag": "counterseal",
        "covered_component_ids": covered(request, extra),
        "body": request.body or None,
    }
    SIGNER.sign(message, **(profile | options))
    return Request(request.method, request.target, message.headers.items(), request.body)


def verifier(authorities: Sequence[str], extra: Sequence[str] = ()) -> Verify:
    """It takes any authority that was signed; which are the server's is for whoever calls it."""

    def verify(request: Request) -> str:
        if f"http://{dict(request.fields)['Host']}" not in authorities:
            raise Refused("another server's")
        try:
            (result,) = VERIFIER.verify(
                message_of(request),
                max_age=timedelta(seconds=60),
                expect_tag="counterseal",
                expect_label="counterseal",
                require_components=covered(request, extra),
                body=request.body,
            )
        except InvalidSignature as error:
            raise Refused(str(error)) from error
        return str(result.parameters["keyid"])

    return verify


def covered(request: Request, extra: Sequence[str]) -> list[str]:
    names = {name.lower() for name, _ in request.fields}
    carried = [name for name in ("content-type", "content-encoding") if name in names]
    return [*DERIVED, *carried, *extra]


def message_of(request: Request) -> Any:
    return SimpleNamespace(method=request.method, url=request.url, headers=headers_of(request.fields))


def headers_of(fields: Fields) -> Message:
    headers = Message()
    for name, value in fields:
        headers[name] = value
    return headers
