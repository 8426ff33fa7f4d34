"""A replica in Python. Each line of its input is a message that came, each line of its output what became of one."""

import asyncio
import json
import os
import sys
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from counterseal import CountersealError, Key, Keyring, PacketVerifier, RequestVerifier
from counterseal.redis import AsyncRedisReplayGuard, RedisReplayGuard

Told = dict[str, Any]
GIVEN: Told = json.loads(sys.argv[1])
RING = Keyring([Key("engine-7", secret=GIVEN["secret"])])


class Replica:
    def __init__(self, guard: Any) -> None:
        authorities = ["http://vault.internal:8200"]
        self.packets = PacketVerifier(RING, guard=guard, max_age=GIVEN["max_age"])
        self.requests = RequestVerifier(RING, authorities=authorities, guard=guard, max_age=GIVEN["max_age"])

    def verify(self, message: Told) -> None:
        if "packet" in message:
            self.packets.verify(message["packet"], **self.packet(message))
        else:
            self.requests.verify(**self.request(message))

    async def verify_async(self, message: Told) -> None:
        if "packet" in message:
            await self.packets.verify_async(message["packet"], **self.packet(message))
        else:
            await self.requests.verify_async(**self.request(message))

    def packet(self, message: Told) -> Told:
        return {"context": "c", "now": message.get("now")}

    def request(self, message: Told) -> Told:
        request = message["request"]
        body, headers = request["body"].encode(), [tuple(field) for field in request["headers"]]
        return request | {"body": body, "headers": headers, "now": message.get("now")}


def tell(message: Told, code: str = "ok", status: int = 200) -> None:
    # One write a line: threads must not tear them.
    sys.stdout.write(json.dumps({"id": message["id"], "code": code, "status": status}) + "\n")
    sys.stdout.flush()


def in_threads() -> None:
    replica = Replica(RedisReplayGuard.from_url(url(), timeout=GIVEN["timeout"]))

    def judge(message: Told) -> None:
        try:
            replica.verify(message)
            tell(message)
        except CountersealError as refusal:
            tell(message, refusal.code, refusal.status)

    with ThreadPoolExecutor(16) as threads:
        for line in sys.stdin:
            threads.submit(judge, json.loads(line)).add_done_callback(must_be_sound)


def must_be_sound(judged: Future[None]) -> None:
    # What is no refusal must not pass for one: it ends the replica.
    if error := judged.exception():
        traceback.print_exception(error)
        os._exit(1)


async def in_a_loop() -> None:
    replica = Replica(AsyncRedisReplayGuard.from_url(url(), timeout=GIVEN["timeout"]))
    loop = asyncio.get_running_loop()

    async def judge(message: Told) -> None:
        try:
            await replica.verify_async(message)
            tell(message)
        except CountersealError as refusal:
            tell(message, refusal.code, refusal.status)

    async with asyncio.TaskGroup() as judging:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            judging.create_task(judge(json.loads(line)))


def url() -> str:
    return f"redis://127.0.0.1:{GIVEN['port']}"


if __name__ == "__main__":
    if GIVEN["client"] == "asyncio":
        asyncio.run(in_a_loop())
    else:
        in_threads()
