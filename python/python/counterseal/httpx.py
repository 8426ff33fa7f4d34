"""Signs what httpx sends, each attempt anew.

httpx.Client(base_url="https://vault.internal", auth=SignatureAuth(key))
"""

from collections.abc import AsyncGenerator, Generator, ItemsView, KeysView, ValuesView
from typing import TypeAlias, cast

try:
    import httpx
except ModuleNotFoundError as missing:
    if missing.name != "httpx":
        raise
    raise ImportError("counterseal.httpx needs httpx: pip install 'counterseal[httpx]'") from None

from counterseal._arguments import wrong
from counterseal._core import Key, RequestSigner

_Names: TypeAlias = list[str] | tuple[str, ...]
_Fields: TypeAlias = list[tuple[bytes, bytes]]

__all__ = ["SignatureAuth"]


class SignatureAuth(httpx.Auth):
    """Signs each request as it leaves (RFC 9421), with one key and for the servers that share it.

    key is a Key, or a RequestSigner with options of its own. origins are those servers ("https://host",
    "http://host:port"; https if none is named), and a request to another one is malformed_argument. Absent,
    each request is signed for the server that it is addressed to. Where the client follows redirects, one
    that stays within these servers is signed anew, and any other leaves without a signature.

    A body is read whole before it is sent, since it is signed: the signer's body_limit (1 MiB) holds for it.
    Retry around the client and not in its transport: what is sent twice as it stands is refused as replayed.

    Raises CountersealError: malformed_argument; where it signs, payload_too_large, revoked_key, inactive_key.
    """

    def __init__(self, key: Key | RequestSigner, *, origins: _Names | None = None) -> None:
        check_copies()
        self._signer = key if isinstance(key, RequestSigner) else RequestSigner(key)
        self._origins = None if origins is None else named_origins(origins)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise RuntimeError("Attempted to send an async request with a sync Client instance.")
        request.read()
        yield from self.auth_flow(request)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        if not isinstance(request.stream, httpx.AsyncByteStream):
            raise RuntimeError("Attempted to send a sync request with an AsyncClient instance.")
        await request.aread()
        flow = self.auth_flow(request)
        attempt = next(flow)
        while True:
            response = yield attempt
            try:
                attempt = flow.send(response)
            except StopIteration:
                return

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        origins = self._origins_for(request)
        while True:
            self._sign(request)
            response = yield request
            # httpx follows redirects below this flow, with a copy of the request, which is not signed.
            if response.request is request or response.status_code != UNAUTHORIZED:
                return
            # Where another server led the way, it has chosen what would be signed.
            way = [*(hop.request for hop in response.history), response.request]
            if any(origin_of(hop.url) not in origins for hop in way):
                return
            request = response.request

    def _origins_for(self, request: httpx.Request) -> frozenset[str]:
        first = origin_of(request.url)
        if self._origins is None:
            return frozenset([first])
        if first not in self._origins:
            known = ", ".join(sorted(self._origins))
            raise wrong(f"{first} is not among origins ({known}); send what is not for them with auth=None")
        return self._origins

    def _sign(self, request: httpx.Request) -> None:
        """Signs the request as it will be sent. What an earlier attempt added is in no copy of its fields."""
        plain = httpx.Headers(request.headers)
        target = request.extensions.get("target", request.url.raw_path)
        url = b"%s://%s%s" % (request.url.raw_scheme, plain.get("host", "").encode(), target)
        added = self._signer.sign(request.method, url, headers=plain.raw, body=request.read())
        request.headers = SignedHeaders(plain, [(name.encode(), value.encode()) for name, value in added])


class SignedHeaders(httpx.Headers):
    """Fields with a signature that is sent and can be read, but is in no copy, and so in no redirect."""

    def __init__(self, plain: httpx.Headers, added: _Fields) -> None:
        super().__init__(plain)
        self._added = added

    @property
    def raw(self) -> _Fields:
        return [*super().raw, *self._added]

    def multi_items(self) -> list[tuple[str, str]]:
        return self._sent().multi_items()

    def keys(self) -> KeysView[str]:
        return self._sent().keys()

    def values(self) -> ValuesView[str]:
        return self._sent().values()

    def items(self) -> ItemsView[str, str]:
        return self._sent().items()

    def get_list(self, key: str, split_commas: bool = False) -> list[str]:
        return self._sent().get_list(key, split_commas)

    def __getitem__(self, key: str) -> str:
        return self._sent()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._sent()

    def __len__(self) -> int:
        return len(self._sent())

    def _sent(self) -> httpx.Headers:
        return httpx.Headers(self.raw)


def check_copies() -> None:
    """Refuses an httpx that would copy a signature into a redirect."""
    signed = SignedHeaders(httpx.Headers(), [(b"signature", b"x")])
    if httpx.Headers(signed).raw or not signed.raw:
        raise wrong(
            f"httpx {httpx.__version__} would send signatures on to where redirects lead; use another one"
        )


def named_origins(origins: object) -> frozenset[str]:
    if not isinstance(origins, list | tuple):
        raise wrong(ORIGINS)
    return frozenset(map(named_origin, cast("list[object]", origins)))


def named_origin(text: object) -> str:
    if not isinstance(text, str):
        raise wrong(ORIGINS)
    try:
        url = httpx.URL(text if "://" in text else f"https://{text}")
    except httpx.InvalidURL:
        raise wrong(ORIGINS) from None
    bare = url.host and not url.userinfo and url.raw_path == b"/" and not url.fragment
    if url.scheme not in ("http", "https") or not bare:
        raise wrong(ORIGINS)
    return origin_of(url)


def origin_of(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


ORIGINS = "origins must be a list or tuple of https://host or http://host:port, https if none is named"
UNAUTHORIZED = 401
