"""Who calls a FastAPI endpoint that RequireSignature guards.

@app.post("/execute")
async def execute(order: Order, caller: Caller) -> …
"""

from typing import Annotated, TypeAlias

try:
    from fastapi import Depends, HTTPException
    from starlette.requests import HTTPConnection
except ModuleNotFoundError as missing:
    if missing.name not in ("fastapi", "starlette"):
        raise
    raise ImportError("counterseal.fastapi needs FastAPI: pip install 'counterseal[fastapi]'") from None

from counterseal._core import VerifiedRequest
from counterseal._rejection import log
from counterseal.asgi import CALLER, RequireSignature

__all__ = ["Caller", "OptionalCaller", "RequireSignature"]


async def optional_caller(connection: HTTPConnection) -> VerifiedRequest | None:
    """The caller, or None on a path that the policy exempts. Without the middleware it is 500."""
    if CALLER not in connection.scope:
        raise misconfigured("RequireSignature did not run: app.add_middleware(RequireSignature, …)")
    caller: VerifiedRequest | None = connection.scope[CALLER]
    return caller


async def caller(connection: HTTPConnection) -> VerifiedRequest:
    """The caller. An endpoint that asks for it never runs without."""
    verified = await optional_caller(connection)
    if verified is None:
        raise misconfigured("the path is exempt, and so has no caller: ask for OptionalCaller")
    return verified


Caller: TypeAlias = Annotated[VerifiedRequest, Depends(caller)]
"""The type of an endpoint's argument that is its caller: `.owner`, `.key_id`, `.timestamp`, `.nonce`."""

OptionalCaller: TypeAlias = Annotated[VerifiedRequest | None, Depends(optional_caller)]
"""As Caller, and None where the path is exempt."""


def misconfigured(why: str) -> HTTPException:
    """The service's own mistake, of which the peer learns nothing."""
    log.error("an endpoint asked for its caller: %s", why)
    return HTTPException(status_code=500)
