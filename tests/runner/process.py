"""A probe as a running program.

Lines go in through a thread of their own, so that neither side can block the other.
"""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
START_PATIENCE = 3600.0
ANSWER_PATIENCE = 300.0
NOTICE = 10.0


class Probe:
    """One implementation. Once it has failed to answer it is stopped, and answers no more."""

    def __init__(self, language: str, command: list[str], patience: float = ANSWER_PATIENCE) -> None:
        self.language = language
        self.faults: list[str] = []
        self._patience = patience
        self._answers: queue.Queue[bytes | None] = queue.Queue()
        self._process = subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        threading.Thread(target=self._read, daemon=True).start()

    def start(self, line: bytes) -> bytes | None:
        """Its first answer, which may have to wait until it is built."""
        patience, self._patience = self._patience, max(self._patience, START_PATIENCE)
        (answer,) = self.ask([line], "its first answer; what it needs may be building")
        self._patience = patience
        return answer

    def ask(self, lines: Sequence[bytes], what: str) -> list[bytes | None]:
        """One answer a line, in order; None from where it stopped answering."""
        answers: list[bytes | None] = []
        if not self.faults:
            threading.Thread(target=self._write, args=(lines,), daemon=True).start()
        while len(answers) < len(lines) and not self.faults:
            answer = self._next(f"{what}, {len(answers)} of {len(lines)} answered")
            answers.append(answer)
            if answer is None and not self.faults:
                self._fail("it ended before its input did")
        return answers + [None] * (len(lines) - len(answers))

    def close(self) -> None:
        """Ends its input; it must then end with 0 and say nothing more."""
        if self.faults:
            return
        self._process.stdin.close()
        if self._next("its end") is not None:
            self._fail("it answered more often than it was asked")
        elif not self.faults and (code := self._end()) != 0:
            self._fail(f"it ended with {code}")

    def _next(self, what: str) -> bytes | None:
        """The next answer; None if there comes none, with a fault if that is for its silence."""
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < self._patience:
            try:
                return self._answers.get(timeout=min(NOTICE, self._patience - waited))
            except queue.Empty:
                notice(f"{self.language}: waiting for {what} ({time.monotonic() - begun:.0f} s)")
        self._fail(f"it did not answer within {self._patience:.0f} s")
        return None

    def _end(self) -> int | None:
        try:
            return self._process.wait(self._patience)
        except subprocess.TimeoutExpired:
            return None

    def _fail(self, fault: str) -> None:
        self.faults.append(fault)
        self._process.kill()
        self._process.wait()

    def _write(self, lines: Sequence[bytes]) -> None:
        try:
            for line in lines:
                self._process.stdin.write(line + b"\n")
                self._process.stdin.flush()
        except OSError:
            pass  # It has ended; the reader sees that too.

    def _read(self) -> None:
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(None)


def command_of(language: str) -> list[str]:
    return ["cargo", "xtask", "probe", language]


def notice(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
