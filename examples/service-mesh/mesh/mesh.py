"""The services of a mesh and what lies between them: started, at work, ended."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mesh.keys import Keys
from mesh.program import Program, together
from mesh.redis import RedisServer
from mesh.trail import Record, Trail
from proxy.proxy import Proxy

Say = Callable[[str], None]

HERE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Plan:
    """What a mesh is made of. Without a Redis server's program each vault remembers for itself."""

    vault: str
    redis: str | None = None
    replicas: int = 1
    max_age: int = 60
    max_ahead: int = 5
    # Milliseconds; a busy machine is not to be taken for a store in trouble.
    redis_timeout: int = 5000


class Mesh:
    """A gateway, a vault or two replicas of it, the proxy between them, and those who call."""

    def __init__(self, plan: Plan, folder: Path, say: Say) -> None:
        self.plan = plan
        self._folder = folder
        self.keys = Keys()
        self._files = self.keys.write(folder)
        self.proxy: Proxy
        self.redis: RedisServer | None = None
        self._ports: dict[str, int] = {}
        self._programs: dict[str, Program] = {}
        # What the programs wrote that were started anew since.
        self._earlier: dict[str, list[str]] = {}
        self.trails = {name: Trail(self._log(name)) for name in (*self.replicas, "gateway")}

    @classmethod
    async def start(cls, plan: Plan, folder: Path, say: Say) -> Self:
        """Starts everything but the vault."""
        mesh = cls(plan, folder, say)
        try:
            mesh.proxy = await Proxy.start()
            if plan.redis is not None:
                say("starting a Redis server, on a port and with a password of its own")
                mesh.redis = RedisServer(plan.redis)
                await mesh.redis.start()
            say("starting the gateway and those who call")
            callers = (mesh._start_caller(*names) for names in CALLERS.items())
            await together(mesh._start_gateway(), *callers)
        except BaseException:
            await mesh.end()
            raise
        return mesh

    @property
    def replicas(self) -> list[str]:
        if self.plan.replicas == 1:
            return ["vault"]
        return [f"vault-{number + 1}" for number in range(self.plan.replicas)]

    async def start_vaults(self) -> None:
        """Starts the vault, or its replicas."""
        await together(*(self._start_vault(name) for name in self.replicas))
        self.proxy.lead(VAULT, [self._ports[name] for name in self.replicas])

    async def restart_vault(self, name: str) -> None:
        """Kills a replica and starts it anew: it has forgotten what it remembered."""
        await self._programs[name].kill()
        self._earlier.setdefault(name, []).extend(self._programs[name].messages())
        await self._start_vault(name)
        self.proxy.lead(VAULT, [self._ports[name] for name in self.replicas])

    async def call(self, caller: str, method: str, url: str, **more: Any) -> dict[str, Any]:
        """Has a service call; see `back-office/app.py`."""
        told = {"method": method, "url": url, "via": self.proxy.url, **more}
        answer: dict[str, Any] = await self._programs[caller].ask(told)
        return answer

    async def order(self, name: str, by: str = "console") -> dict[str, Any]:
        """Has a console order something of the gateway, which has the vault execute it."""
        order = {"order": name, "amount": 100}
        return await self.call(by, "POST", f"http://{GATEWAY}/orders", key="console-1", order=order)

    def new_records(self) -> list[Record]:
        """What the audit logs have got since they were last read."""
        return [record for trail in self.trails.values() for record in trail.new()]

    def messages(self, name: str) -> list[str]:
        """What a service has written for people to read, also before it was started anew."""
        return self._earlier.get(name, []) + self._programs[name].messages()

    def outputs(self) -> dict[str, str]:
        """All that the programs have written."""
        return {f"the output of {name}": program.output() for name, program in self._programs.items()}

    def key_file(self, service: str) -> Path:
        return self._files[service]

    def port(self, name: str) -> int:
        return self._ports[name]

    def secrets(self) -> list[str]:
        """What must stand nowhere but in the files of keys."""
        return self.keys.texts() + ([] if self.redis is None else [self.redis.password])

    async def end(self) -> None:
        """Ends all that runs, whatever has become of it."""
        await together(*(program.end() for program in self._programs.values()))
        if self.redis is not None:
            await self.redis.end()
        if hasattr(self, "proxy"):
            await self.proxy.end()

    async def _start_vault(self, name: str) -> None:
        setup = self._setup("vault", name) | {"authorities": [f"http://{VAULT}"]}
        if self.redis is not None:
            setup |= {"redis": self.redis.url, "redis_timeout": self.plan.redis_timeout}
        await self._start(name, [self.plan.vault], setup)

    async def _start_gateway(self) -> None:
        setup = self._setup("gateway", "gateway") | {"authorities": [f"http://{GATEWAY}"]}
        setup |= {"via": self.proxy.url, "signs_with": "gateway-2"}
        arguments = [sys.executable, str(HERE / "gateway" / "app.py")]
        await self._start("gateway", arguments, setup)
        self.proxy.lead(GATEWAY, [self._ports["gateway"]])

    async def _start_caller(self, name: str, service: str) -> None:
        arguments = [sys.executable, str(HERE / "back-office" / "app.py")]
        program = await Program.start(name, arguments, setup={"keys": str(self._files[service])})
        self._programs[name] = program
        await program.next("it had its keys")

    async def _start(self, name: str, arguments: list[str], setup: dict[str, Any]) -> None:
        program = await Program.start(name, arguments, setup=setup)
        self._programs[name] = program
        self._ports[name] = (await program.next("it listened"))["listening"]

    def _setup(self, service: str, name: str) -> dict[str, Any]:
        log = self._log(name)
        log.parent.mkdir(mode=0o700, exist_ok=True)
        return {
            "keys": str(self._files[service]),
            "policy": str(HERE / "policy.json"),
            "audit": str(log),
            "max_age": self.plan.max_age,
            "max_ahead": self.plan.max_ahead,
        }

    def _log(self, name: str) -> Path:
        return self._folder / name / "audit.log"


VAULT = "vault.mesh"
GATEWAY = "gateway.mesh"
# Who calls, and whose keys they have. The second console is for an order that takes long.
CALLERS = {
    "console": "console",
    "second console": "console",
    "back-office": "back-office",
    "heartbeat": "heartbeat",
    "thief": "thief",
    "stranger": "stranger",
}
