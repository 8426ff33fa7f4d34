"""A Redis that the tests start, in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis

PROGRAM = os.environ.get("REDIS_SERVER", "redis-server")
PATIENCE = 60
"""How long a test waits, in seconds, for what does not fail to come."""
EPOCH, TOLERANCE, SERVER = (f"counterseal:1:{name}" for name in ("epoch", "tolerance", "server"))


class Server:
    """Runs while it is entered. options are those of redis-server's command line."""

    def __init__(self, folder: Path, *options: str, password: str | None = None) -> None:
        if shutil.which(PROGRAM) is None:
            raise RuntimeError("these tests need redis-server 6.2 or later; REDIS_SERVER may name it")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        more = () if password is None else ("--requirepass", password)
        self._command = [PROGRAM, "--port", f"{self.port}", "--bind", "127.0.0.1", "--dir", f"{folder}"]
        self._command += ["--save", "", *options, *more]
        self._log = folder / f"{self.port}.log"
        self.password = password
        self.client = connect(self.port, password)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        self.kill()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        until(self._answers)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def has_run(self, seconds: int) -> None:
        """Makes its guard one that began so long ago."""
        run = self.client.info("server")["run_id"]
        now = int(time.time())
        self.client.mset({EPOCH: now - seconds, TOLERANCE: 65, SERVER: f"{run} {now}"})

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(self._log.read_text())
        try:
            with connect(self.port, self.password) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def connect(port: int, password: str | None = None) -> Any:
    return redis.Redis(port=port, password=password, socket_timeout=PATIENCE)


def until(condition: Any) -> None:
    """Waits until a condition is met, which other processes bring about."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it was not met"
        time.sleep(0.005)


def free_port() -> int:
    """A port, of which the one for a cluster's own traffic, 10,000 higher, is one too."""
    while True:
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            port: int = bound.getsockname()[1]
        if port < 55_000:
            return port
