"""An engine: it says how it is, takes jobs, and answers each.

Its configuration, secret and token included, is the first line of standard input; it ends with standard input
or at SIGTERM. Standard output is one JSON line for each happening, and holds no secret.
"""

import asyncio
import json
import signal
import sys
from contextlib import suppress
from typing import Any

from connection import Connection


class Engine:
    """What this engine does with its connection."""

    def __init__(self, configuration: dict[str, str]) -> None:
        url = configuration.pop("url")
        self._connection = Connection(configuration, url, on_event=self._event, on_change=self._change)
        self._unsent: list[dict[str, Any]] = []
        self._done = 0

    async def run(self) -> None:
        """Works until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._connection.run())
            tasks.create_task(self._report())

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(STATUS_EVERY_S)
            await self._status("IDLE")

    async def _change(self, happening: dict[str, Any]) -> None:
        log(happening)
        if happening["event"] == "connected":
            await self._status("IDLE", receipt=True)
            unsent, self._unsent = self._unsent, []
            for result in unsent:
                await self._answer(result)

    async def _event(self, event: str, payload: Any) -> None:
        if event == "job":
            await self._job(payload)
        else:
            log({"event": event, **payload})

    async def _job(self, job: dict[str, Any]) -> None:
        log({"event": "job", "jobId": job["jobId"], "jobType": job["jobType"]})
        await self._status("BUSY", jobId=job["jobId"])
        result = work(job["jobType"])
        self._done += 1
        await self._answer({"jobId": job["jobId"], **result})
        await self._status("IDLE")

    async def _answer(self, result: dict[str, Any]) -> None:
        """A packet is worth nothing in another session: what could not be sent is kept unsigned."""
        sent = await self._connection.send("job_result", result) is not None
        if not sent:
            self._unsent.append(result)
        log({"event": "job_result", **result, "sent": sent})

    async def _status(self, status: str, **more: Any) -> None:
        payload = {"status": status, "jobsDone": self._done, **more}
        nonce = await self._connection.send("engine_status", payload)
        if nonce is not None:
            log({"event": "engine_status", "status": status, "nonce": nonce})


def work(job_type: str) -> dict[str, Any]:
    """Yours goes here; long work belongs in a thread or process, or heartbeats will be missed.

    This one is quick, and fails at `fail` alone.
    """
    return {"ok": False, "error": "it was asked to fail"} if job_type == "fail" else {"ok": True}


def log(happening: dict[str, Any]) -> None:
    """Writes a line."""
    print(json.dumps(happening), flush=True)


async def main() -> None:
    """Runs an engine until standard input ends or SIGTERM comes."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    try:
        configuration = json.loads(await lines.readline())
    except ValueError:
        sys.exit("the first line of standard input must be the configuration, as JSON")
    engine = asyncio.ensure_future(Engine(configuration).run())
    loop.add_signal_handler(signal.SIGTERM, engine.cancel)
    ended = asyncio.ensure_future(lines.read())
    await asyncio.wait([engine, ended], return_when=asyncio.FIRST_COMPLETED)
    engine.cancel()
    with suppress(asyncio.CancelledError):
        await engine
    log({"event": "stopped"})


STATUS_EVERY_S = 2

if __name__ == "__main__":
    asyncio.run(main())
