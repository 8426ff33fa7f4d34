"""PyPI's http-message-signatures verifies our requests, and we verify its, over http.client and http.server."""

from functools import partial
from types import ModuleType
from typing import Any

import ours
import pytest
import theirs
from wire import cases, request_of, send, serving

ENDS = [
    pytest.param(ours, theirs, "gateway-1", id="ours to theirs"),
    pytest.param(theirs, ours, "gateway", id="theirs to ours"),
]
CASES = [pytest.param(case, id=case["name"]) for case in cases()]
CHANGES = [
    pytest.param(case, change, id=f"{case['name']}: {change['what']}")
    for case in cases()
    for change in case["changes"]
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("signer", "verifier", "caller"), ENDS)
def test_what_one_signs_the_other_accepts(
    case: dict[str, Any], signer: ModuleType, verifier: ModuleType, caller: str
) -> None:
    extra = case.get("extra", [])
    with serving(partial(verifier.verifier, extra=extra)) as port:
        assert send(port, signer.sign(request_of(case, port), extra)) == (200, caller)


@pytest.mark.parametrize(("case", "change"), CHANGES)
@pytest.mark.parametrize(("signer", "verifier", "caller"), ENDS)
def test_what_was_changed_in_flight_is_refused(
    case: dict[str, Any], change: dict[str, Any], signer: ModuleType, verifier: ModuleType, caller: str
) -> None:
    extra = case.get("extra", [])
    with serving(partial(verifier.verifier, extra=extra)) as port:
        signed = signer.sign(request_of(case, port), extra)
        changed = signed.changed(port, **change["to"])
        assert changed != signed
        status, why = send(port, changed)
        assert status == 401, why
        if verifier is ours:
            assert why == change["code"]
        # Nothing but the change was in the way.
        assert send(port, signed) == (200, caller)


def test_ours_accepts_a_request_once() -> None:
    with serving(ours.verifier) as port:
        signed = theirs.sign(request_of(cases()[0], port))
        assert [send(port, signed), send(port, signed)] == [(200, "gateway"), (401, "replayed")]


def test_a_second_signature_which_theirs_wrote_beside_ours_changes_nothing() -> None:
    with serving(ours.verifier) as port:
        signed = ours.sign(request_of(cases()[2], port))
        both = theirs.sign(
            signed, label="proxy", tag="proxy", use_existing_digest=True, append_if_signature_exists=True
        )
        labels = dict(both.fields)["Signature-Input"]
        assert labels.startswith("counterseal=")
        assert ", proxy=" in labels
        assert send(port, both) == (200, "gateway")
