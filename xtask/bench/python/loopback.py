"""A signed call beside an unsigned one: httpx to FastAPI on uvicorn, over a connection of this machine that stays open.

Started as a program it is the server, in a process of its own: the secret on standard input, two ports on standard output.
"""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import perf_counter_ns
from typing import Any

import counterseal

AUTHORITY = "vault.internal"
KEY_ID = "gateway-1"
SIZES = {"64B": 64, "1KiB": 1024, "16KiB": 16384}
CAPACITY = 4_000_000


def contest(given: dict[str, Any], size: str) -> tuple[Any, Any]:
    """The product's turn, and those of its peers."""
    import httpx
    from counterseal.httpx import SignatureAuth

    server = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdin is not None and server.stdout is not None
    print(given["secret"], file=server.stdin, flush=True)
    signed, plain = server.stdout.readline().split()
    key = counterseal.Key(KEY_ID, secret=given["secret"])
    signer = counterseal.RequestSigner(key)
    verifier = counterseal.RequestVerifier(
        counterseal.Keyring([key]),
        authorities=[f"http://{AUTHORITY}"],
        guard=counterseal.MemoryReplayGuard(capacity=CAPACITY, owner_share=CAPACITY),
    )
    body = b"x" * SIZES[size]
    wanted = str(len(body)).encode()

    def over(port: str, auth: httpx.Auth | None) -> Callable[[int], float]:
        client = httpx.Client(auth=auth, headers={"host": AUTHORITY}, trust_env=False)
        url = f"http://127.0.0.1:{port}/execute"

        def turn(calls: int) -> float:
            begun = perf_counter_ns()
            for _ in range(calls):
                answer = client.post(url, content=body)
                if answer.content != wanted:
                    raise ValueError(f"the server answered {answer.status_code}")
            return (perf_counter_ns() - begun) / calls

        return turn

    def alone(calls: int) -> float:
        begun = perf_counter_ns()
        for _ in range(calls):
            added = signer.sign("POST", f"http://{AUTHORITY}/execute", headers=[], body=body)
            verifier.verify("POST", "/execute", headers=[("host", AUTHORITY), *added], body=body)
        return (perf_counter_ns() - begun) / calls

    peers = {
        "unsigned": (f"{version('httpx')}, uvicorn {version('uvicorn')}", over(plain, None)),
        "sdk": ("", alone),
    }
    # The server ends when its standard input does, which is when this process forgets it.
    return over(signed, SignatureAuth(signer)), peers


def serve() -> None:
    import uvicorn
    from counterseal.asgi import RequireSignature
    from fastapi import FastAPI, Request, Response

    def app() -> FastAPI:
        app = FastAPI()

        @app.post("/execute")
        async def execute(request: Request) -> Response:
            return Response(str(len(await request.body())))

        return app

    async def both() -> None:
        key = counterseal.Key(KEY_ID, secret=sys.stdin.readline().strip())
        guarded = app()
        guarded.add_middleware(
            RequireSignature,
            keys=counterseal.Keyring([key]),
            authorities=[f"http://{AUTHORITY}"],
            # Without a fence, which would refuse the first five seconds.
            guard=counterseal.MemoryReplayGuard(capacity=CAPACITY, owner_share=CAPACITY),
        )
        sockets = [listening() for _ in range(2)]
        settings: dict[str, Any] = {"log_level": "error", "lifespan": "off", "access_log": False}
        servers = [uvicorn.Server(uvicorn.Config(each, **settings)) for each in (guarded, app())]
        running = [
            asyncio.create_task(server.serve(sockets=[one]))
            for server, one in zip(servers, sockets, strict=True)
        ]
        print(*(one.getsockname()[1] for one in sockets), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*running)

    asyncio.run(both())


def listening() -> socket.socket:
    # Without its protocol named, asyncio leaves Nagle's delay on.
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    one.bind(("127.0.0.1", 0))
    return one


if __name__ == "__main__":
    serve()
