"""The check of the launcher can fail: each deviation is a fault."""

from dataclasses import replace
from typing import Any

import pytest

from mesh import check
from mesh.scenes import Row

EXECUTED: dict[str, Any] = {
    "event": "ORDER_EXECUTED",
    "user_id": "gateway",
    "action": "POST",
    "resource": "/execute",
    "success": True,
    "metadata": {"order": "order-1", "amount": 100, "limit": 100, "tenant": "acme"},
}
GENUINE = Row("gateway", "POST vault /execute", "", None, 200, "{}", [], [EXECUTED])
REFUSED = Row(
    "gateway",
    "POST vault /execute",
    "the body",
    "body_mismatch",
    401,
    '{"class":"unauthorized","status":401}',
)
REFUSED.codes.append("body_mismatch")


def test_what_is_as_it_must_be_has_no_fault() -> None:
    assert check.row_faults(GENUINE, 1) == []
    assert check.row_faults(REFUSED, 0) == []
    expired = replace(REFUSED, due="expired", codes=["expired"])
    assert check.row_faults(replace(expired, body='{"class":"unauthorized","now":1,"status":401}'), 0) == []


@pytest.mark.parametrize(
    "row",
    [
        replace(REFUSED, status=200),
        replace(REFUSED, status=403),
        replace(REFUSED, codes=[]),
        replace(REFUSED, codes=["bad_signature"]),
        replace(REFUSED, codes=["body_mismatch", "body_mismatch"]),
        replace(REFUSED, executed=[EXECUTED]),
        replace(REFUSED, body='{"class":"unauthorized","code":"body_mismatch","status":401}'),
        replace(REFUSED, body='{"class":"unauthorized", "status":401}'),
        replace(REFUSED, body='{"class":"forbidden","status":401}'),
        replace(REFUSED, body='{"class":"unauthorized","now":"body_mismatch","status":401}'),
        replace(REFUSED, body="body_mismatch"),
    ],
)
def test_a_refusal_that_deviates_is_a_fault(row: Row) -> None:
    assert check.row_faults(row, 0) != []


@pytest.mark.parametrize(
    "row",
    [
        replace(GENUINE, status=401),
        replace(GENUINE, codes=["bad_signature"]),
        replace(GENUINE, executed=[]),
        replace(GENUINE, executed=[EXECUTED, EXECUTED]),
        *(
            replace(GENUINE, executed=[EXECUTED | other])
            for other in ({"user_id": "heartbeat"}, {"action": "PUT"})
        ),
        replace(GENUINE, executed=[EXECUTED | {"resource": "/execute/all"}]),
        *(
            replace(GENUINE, executed=[EXECUTED | {"metadata": EXECUTED["metadata"] | other}])
            for other in ({"amount": 900}, {"limit": 900}, {"tenant": "globex"})
        ),
    ],
)
def test_a_genuine_call_that_deviates_is_a_fault(row: Row) -> None:
    assert check.row_faults(row, 1) != []


def test_a_log_that_does_not_tell_each_refusal_is_a_fault() -> None:
    records = [{"success": False, "metadata": {"code": "replayed"}}, EXECUTED]
    told = 'WARN AUTH REJECTED code="replayed" status=401'
    assert check.log_faults("vault", ["started", told], records) == []
    for messages in ([], [told, told], ['AUTH REJECTED code="expired"']):
        assert len(check.log_faults("vault", messages, records)) == 1


def test_an_audit_log_that_does_not_verify_and_a_tampered_one_that_does_are_faults() -> None:
    sound, broken = {"fault": None, "torn_bytes": 0}, {"fault": {"reason": "changed"}, "torn_bytes": 0}
    assert check.trail_faults({"vault": {"as written": sound, "a refusal changed": broken}}) == []
    torn = sound | {"torn_bytes": 5}
    for outcomes in ({"as written": broken}, {"as written": torn}, {"a refusal changed": sound}):
        assert len(check.trail_faults({"vault": outcomes})) == 1


def test_a_secret_in_a_text_is_a_fault() -> None:
    assert check.leaks({"a log": "key 0011", "another": "key"}, ["0011"]) == ["a secret stands in a log"]
