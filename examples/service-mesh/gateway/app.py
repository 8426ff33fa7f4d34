"""The gateway of the service mesh: it takes orders from the console, and has the vault execute them.

Its first line of standard input is its setup, which names the file of its keys, so that no secret stands in
arguments or environment. Standard output is one line that says where it listens; standard error is its log.
It ends when standard input does.
"""

import asyncio
import json
import logging
import socket
import sys
from contextlib import suppress
from typing import Any

import uvicorn
from service import service


class Server(uvicorn.Server):
    """Ends with standard input; Ctrl-C is for whoever started us."""

    async def serve_until_closed(self, listener: socket.socket, lines: asyncio.StreamReader) -> None:
        serving = asyncio.create_task(self.serve(sockets=[listener]))
        closed = asyncio.create_task(lines.read())
        await asyncio.wait([serving, closed], return_when=asyncio.FIRST_COMPLETED)
        self.should_exit = True
        closed.cancel()
        await serving


async def main() -> None:
    lines = asyncio.StreamReader()
    reading = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: reading, sys.stdin)
    setup: dict[str, Any] = json.loads(await lines.readline())
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    with socket.create_server(("127.0.0.1", setup.get("port", 0))) as listener:
        config = uvicorn.Config(
            service(setup), log_config=None, lifespan="on", timeout_graceful_shutdown=1, server_header=False
        )
        print(json.dumps({"listening": listener.getsockname()[1]}), flush=True)
        await Server(config).serve_until_closed(listener, lines)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
