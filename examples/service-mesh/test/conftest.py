"""Meshes for the tests: real services, a real proxy, a real Redis server."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mesh.mesh import VAULT, Mesh, Plan
from mesh.scenes import Row, Scene
from mesh.stage import Stage
from proxy.message import Request, Response

T = TypeVar("T")
Start = Callable[..., AbstractContextManager["Playing"]]


@dataclass
class Playing:
    """A mesh whose services take what is signed from now on, and the loop that it lives in."""

    mesh: Mesh
    stage: Stage
    runner: asyncio.Runner

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    def play(self, scene: Scene) -> Row:
        self.run(self.stage.scenes(scene))
        return self.stage.rows[-1][0]

    def send(self, name: str, request: Request, replica: int | None = None) -> Response:
        """Sends it as it stands."""
        return self.run(self.mesh.proxy.send(name, request, replica))

    def captured(self) -> Request:
        """An order's request to the vault, of which the vault has got nothing."""
        hidden = Hidden()
        self.mesh.proxy.take(VAULT, hidden.way)
        self.run(self.mesh.order(self.stage.next_order()))
        return hidden.request

    def codes(self) -> list[str]:
        """Of what was refused since the logs were last read."""
        return [record["metadata"]["code"] for record in self.mesh.new_records() if not record["success"]]


class Hidden:
    """A way through the proxy which ends there."""

    request: Request

    async def way(self, request: Request, _send: object) -> list[Response]:
        self.request = request
        return [Response("HTTP/1.1 504 Gateway Timeout", (("Content-Length", "0"),), b"")]


@asynccontextmanager
async def working(plan: Plan, folder: Path) -> AsyncIterator[Stage]:
    mesh = await Mesh.start(plan, folder, lambda _: None)
    stage = Stage(mesh, lambda _row, _faults: None, lambda _: None)
    try:
        await mesh.start_vaults()
        await stage.until_accepted("it works")
        mesh.new_records()
        yield stage
    finally:
        await mesh.end()


@contextmanager
def playing(plan: Plan, folder: Path) -> Iterator[Playing]:
    with asyncio.Runner() as runner:
        context = working(plan, folder)
        stage = runner.run(context.__aenter__())
        try:
            yield Playing(stage.mesh, stage, runner)
        finally:
            runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    """One vault, which remembers for itself."""
    with playing(Plan(vault_program(), max_ahead=1), tmp_path_factory.mktemp("mesh")) as found:
        yield found


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Starts a mesh of the test's own."""
    return lambda **plan: playing(Plan(vault_program(), **({"max_ahead": 1} | plan)), tmp_path)


def vault_program() -> str:
    return os.environ["SERVICE_MESH_VAULT"]


def redis_program() -> str:
    return os.environ["REDIS_SERVER"]
