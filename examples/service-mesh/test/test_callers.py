"""Who may call, who may not, and what is open to all."""

import pytest
from conftest import Playing

from mesh.mesh import GATEWAY, VAULT
from mesh.scenes import CALLERS, GENUINE, Scene
from proxy.message import Request, Response

UNAUTHORIZED = '{"class":"unauthorized","status":401}'
FORBIDDEN = '{"class":"forbidden","status":403}'

LIKE_HEALTH = [
    *("/health/", "//health", "/./health", "/health/../execute", "/HEALTH", "/%68ealth", "/health%3F"),
    *("/health;x", "/healthy", "/execute?/health", "/execute", "/"),
]


def named(scene: Scene) -> str:
    return f"{scene.caller}: {scene.call}"


@pytest.mark.parametrize("scene", CALLERS, ids=named)
def test_whoever_the_policy_does_not_name_is_refused(mesh: Playing, scene: Scene) -> None:
    row = mesh.play(scene)
    is_known = scene.due == "caller_not_allowed"
    assert (row.status, row.body) == ((403, FORBIDDEN) if is_known else (401, UNAUTHORIZED))
    assert (row.codes, row.executed) == ([scene.due], [])


@pytest.mark.parametrize("scene", GENUINE, ids=named)
def test_whoever_it_names_is_not(mesh: Playing, scene: Scene) -> None:
    row = mesh.play(scene)
    assert (row.status, row.codes, len(row.executed)) == (200, [], scene.executes)


@pytest.mark.parametrize("name", [VAULT, GATEWAY])
def test_health_is_open_to_whoever_signs_nothing(mesh: Playing, name: str) -> None:
    for target in ["/health", "/health?verbose=1"]:
        answer = send(mesh, name, "GET", target)
        assert (answer.status, answer.body) == (200, b'{"ok":true}')
    assert mesh.codes() == []


@pytest.mark.parametrize("name", [VAULT, GATEWAY])
@pytest.mark.parametrize("target", LIKE_HEALTH)
def test_what_is_only_like_health_is_not(mesh: Playing, name: str, target: str) -> None:
    mesh.codes()
    answer = send(mesh, name, "POST", target)
    assert (answer.status, answer.body.decode()) == (401, UNAUTHORIZED)
    assert mesh.codes() == ["malformed_request"]


def send(mesh: Playing, name: str, method: str, target: str) -> Response:
    fields = (("Host", name), ("Content-Length", "0"), ("Connection", "close"))
    return mesh.send(name, Request(f"{method} {target} HTTP/1.1", fields, b""))
