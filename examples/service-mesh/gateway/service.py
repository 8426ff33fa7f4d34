"""What the gateway answers, and what it asks of the vault."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, HTTPException, Request
from keys import Keys
from pydantic import BaseModel

sys.path.insert(0, str(Path(__file__).parent.parent))
from mesh.provisional import SignatureAuth  # noqa: E402


class Order(BaseModel):
    order: str
    amount: int


def service(setup: dict[str, Any]) -> FastAPI:
    """The application for a setup: see the README."""
    keys = Keys.read(Path(setup["keys"]))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        auth = SignatureAuth(keys.signing(setup["signs_with"]), extra_fields=("x-tenant",))
        # No timeout of its own hides what became of a call: the vault's verifier says when it is too old.
        async with httpx.AsyncClient(base_url=VAULT, auth=auth, proxy=setup["via"], timeout=60) as vault:
            app.state.vault = vault
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, bool]:
        return {"ok": True}

    @app.post("/orders")
    async def orders(order: Order, request: Request) -> dict[str, str]:
        vault: httpx.AsyncClient = request.app.state.vault
        answer = await vault.post(
            "/execute", params={"limit": LIMIT}, json=order.model_dump(), headers={"X-Tenant": TENANT}
        )
        # Why the vault refused is in the vault's log, and is nobody's business here.
        if answer.status_code != httpx.codes.OK:
            raise HTTPException(503 if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else 502)
        return {"executed": answer.json()["executed"]}

    return app


VAULT = "http://vault.mesh"
TENANT = "acme"
LIMIT = 100
