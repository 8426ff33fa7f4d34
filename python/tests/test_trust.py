"""Who may call whom, as Python spells it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from counterseal import Trust
from helpers import refusal, refused

POLICY: dict[str, Any] = {
    "vault": {
        "rules": [
            {"callers": ["gateway"], "methods": ["POST"], "paths": ["/execute"]},
            {"callers": ("engine-7", "engine-8")},
        ],
        "exempt": ["/health"],
    },
    "hub": {},
}
FORMS: list[Callable[[dict[str, Any]], Any]] = [
    dict,
    json.dumps,
    lambda policy: json.dumps(policy).encode(),
    lambda policy: memoryview(json.dumps(policy).encode()),
]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_policy(form: Callable[[dict[str, Any]], Any]) -> None:
    trust = Trust(form(POLICY))
    assert trust.explain("vault") == [
        "gateway may POST vault /execute",
        "engine-7 may call vault /",
        "engine-8 may call vault /",
        "anyone may call vault /health",
    ]
    assert trust.explain("hub") == trust.explain(callee="nobody") == []


def test_who_may_call() -> None:
    trust = Trust(POLICY)
    assert trust.check("vault", "gateway", "POST", "/execute/now") is None  # type: ignore[func-returns-value]
    trust.check("vault", "engine-7", b"DELETE", b"/x")
    trust.check(path="/execute", method="POST", caller="gateway", callee="vault")
    for call in (
        ("vault", "gateway", "GET", "/execute"),
        ("vault", "gateway", "POST", "/executed"),
        ("vault", "gateway", "POST", "/execute/../x"),
        ("vault", "heartbeat", "POST", "/execute"),
        ("hub", "gateway", "POST", "/execute"),
        ("nobody", "gateway", "POST", "/execute"),
    ):
        with refused("caller_not_allowed"):
            trust.check(*call)
    error = refusal(trust.check, "vault", "heartbeat", "POST", "/execute")
    assert error.status == 403
    assert error.detail.startswith("heartbeat may not POST vault /execute: gateway may POST vault /execute; ")


def test_what_anyone_may_call() -> None:
    trust = Trust(POLICY)
    assert trust.is_exempt("vault", "/health") is trust.is_exempt("vault", b"/health") is True
    paths: list[Any] = ["/health/", "/health?x", "/HEALTH", "/", "", "\ud800", b"\xff", "/health\x00"]
    assert [path for path in paths if trust.is_exempt("vault", path)] == []
    assert trust.is_exempt("hub", "/health") is trust.is_exempt("nobody", "/health") is False


def within_itself() -> dict[str, Any]:
    policy: dict[str, Any] = {}
    policy["vault"] = policy
    return policy


WRONG: list[tuple[Any, str]] = [
    (None, "policy must be a dict, or JSON text as str or UTF-8 bytes, not NoneType"),
    ([POLICY], "policy must be a dict"),
    (7, "policy must be a dict"),
    ("", "trust: "),
    ("[]", "trust, with a member for each callee, must be an object"),
    ('{"vault":{},"vault":{}}', "trust: "),
    ("\ud800", "trust: "),
    (b"\xff", "trust: "),
    ({"vault": None}, "a callee's policy must be an object"),
    ({"vault": {"rules": None}}, "rules must be a list of objects"),
    ({"vault": {"exempt": {"/health"}}}, "policy: set is not a JSON value"),
    ({"vault": object()}, "policy: object is not a JSON value"),
    ({7: {}}, "policy: a member's name is int"),
    ({"\ud800": {}}, "policy: a member's name is str"),
    (within_itself(), "policy: nested deeper than 64, or within itself"),
    ({"a b": {}}, 'callee "a b" must be'),
    ({"vault": {"allow": []}}, 'unknown option "allow"'),
    ({"vault": {"rules": [{"callers": []}]}}, "a rule's callers must name at least one"),
    ({"vault": {"rules": [{"callers": ["gateway"], "methods": ["A B"]}]}}, "methods must be"),
    ({"vault": {"rules": [{"callers": ["gateway"], "paths": ["/a/../b"]}]}}, "paths must be"),
    ({"vault": {"exempt": ["/health?x"]}}, "exempt must be"),
]


@pytest.mark.parametrize(("policy", "detail"), WRONG)
def test_a_policy_outside_its_grammar(policy: Any, detail: str) -> None:
    error = refusal(Trust, policy)
    assert (error.code, error.detail.startswith(detail)) == ("malformed_argument", True), str(error)


@pytest.mark.parametrize("wrong", [7, None, ["vault"], object(), "\ud800"])
def test_wrong_calls(wrong: Any) -> None:
    trust = Trust(POLICY)
    right: dict[str, Any] = {"callee": "vault", "caller": "engine-7", "method": "POST", "path": "/"}
    for name in right:
        error = refusal(trust.check, **right | {name: wrong})
        assert (error.code, error.detail.startswith(f"{name} must be str")) == ("malformed_argument", True)
    for call in (trust.explain, trust.is_exempt):
        error = refusal(call, wrong, *(["/"] if call == trust.is_exempt else []))
        assert (error.code, error.detail.startswith("callee must be str")) == ("malformed_argument", True)
    if not isinstance(wrong, str):
        with refused("malformed_argument"):
            trust.is_exempt("vault", wrong)
    for name in ("method", "path"):
        assert refusal(trust.check, **right | {name: b"\xff"}).code == "malformed_argument"
