"""The middleware on a real server: what reaches the app, and what a peer learns who does not."""

import logging
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from counterseal import AuditLog, MemoryReplayGuard, RequestSigner, audit_log_files, verify_audit_log
from helpers import refused
from serving import KEY, SIGNER, Fields, Vault, answer_on, exchange, guarded, head, vault

TRUST = {
    "vault": {
        "rules": [{"callers": ["gateway"], "methods": ["GET", "POST", "HEAD"], "paths": ["/"]}],
        "exempt": ["/health"],
    }
}
JSON = ("Content-Type", "application/json")
TARGET, BODY = "/a%2Fb/execute?x=1&y=%C3%A9", b'{"cmd":"run"}'
UNAUTHORIZED = b'{"class":"unauthorized","status":401}'


@pytest.fixture(scope="module", params=["h11", "httptools"])
def server(request: pytest.FixtureRequest) -> Iterator[Vault]:
    with vault(http=request.param, trust=TRUST, callee="vault") as running:
        yield running


@pytest.fixture
def guard_log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "counterseal")
    return caplog


def codes(caplog: pytest.LogCaptureFixture) -> list[str]:
    return re.findall(r"AUTH REJECTED code=(\w+)", caplog.text)


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/?",
        "/?x",
        "/x??",
        "//x//y",
        "/a%2Fb",
        "/a%2fb",
        "/a/../b/./c",
        "/it's?q='",
        "/a+b?c=d+e%20f",
        "/%C3%A9?q=%C3%A9",
        "/a;b=c,d@e:f~!$&()*",
        "/%00%0A",
    ],
)
def test_the_target_is_signed_as_it_is_sent(server: Vault, target: str) -> None:
    answer = server.call("GET", target, server.sign("GET", target))
    assert (answer.status, answer.body) == (200, b'{"owner": "gateway"}')
    seen = server.app.seen[-1]
    assert seen.target == (target if "?" in target else f"{target}?").encode()
    assert seen.caller is not None
    assert (seen.caller.key_id, seen.body, seen.messages) == ("gateway-1", b"", 1)


def test_a_body_is_what_was_signed(server: Vault) -> None:
    answer = server.call("POST", TARGET, server.sign("POST", TARGET, [JSON], BODY), BODY)
    assert (answer.status, server.app.seen[-1].body) == (200, BODY)


def changed(fields: Fields, name: str, value: str | None) -> Fields:
    given = [] if value is None else [(name, value)]
    return [field for field in fields if field[0] != name] + given


ALTERED: list[tuple[str, dict[str, Any]]] = [
    ("bad_signature", {"method": "PUT"}),
    ("bad_signature", {"method": "post"}),
    ("bad_signature", {"target": "/a/b/execute?x=1&y=%C3%A9"}),
    ("bad_signature", {"target": "//a%2Fb/execute?x=1&y=%C3%A9"}),
    ("bad_signature", {"target": "/a%2fb/execute?x=1&y=%C3%A9"}),
    ("bad_signature", {"target": "/a%2Fb/execute/?x=1&y=%C3%A9"}),
    ("bad_signature", {"target": "/a%2Fb/execute?x=2&y=%C3%A9"}),
    ("bad_signature", {"target": "/a%2Fb/execute?y=%C3%A9&x=1"}),
    ("bad_signature", {"target": "/a%2Fb/execute"}),
    ("bad_signature", {"Content-Type": "text/plain"}),
    ("malformed_request", {"Content-Type": None}),
    ("malformed_request", {"Content-Encoding": "gzip"}),
    ("bad_signature", {"Content-Digest": "sha-256=:AAAAtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:"}),
    ("malformed_request", {"Content-Digest": None}),
    ("malformed_request", {"Content-Digest": "é"}),
    ("body_mismatch", {"body": b'{"cmd":"rum"}'}),
    ("body_mismatch", {"body": b"", "Content-Length": "0"}),
    ("wrong_authority", {"Host": "vault.internal"}),
    ("malformed_request", {"Host": "é"}),
    ("malformed_request", {"Signature": None}),
    ("malformed_request", {"Signature": ""}),
    ("malformed_request", {"Signature": "é"}),
    ("malformed_request", {"Signature": "counterseal=:\xff\xfe:"}),
    ("malformed_request", {"Signature": "counterseal=:AAAA:"}),
    ("bad_signature", {"Signature": f"counterseal=:{'A' * 43}=:"}),
    ("malformed_request", {"Signature-Input": None}),
    ("malformed_request", {"Signature-Input": "\x80"}),
    ("malformed_request", {"Signature-Input": "counterseal=()"}),
]


@pytest.mark.parametrize(("code", "change"), ALTERED)
def test_what_was_altered_reaches_no_app(
    server: Vault, guard_log: pytest.LogCaptureFixture, code: str, change: dict[str, Any]
) -> None:
    ran = len(server.app.seen)
    change = dict(change)
    method, target = change.pop("method", "POST"), change.pop("target", TARGET)
    body, fields = change.pop("body", BODY), server.sign("POST", TARGET, [JSON], BODY)
    for name, value in change.items():
        fields = changed(fields, name, value)
    answer = server.call(method, target, fields, body)
    if answer.status == 400:
        # The server itself would not have it, so that nothing came of it either.
        assert (method, change) in [("post", {}), ("POST", {"Host": "é"})], answer
    else:
        assert (answer.status, answer.body, codes(guard_log)) == (401, UNAUTHORIZED, [code])
    assert len(server.app.seen) == ran


@pytest.mark.parametrize("name", ["Host", "Content-Type", "Content-Digest", "Signature-Input", "Signature"])
def test_a_field_sent_twice(server: Vault, guard_log: pytest.LogCaptureFixture, name: str) -> None:
    ran, fields = len(server.app.seen), server.sign("POST", TARGET, [JSON], BODY)
    answer = server.call("POST", TARGET, fields + [field for field in fields if field[0] == name], BODY)
    if answer.status == 401:
        assert (answer.body, codes(guard_log)) == (UNAUTHORIZED, ["malformed_request"])
    else:
        assert (answer.status, name) == (400, "Host"), "h11 itself takes one Host alone"
    assert len(server.app.seen) == ran


def test_a_request_comes_once(server: Vault, guard_log: pytest.LogCaptureFixture) -> None:
    fields, ran = server.sign("POST", TARGET, [JSON], BODY), len(server.app.seen)
    assert server.call("POST", TARGET, fields, b"{}" + BODY[2:]).status == 401
    answers = [server.call("POST", TARGET, fields, BODY) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 401, 401]
    assert answers[1].body == UNAUTHORIZED
    assert codes(guard_log) == ["body_mismatch", "replayed", "replayed"]
    assert len(server.app.seen) == ran + 1


def test_answers_tell_nothing(server: Vault) -> None:
    signed = server.sign("POST", TARGET, [JSON], BODY)
    answers = [
        server.call("POST", TARGET, changed(signed, "Signature", None), BODY),
        server.call("POST", TARGET, changed(signed, "Signature", f"counterseal=:{'A' * 43}=:"), BODY),
        server.call("POST", "/other", signed, BODY),
        server.call("POST", TARGET, changed(signed, "Host", "elsewhere"), BODY),
        server.call("GET", "/nowhere", [("Host", server.authority), ("Content-Length", "1")], b"x"),
        server.call("POST", TARGET, signed, b"x" * len(BODY)),
        *[server.call("POST", TARGET, signed, BODY) for _ in range(2)][1:],
    ]
    other = RequestSigner(KEY).sign("POST", server.url + TARGET, body=BODY)
    unknown = [(name, value.replace("gateway-1", "nobody-1")) for name, value in other]
    answers.append(server.call("POST", TARGET, [*signed[:3], *unknown], BODY))
    plain = {
        (answer.status, answer.body, *(field for field in answer.fields if field[0] not in ("date",)))
        for answer in answers
    }
    assert len(plain) == 1, plain
    [answer] = answers[:1]
    assert answer.all("content-type") == ["application/json"]
    assert answer.all("cache-control") == ["no-store"]
    assert answer.all("www-authenticate") == ["Signature"]
    assert answer.all("connection") == ["close"]


def test_age_and_trust(server: Vault, guard_log: pytest.LogCaptureFixture) -> None:
    host = [("Host", server.authority)]
    old = SIGNER.sign("GET", server.url + "/", now=1)
    answer = server.call("GET", "/", host + old)
    told = rb'\{"class":"unauthorized","now":\d+,"status":401\}'
    assert (answer.status, bool(re.fullmatch(told, answer.body))) == (401, True)
    answer = server.call("DELETE", "/", server.sign("DELETE", "/"))
    assert (answer.status, answer.body) == (403, b'{"class":"forbidden","status":403}')
    assert answer.all("www-authenticate") == []
    assert codes(guard_log) == ["expired", "caller_not_allowed"]


def test_what_is_exempt_is_open_and_has_no_caller(server: Vault) -> None:
    host = [("Host", server.authority)]
    for target in ("/health", "/health?x=1"):
        answer = server.call("GET", target, host)
        assert (answer.status, answer.body) == (200, b'{"owner": null}'), target
    signed = server.call("POST", "/health", server.sign("POST", "/health", [], BODY), BODY)
    assert (signed.body, server.app.seen[-1].body) == (b'{"owner": null}', BODY)
    for target in ("/health/", "//health", "/%68ealth", "/x/../health", "/health%2F", "/HEALTH", "/health;x"):
        assert server.call("GET", target, host).status == 401, target


def test_head_has_no_body(server: Vault) -> None:
    assert server.call("HEAD", "/", server.sign("HEAD", "/")).status == 200
    refused = server.call("HEAD", "/", [("Host", server.authority)])
    assert (refused.status, refused.body, refused.all("content-length")) == (401, b"", ["37"])


def test_a_stranger_keeps_the_connection_only_without_a_body(server: Vault) -> None:
    host = [("Host", server.authority)]
    refused = server.call("GET", "/", host)
    assert (refused.status, refused.all("connection")) == (401, [])
    for announced in (("Content-Length", "10"), ("Transfer-Encoding", "chunked")):
        assert exchange(server.authority, head("POST", "/", [*host, announced])).all("connection") == [
            "close"
        ]


@pytest.mark.parametrize("announced", [("Content-Length", "9000000000"), ("Transfer-Encoding", "chunked")])
@pytest.mark.parametrize("expecting", [True, False])
def test_a_strangers_body_is_never_read(server: Vault, announced: tuple[str, str], expecting: bool) -> None:
    fields = [("Host", server.authority), announced]
    if expecting:
        fields.append(("Expect", "100-continue"))
    host, _, port = server.authority.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        # Nothing but the head is sent, so an answer shows that nothing else was waited for.
        connection.sendall(head("POST", "/", fields))
        assert connection.recv(12) == b"HTTP/1.1 401"


def test_a_server_that_begins_has_forgotten(guard_log: pytest.LogCaptureFixture) -> None:
    with vault(guard=None, max_ahead=3600) as starting:
        answer = starting.call("GET", "/", starting.sign("GET", "/"))
    assert (answer.status, answer.body) == (503, b'{"class":"unavailable","status":503}')
    assert (codes(guard_log), starting.app.seen) == (["replay_guard_starting"], [])


def test_a_full_guard_refuses() -> None:
    with vault(guard=MemoryReplayGuard(capacity=1, owner_share=1)) as full:
        assert full.call("GET", "/", full.sign("GET", "/")).status == 200
        assert full.call("GET", "/", full.sign("GET", "/")).status in (429, 503)
        assert len(full.app.seen) == 1


def test_the_log_line(server: Vault, guard_log: pytest.LogCaptureFixture) -> None:
    signed = server.sign("POST", "/execute?token=hush", [JSON], BODY)
    server.call(
        "POST", "/execute?token=hush", changed(signed, "Signature", f"counterseal=:{'A' * 43}=:"), BODY
    )
    server.call("GET", "/a'%0Aname=\"x\\y", [("Host", server.authority)])
    lines = [record.getMessage() for record in guard_log.records if record.levelno >= logging.WARNING]
    assert lines == [
        "AUTH REJECTED code=bad_signature status=401 method=POST path=/execute key_id=gateway-1",
        r"AUTH REJECTED code=malformed_request status=401 method=GET path=/a'%0Aname=\x22x\x5cy key_id=-",
    ]
    assert "hush" not in guard_log.text


def test_no_peer_forges_a_line(server: Vault, guard_log: pytest.LogCaptureFixture) -> None:
    server.call("GET", "/" + "x" * 3000, [("Host", server.authority)])
    forged = 'counterseal=("@method");keyid="a b";x="\tAUTH'
    server.call("GET", "/", [("Host", server.authority), ("Signature-Input", forged), ("Signature", forged)])
    first, second = (r.getMessage() for r in guard_log.records if r.levelno >= logging.WARNING)
    assert first.endswith(f"path=/{'x' * 255}... key_id=-")
    assert second.endswith("path=/ key_id=-")


def test_the_audit_log_learns_the_code(tmp_path: Any, guard_log: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "audit.log"
    with AuditLog(path) as audit, vault(audit=audit) as audited:
        signed = audited.sign("POST", "/execute?x=hush", [JSON], BODY)
        assert audited.call("POST", "/execute?x=hush", signed, BODY).status == 200
        assert audited.call("POST", "/execute?x=hush", signed, BODY).status == 401
        assert audited.call("GET", "/", [("Host", audited.authority)]).status == 401
        audit.close()
        assert audited.call("GET", "/", [("Host", audited.authority)]).status == 401
    replayed, malformed = path.read_text().splitlines()
    assert '"event":"REQUEST_REJECTED","user_id":"gateway","action":"POST","resource":"/execute"' in replayed
    assert '"metadata":{"code":"replayed","key_id":"gateway-1"}' in replayed
    assert '"user_id":null,"action":"GET","resource":"/"' in malformed
    assert '"metadata":{"code":"malformed_request","key_id":null}' in malformed
    assert verify_audit_log(audit_log_files(path))["fault"] is None
    assert "hush" not in path.read_text()
    assert "a refusal is not in the audit log" in guard_log.text
    assert len(audited.app.seen) == 1


def test_wrong_options_are_told_at_once() -> None:
    wrong: dict[str, Any] = {
        "authorities": [],
        "guard": object(),
        "callee": "vault",
        "audit": 1,
        "websockets": "no",
    }
    for name, value in wrong.items():
        with refused("malformed_argument"):
            guarded(lambda: None, "http://vault", **{name: value})
    with pytest.raises(TypeError):
        guarded(lambda: None, "http://vault", max_agee=1)


def test_a_connection_goes_on_after_a_refusal(server: Vault) -> None:
    host, _, port = server.authority.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head("GET", "/", [("Host", server.authority)]))
        assert answer_on(connection).status == 401
        connection.sendall(head("GET", "/", server.sign("GET", "/")))
        assert answer_on(connection).status == 200
