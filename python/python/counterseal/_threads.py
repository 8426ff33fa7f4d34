"""Threads of a guard's own: a client that blocks in one can be left behind."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Threads:
    """Started as they are needed, and anew in a process that was forked."""

    _executor: ThreadPoolExecutor

    def __init__(self, most: int) -> None:
        self._most = most
        self._process = 0

    def submit(self, call: Callable[[], object]) -> Future[object]:
        if self._process != os.getpid():
            self._executor, self._process = ThreadPoolExecutor(self._most, "counterseal-guard"), os.getpid()
        return self._executor.submit(call)
