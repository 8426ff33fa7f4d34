"""Provisional: until the SDK's own is there."""

from collections.abc import Generator

import httpx
from counterseal import Key, RequestSigner


class SignatureAuth(httpx.Auth):
    requires_request_body = True

    def __init__(self, key: Key, *, extra_fields: tuple[str, ...] = ()) -> None:
        self._signer = RequestSigner(key, extra_fields=list(extra_fields))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        added = self._signer.sign(
            request.method, str(request.url), headers=request.headers.raw, body=request.content
        )
        request.headers.update(added)
        yield request
