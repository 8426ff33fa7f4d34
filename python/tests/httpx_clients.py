"""How the tests of httpx send: with a client of its own for each request."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

Send = Callable[..., httpx.Response]
OURS = {"signature", "signature-input", "content-digest"}


def send_sync(
    method: str, url: str, *, auth: httpx.Auth, follow: bool = False, **given: Any
) -> httpx.Response:
    with httpx.Client(auth=auth, follow_redirects=follow) as client:
        return client.request(method, url, **given)


def send_async(
    method: str, url: str, *, auth: httpx.Auth, follow: bool = False, **given: Any
) -> httpx.Response:
    async def sending() -> httpx.Response:
        async with httpx.AsyncClient(auth=auth, follow_redirects=follow) as client:
            return await client.request(method, url, **given)

    return asyncio.run(sending())


def signatures(request: httpx.Request) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.headers.multi_items() if name.lower() in OURS]
