"""The launcher ends with all that it started, however it ends."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import redis_program, vault_program

RUN = str(Path(__file__).parent.parent / "run.py")


@pytest.fixture
def launcher() -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, RUN, "--vault", vault_program(), "--redis", redis_program()]
    pipe = subprocess.PIPE
    # A suite in the background may have been told to ignore Ctrl-C, which what it starts would inherit.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(arguments, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as program:
        signal.signal(signal.SIGINT, before)
        yield program
        program.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_that_it_started_outlives_it(launcher: subprocess.Popen[str], how: signal.Signals) -> None:
    assert launcher.stdout is not None
    # The heading, and the first row: by then everything runs.
    for _ in range(3):
        assert launcher.stdout.readline() != ""
    started = descendants(launcher.pid)
    names = [command for _, command in started]
    for wanted in ("service-mesh-va", "redis-server", "python"):
        assert any(wanted in name for name in names), names
    launcher.send_signal(how)
    assert launcher.wait(timeout=60) == (-how if how == signal.SIGKILL else 130)
    until_gone([pid for pid, _ in started])


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        ([], 2, "--vault"),
        (["--vault", "/no/such/program"], 1, "/no/such/program"),
        (["--vault", "/bin/false"], 1, "vault ended before"),
        (["--vault", "/bin/false", "--redis", "/bin/false"], 1, "redis ended before"),
    ],
)
def test_what_it_cannot_start_it_says_in_a_line(arguments: list[str], code: int, why: str) -> None:
    outcome = subprocess.run([sys.executable, RUN, *arguments], capture_output=True, text=True, check=False)
    assert outcome.returncode == code
    assert why in outcome.stderr.splitlines()[-1]
    assert "Traceback" not in outcome.stderr


def descendants(pid: int) -> list[tuple[int, str]]:
    """Whatever it started, and what that started."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,comm="], capture_output=True, text=True, check=True
    ).stdout
    entries = [line.split(None, 2) for line in listed.splitlines()]
    found: list[tuple[int, str]] = []
    parents = {pid}
    while parents:
        children = [(int(own), name) for own, parent, name in entries if int(parent) in parents]
        found += children
        parents = {own for own, _ in children}
    return found


def until_gone(pids: list[int]) -> None:
    late = time.monotonic() + 60
    while left := [pid for pid in pids if is_running(pid)]:
        assert time.monotonic() < late, f"still running: {left}"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Whether it runs; one that ended and that nobody has waited for does not."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return state.strip() != "" and not state.startswith("Z")
