"""What is tried in the mesh: who calls what, what happens to the call in flight, and what must come of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from counterseal import error_list

from mesh.mesh import GATEWAY, VAULT, Mesh
from proxy.alterations import ALTERATIONS, HONEST, NOTHING, Alteration
from proxy.message import Response

Answer = tuple[int, str]


@dataclass
class Row:
    """One call and what came of it. `due` is the code of its refusal, none where it must be carried out."""

    caller: str
    call: str
    flight: str
    due: str | None
    status: int = 0
    body: str = ""
    codes: list[str] = field(default_factory=list)
    executed: list[dict[str, Any]] = field(default_factory=list)

    def read(self, mesh: Mesh) -> "Row":
        """Takes in what stands in the logs since they were last read."""
        for record in mesh.new_records():
            if not record["success"]:
                self.codes.append(record["metadata"]["code"])
            elif record["event"] == "ORDER_EXECUTED":
                self.executed.append(record)
        return self


Act = Callable[[Mesh, str], Awaitable[Answer]]


@dataclass(frozen=True)
class Scene:
    """`act` makes the call and tells what its maker was answered. `due` is the code of its refusal."""

    caller: str
    call: str
    flight: str
    due: str | None
    act: Act
    executes: int = 0

    async def play(self, mesh: Mesh, order: str) -> Row:
        mesh.new_records()
        status, body = await self.act(mesh, order)
        return Row(self.caller, self.call, self.flight, self.due, status, body).read(mesh)


def ordered(alteration: Alteration) -> Scene:
    """An order of the gateway's which the proxy treats so; what is told is what the vault answered last."""

    async def act(mesh: Mesh, order: str) -> Answer:
        mesh.proxy.take(VAULT, alteration.way)
        await mesh.order(order)
        return told(mesh.proxy.last(VAULT).answers[-1])

    executes = 0 if alteration.code is not None and alteration.part != "replay" else 1
    return Scene("gateway", EXECUTE, alteration.title, alteration.code, act, executes)


def called(who: str, caller: str, method: str, url: str, due: str | None, **more: Any) -> Scene:
    """A call of another service's, untouched in flight."""

    async def act(mesh: Mesh, order: str) -> Answer:
        body = {"order": order, "amount": 100} if method == "POST" else None
        answer = await mesh.call(caller, method, url, order=body, **more)
        return answer["status"], answer["body"]

    return Scene(who, f"{method} {_shown(url)}", "", due, act)


def told(answer: Response) -> Answer:
    return answer.status, answer.body.decode()


def status_of(code: str | None) -> int:
    """What the SDK's list of codes says that a refusal is answered with."""
    return next((about["status"] for about in error_list() if about["code"] == code), 200)


def _shown(url: str) -> str:
    return url.removeprefix("http://").replace(".mesh/", " /").split("?")[0]


EXECUTE = "POST vault /execute"
_EXECUTE_URL = f"http://{VAULT}/execute?limit=100"
_ORDERS_URL = f"http://{GATEWAY}/orders"

GENUINE = (
    ordered(NOTHING),
    ordered(HONEST),
    called("heartbeat", "heartbeat", "GET", f"http://{VAULT}/status", None, key="heartbeat-1"),
    called("anyone, unsigned", "stranger", "GET", f"http://{VAULT}/health", None),
    called("anyone, unsigned", "stranger", "GET", f"http://{GATEWAY}/health", None),
)
CALLERS = (
    called("back-office", "back-office", "POST", _EXECUTE_URL, "caller_not_allowed", key="back-office-2"),
    called("back-office", "back-office", "POST", _ORDERS_URL, "caller_not_allowed", key="back-office-1"),
    called("heartbeat", "heartbeat", "POST", _EXECUTE_URL, "caller_not_allowed", key="heartbeat-1"),
    called("anyone, unsigned", "stranger", "POST", _EXECUTE_URL, "malformed_request"),
    called("anyone, unsigned", "stranger", "POST", _ORDERS_URL, "malformed_request"),
    called(
        "anyone, with a key made up", "stranger", "POST", _EXECUTE_URL, "unknown_key", forged="stranger-1"
    ),
    called("anyone, as the gateway", "stranger", "POST", _EXECUTE_URL, "bad_signature", forged="gateway-2"),
    called("a thief, with a revoked key", "thief", "POST", _EXECUTE_URL, "revoked_key", key="gateway-1"),
)
ALTERED = tuple(ordered(alteration) for alteration in ALTERATIONS)
