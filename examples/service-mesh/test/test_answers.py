"""What a peer learns: its class, and nothing of why; what the operator learns: everything but secrets."""

import os
import subprocess
from collections import defaultdict

import pytest
from conftest import Playing

from mesh import check
from mesh.mesh import GATEWAY, VAULT
from mesh.scenes import ALTERED, CALLERS, GENUINE
from proxy.message import Message

ALL = (*GENUINE, *ALTERED, *CALLERS)


@pytest.mark.parametrize("name", [VAULT, GATEWAY])
def test_all_answers_of_a_class_are_the_same_bytes(mesh: Playing, name: str) -> None:
    """But for the date. The connection tells whether there was a body, and not whether it was read."""
    seen: dict[int, set[bytes]] = defaultdict(set)
    codes: dict[int, set[str]] = defaultdict(set)
    for scene in ALL:
        if name.removesuffix(".mesh") in scene.call and scene.flight != "the body taken away":
            row = mesh.play(scene)
            answer = mesh.mesh.proxy.last(name).answers[-1]
            seen[answer.status].add(plain(answer))
            codes[answer.status].update(row.codes)
    assert codes[403] == {"caller_not_allowed"}
    assert len(codes[401]) >= (6 if name == VAULT else 1)
    assert [len(seen[status]) for status in (401, 403)] == [1, 1]


def test_each_refusal_is_a_line_of_the_log_and_a_record_of_the_audit_log(mesh: Playing) -> None:
    for scene in ALL:
        mesh.play(scene)
    for name, trail in mesh.mesh.trails.items():
        messages = mesh.mesh.messages(name)
        assert len([line for line in messages if "AUTH REJECTED" in line]) > 1
        assert check.log_faults(name, messages, trail.all()) == []


def test_no_secret_stands_in_a_log_an_argument_or_an_environment(mesh: Playing) -> None:
    for scene in ALL:
        mesh.play(scene)
    texts = mesh.mesh.outputs() | {name: trail.text() for name, trail in mesh.mesh.trails.items()}
    listed = subprocess.run(["ps", "-eww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    assert "service-mesh-vault" in listed
    texts |= {"the arguments of programs": listed, "our environment": str(os.environ)}
    assert check.leaks(texts, mesh.mesh.secrets()) == []
    assert len(mesh.mesh.secrets()) >= 6


def plain(answer: Message) -> bytes:
    return answer.with_field("date", None).to_bytes()
