"""FastAPI behind the middleware: what its endpoints learn of their caller, and that none runs without."""

import json
import logging
from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import pytest
from counterseal import Keyring, MemoryReplayGuard
from counterseal.fastapi import Caller, OptionalCaller, RequireSignature
from counterseal.httpx import SignatureAuth
from fastapi import Body, Depends, FastAPI, Request, WebSocket
from pydantic import BaseModel
from serving import KEY, Vault, serving
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

TRUST = {
    "vault": {
        "rules": [{"callers": ["gateway"]}],
        "exempt": ["/health", "/mistaken", "/sub/health"],
    }
}


class Order(BaseModel):
    item: str
    amount: int


def vault(url: str) -> FastAPI:
    app, sub = FastAPI(), FastAPI()
    declare(app)
    declare(sub)
    app.mount("/sub", sub)
    app.add_middleware(
        RequireSignature,
        keys=Keyring([KEY]),
        authorities=[url],
        trust=TRUST,
        callee="vault",
        guard=MemoryReplayGuard(),
        websockets=True,
    )
    return app


def declare(app: FastAPI) -> None:
    @app.post("/execute/{place:path}")
    async def execute(
        place: str, order: Order, caller: Caller, request: Request, dry: bool = False
    ) -> dict[str, Any]:
        raw = (await request.body()).decode()
        known = {"place": place, "item": order.item, "amount": order.amount, "dry": dry, "raw": raw}
        return known | {"owner": caller.owner, "key_id": caller.key_id}

    @app.post("/sync")
    def execute_in_thread(order: Order, caller: Caller) -> str:
        return f"{caller.owner} {order.amount}"

    @app.get("/health")
    async def health(caller: OptionalCaller) -> str:
        return "open" if caller is None else caller.owner

    @app.get("/status")
    async def status(caller: OptionalCaller) -> str:
        return "open" if caller is None else caller.owner

    @app.get("/mistaken")
    async def mistaken(caller: Caller) -> str:
        pytest.fail("it ran without a caller")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(vault) as authority:
        yield f"http://{authority}"


@pytest.fixture
def gateway(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, auth=SignatureAuth(KEY)) as client:
        yield client


@pytest.mark.parametrize("mount", ["", "/sub"])
def test_an_endpoint_learns_its_caller_and_reads_what_was_signed(gateway: httpx.Client, mount: str) -> None:
    answer = gateway.post(f"{mount}/execute/a%2Fb//c?dry=true", json={"item": "é", "amount": 3})
    assert answer.json() == {
        "place": "a/b//c",
        "item": "é",
        "amount": 3,
        "dry": True,
        "raw": '{"item":"é","amount":3}',
        "owner": "gateway",
        "key_id": "gateway-1",
    }
    assert gateway.post(f"{mount}/sync", json={"item": "x", "amount": 3}).json() == "gateway 3"
    assert gateway.get(f"{mount}/status").json() == "gateway"
    assert gateway.post(f"{mount}/sync", json={"item": "x", "amount": "many"}).status_code == 422


@pytest.mark.parametrize("mount", ["", "/sub"])
def test_no_validation_before_verification(gateway: httpx.Client, mount: str) -> None:
    """What a model would refuse tells a stranger nothing: FastAPI has not even read it."""
    for body in (b"", b"{", b'{"item":1}', b"\xff"):
        answer = gateway.request("POST", f"{mount}/sync", auth=None, content=body)
        assert (answer.status_code, answer.json()) == (401, {"class": "unauthorized", "status": 401})
    assert gateway.get(f"{mount}/nowhere", auth=None).status_code == 401
    assert gateway.get(f"{mount}/nowhere").status_code == 404
    assert gateway.request("OPTIONS", f"{mount}/sync", auth=None).status_code == 401
    assert gateway.get("/openapi.json", auth=None).status_code == 401


@pytest.mark.parametrize("mount", ["", "/sub"])
def test_an_exempt_path_has_no_caller(gateway: httpx.Client, mount: str) -> None:
    assert gateway.get(f"{mount}/health", auth=None).json() == "open"
    assert gateway.get(f"{mount}/health").json() == "open"


def test_an_endpoint_that_needs_a_caller_on_an_exempt_path(
    gateway: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert gateway.get("/mistaken", auth=None).status_code == 500
    assert "ask for OptionalCaller" in caplog.text


QUERIES = ["", "?caller=1", "?connection=1", "?request=1", "?r=1", "?scope=1", "?owner=gateway"]


def test_without_the_middleware_no_endpoint_runs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ran: list[str] = []
    app = FastAPI()

    @app.get("/needs", operation_id="get_needs")
    @app.post("/needs", operation_id="post_needs")
    async def needs(caller: Caller) -> None:
        ran.append("needs")

    @app.get("/may")
    async def may(caller: OptionalCaller) -> None:
        ran.append("may")

    with serving(lambda _: app) as authority, httpx.Client(base_url=f"http://{authority}") as client:
        for path in ("/needs", "/may"):
            for query in QUERIES:
                answer = client.get(path + query, headers={"counterseal.caller": "x", "Caller": "x"})
                assert (answer.status_code, answer.json()) == (500, {"detail": "Internal Server Error"})
        assert client.post("/needs", json={"caller": {"owner": "gateway"}}).status_code == 500
        assert client.post("/needs", json={}, auth=SignatureAuth(KEY)).status_code == 500
        described = client.get("/openapi.json").json()
    assert ran == []
    assert "RequireSignature did not run" in caplog.text
    for operation in (described["paths"]["/needs"]["post"], described["paths"]["/may"]["get"]):
        assert "parameters" not in operation
        assert "requestBody" not in operation


def test_how_a_check_was_never_run() -> None:
    """The guard that this one replaces: FastAPI takes the check's argument for a query parameter."""
    app, checked = FastAPI(), list[object]()

    def check(r: Any) -> None:
        checked.append(r)

    @app.get("/guarded")
    async def endpoint(caller: Annotated[None, Depends(check)]) -> str:
        return "open"

    with serving(lambda _: app) as authority:
        assert httpx.get(f"http://{authority}/guarded").status_code == 422
        assert httpx.get(f"http://{authority}/guarded?r=1").json() == "open"
    assert checked == ["1"]


def test_a_body_parameter_is_no_way_around(url: str) -> None:
    """Dependencies run after the body was parsed: here it is verified before."""
    app, parsed = FastAPI(), list[object]()

    @app.post("/late")
    async def late(order: Annotated[Any, Body()], caller: Caller) -> None:
        parsed.append(order)

    app.add_middleware(RequireSignature, keys=Keyring([KEY]), authorities=["http://vault"])
    with serving(lambda _: app) as authority:
        assert httpx.post(f"http://{authority}/late", json={}).status_code == 401
    assert parsed == []


def test_a_websocket_learns_its_caller() -> None:
    def app_of(url: str) -> FastAPI:
        app = vault(url)

        @app.websocket("/feed")
        async def feed(socket: WebSocket, caller: Caller) -> None:
            await socket.accept()
            await socket.send_text(caller.owner)
            await socket.close()

        return app

    with serving(app_of) as authority:
        server = Vault(authority, None)  # type: ignore[arg-type]
        signed = [field for field in server.sign("GET", "/feed?x=1") if field[0] != "Host"]
        with connect(f"ws://{authority}/feed?x=1", additional_headers=signed) as socket:
            assert socket.recv() == "gateway"
        for headers in (signed, []):
            with pytest.raises(InvalidStatus) as caught:
                connect(f"ws://{authority}/feed?x=1", additional_headers=headers)
            assert caught.value.response.status_code == 401
            assert json.loads(caught.value.response.body) == {"class": "unauthorized", "status": 401}
