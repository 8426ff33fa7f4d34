"""Apps below a path: what was signed is the target as its caller sent it, wherever the middleware stands."""

from collections.abc import Callable, MutableMapping
from typing import Any

import pytest
from counterseal import Keyring, MemoryReplayGuard
from counterseal.asgi import RequireSignature
from fastapi import FastAPI
from serving import KEY, App, Recorder, Vault, exchange, guarded, head, serving
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

TARGETS = ["/api/v1/execute", "/api/v1/a%2Fb?x=%2F", "/api/v1/", "/api/v1//x", "/api/v1/%C3%A9"]


def outside(recorder: Recorder, url: str) -> App:
    return guarded(mounted(recorder), url)


def inside(recorder: Recorder, url: str) -> App:
    return mounted(guarded(recorder, url))


def as_starlette_adds_it(recorder: Recorder, url: str) -> App:
    given: dict[str, Any] = {"keys": Keyring([KEY]), "authorities": [url], "guard": MemoryReplayGuard()}
    return Starlette(
        routes=[Mount("/api", routes=[Mount("/v1", app=recorder)])],
        middleware=[Middleware(RequireSignature, **given)],
    )


def on_the_mount(recorder: Recorder, url: str) -> App:
    given: dict[str, Any] = {"keys": Keyring([KEY]), "authorities": [url], "guard": MemoryReplayGuard()}
    v1 = Mount("/v1", app=recorder, middleware=[Middleware(RequireSignature, **given)])
    return Starlette(routes=[Mount("/api", routes=[v1])])


def in_a_sub_application(recorder: Recorder, url: str) -> App:
    app, sub = FastAPI(), FastAPI()
    sub.mount("/v1", guarded(recorder, url))
    app.mount("/api", sub)
    return app


def on_both(recorder: Recorder, url: str) -> App:
    """Each with a guard of its own."""
    return guarded(inside(recorder, url), url)


def mounted(app: App) -> App:
    return Starlette(routes=[Mount("/api", routes=[Mount("/v1", app=app)])])


@pytest.mark.parametrize(
    "place", [outside, inside, as_starlette_adds_it, on_the_mount, in_a_sub_application, on_both]
)
def test_a_mounted_app_sees_the_target_that_was_sent(place: Callable[[Recorder, str], App]) -> None:
    recorder = Recorder()
    with serving(lambda url: place(recorder, url)) as authority:
        server = Vault(authority, recorder)
        for target in TARGETS:
            assert server.call("GET", target, server.sign("GET", target)).status == 200, target
            seen = recorder.seen.pop()
            assert seen.target == (target if "?" in target else f"{target}?").encode()
            assert seen.caller is not None
            # What is left of it within the mount is no target of its own.
            rest = target.removeprefix("/api/v1")
            assert server.call("GET", target, server.sign("GET", rest)).status == 401, target
        assert recorder.seen == []


def test_one_guard_for_two_middlewares_takes_the_second_for_a_replay() -> None:
    recorder, guard = Recorder(), MemoryReplayGuard()
    with serving(lambda url: guarded(guarded(recorder, url, guard=guard), url, guard=guard)) as authority:
        server = Vault(authority, recorder)
        assert server.call("GET", "/", server.sign("GET", "/")).status == 401
    assert recorder.seen == []


@pytest.mark.parametrize("http", ["h11", "httptools"])
def test_behind_a_proxy_that_strips_a_prefix(http: str) -> None:
    """uvicorn puts back what the proxy took away, by root_path: callers sign what they sent to the proxy."""
    recorder = Recorder()
    with serving(lambda url: guarded(recorder, url), http=http, root_path="/api") as authority:
        server = Vault(authority, recorder)
        signed = server.sign("GET", "/api/a%2Fb?x=1")
        assert exchange(authority, head("GET", "/a%2Fb?x=1", signed)).status == 200
        assert recorder.seen[-1].target == b"/api/a%2Fb?x=1"
        assert exchange(authority, head("GET", "/a%2Fb?x=1", server.sign("GET", "/a%2Fb?x=1"))).status == 401


@pytest.mark.filterwarnings("ignore:The `root_path` parameter is deprecated")
def test_fastapis_own_root_path_changes_no_target() -> None:
    def app_of(url: str) -> FastAPI:
        app = FastAPI(root_path="/api")

        @app.get("/x")
        async def x() -> str:
            return "x"

        app.add_middleware(
            RequireSignature, keys=Keyring([KEY]), authorities=[url], guard=MemoryReplayGuard()
        )
        return app

    with serving(app_of) as authority:
        server = Vault(authority, Recorder())
        for target in ("/x", "/api/x"):
            assert server.call("GET", target, server.sign("GET", target)).status == 200
            assert server.call("GET", target, server.sign("GET", "/other")).status == 401


@pytest.mark.parametrize("http", ["h11", "httptools"])
def test_a_target_in_absolute_form(http: str) -> None:
    """As a proxy sends it: the server it names must be the one that was signed."""
    recorder = Recorder()
    with serving(lambda url: guarded(recorder, url), http=http) as authority:
        server = Vault(authority, recorder)
        signed = server.sign("GET", "/x?y")
        assert exchange(authority, head("GET", f"http://{authority}/x?y", signed)).status == 200
        elsewhere = exchange(authority, head("GET", "http://elsewhere/x?y", signed))
        other_path = exchange(authority, head("GET", f"http://{authority}/z?y", signed))
        assert other_path.status == 401
    assert elsewhere.status == 401


@pytest.mark.parametrize("http", ["h11", "httptools"])
def test_what_is_no_target(http: str) -> None:
    recorder = Recorder()
    with serving(lambda url: guarded(recorder, url), http=http) as authority:
        server = Vault(authority, recorder)
        for method, target in (
            ("OPTIONS", "*"),
            ("GET", "/é"),
            ("GET", "/a\\b"),
            ("GET", "?x"),
            ("GET", "x"),
        ):
            answer = exchange(authority, head(method, target, server.sign(method, "/")))
            assert answer.status in (400, 401), (method, target)
    assert recorder.seen == []


def test_a_middleware_that_rewrites_the_path_does_not_change_what_was_signed() -> None:
    recorder = Recorder()

    def app_of(url: str) -> App:
        inner = guarded(recorder, url)

        async def rewriting(scope: MutableMapping[str, Any], receive: App, send: App) -> None:
            rewritten = scope if scope["type"] != "http" else {**scope, "path": "/harm"}
            await inner(rewritten, receive, send)

        return rewriting

    with serving(app_of) as authority:
        server = Vault(authority, recorder)
        assert server.call("GET", "/x", server.sign("GET", "/harm")).status == 401
        assert recorder.seen == []
