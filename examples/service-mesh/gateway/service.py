"""What the gateway answers, and what it asks of the vault."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from counterseal import AuditLog, RequestSigner
from counterseal.fastapi import Caller, RequireSignature
from counterseal.httpx import SignatureAuth
from fastapi import FastAPI, HTTPException, Request
from keys import Keys
from pydantic import BaseModel


class Order(BaseModel):
    order: str
    amount: int


def service(setup: dict[str, Any]) -> FastAPI:
    """The application for a setup: see the README."""
    keys = Keys.read(Path(setup["keys"]))
    signer = RequestSigner(keys.signing(setup["signs_with"]), extra_fields=["x-tenant"])

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        auth = SignatureAuth(signer, origins=[VAULT])
        # No timeout of its own hides what became of a call: the vault's verifier says when it is too old.
        async with httpx.AsyncClient(base_url=VAULT, auth=auth, proxy=setup["via"], timeout=60) as vault:
            app.state.vault = vault
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, bool]:
        return {"ok": True}

    @app.post("/orders")
    async def orders(order: Order, request: Request, caller: Caller) -> dict[str, str]:
        vault: httpx.AsyncClient = request.app.state.vault
        answer = await vault.post(
            "/execute", params={"limit": LIMIT}, json=order.model_dump(), headers={"X-Tenant": TENANT}
        )
        # Why the vault refused is in the vault's log, and is nobody's business here.
        if answer.status_code != httpx.codes.OK:
            raise HTTPException(503 if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else 502)
        return {"executed": answer.json()["executed"], "for": caller.owner}

    # Added last, so that it runs first.
    app.add_middleware(
        RequireSignature,
        keys=keys.of_callers(),
        authorities=setup["authorities"],
        audit=AuditLog(setup["audit"]),
        trust=json.loads(Path(setup["policy"]).read_text()),
        callee="gateway",
        max_age=setup["max_age"],
        max_ahead=setup["max_ahead"],
    )
    return app


VAULT = "http://vault.mesh"
TENANT = "acme"
LIMIT = 100
