"""The audit log: the idiom, real files, and a writer that is killed."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from counterseal import AuditLog, CountersealError, Secret, audit_log_files, verify_audit_log
from helpers import NOW, SECRET, refusal, refused

EVENT: dict[str, Any] = {"user_id": "engine-7", "action": "connect", "resource": "/engine", "success": False}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.log"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]


def verify(path: Path, **options: Any) -> Any:
    return verify_audit_log(audit_log_files(path), secret=SECRET, **options)


def test_a_record_is_a_line(path: Path) -> None:
    with AuditLog(path, secret=SECRET) as log:
        log.record("AUTH_FAILED", **EVENT, metadata={"code": "token_expired"}, now=NOW)
        log.record("ENGINE_CONNECTED", action="connect", resource="/engine", success=True)
        assert repr(log).startswith("AuditLog(at 2:")
    first, second = lines(path)
    assert list(first) == [
        "seq", "timestamp", "event", "user_id", "action", "resource", "success", "metadata", "prev", "hash",
    ]  # fmt: skip
    assert (first["timestamp"], first["user_id"]) == ("2024-02-17T10:53:54Z", "engine-7")
    assert (first["success"], first["metadata"]) == (False, {"code": "token_expired"})
    assert (second["user_id"], second["metadata"], second["prev"]) == (None, {}, first["hash"])
    assert log.head == f"2:{second['hash']}"
    assert verify(path, head=log.head) == {
        "records": 2,
        "first_seq": 1,
        "last_seq": 2,
        "head": log.head,
        "torn_bytes": 0,
        "fault": None,
    }


def test_a_closed_log_records_nothing(path: Path) -> None:
    log = AuditLog(path)
    log.close()
    log.close()
    with refused("malformed_argument") as caught:
        log.record("AUTH_FAILED", **EVENT)
    assert "closed" in caught.value.detail
    with pytest.raises(ZeroDivisionError), AuditLog(path) as log:
        raise ZeroDivisionError
    with AuditLog(path):
        pass


def test_no_text_of_a_peer_can_prevent_its_record(path: Path) -> None:
    hostile = ["\ud800", '\0\n\r\u2028\x85"\\', "x" * 100_000, "😀" * 500, "", "\x1b[2J"]
    with AuditLog(path, secret=SECRET) as log:
        for text in hostile:
            log.record("AUTH_FAILED", user_id=text, action=text, resource=text, success=False)
    records = lines(path)
    assert [record["user_id"] for record in records[1:]] == [
        hostile[1], "x" * 253 + "…", "😀" * 63 + "…", "", "\x1b[2J",
    ]  # fmt: skip
    assert set(records[0]["action"]) == {"\ufffd"}
    assert verify(path)["records"] == len(hostile)


def test_one_writer_and_any_number_of_threads(path: Path) -> None:
    log = AuditLog(path, secret=SECRET, rotate_bytes=4096)
    with refused("malformed_argument") as caught:
        AuditLog(str(path), secret=SECRET)
    assert "has a writer already" in caught.value.detail

    def work(name: str) -> None:
        for number in range(200):
            log.record("JOB_SENT", action=f"{name}{number}", resource="", success=True)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = audit_log_files(path)
    assert len(files) > 10
    assert files[-1] == str(path)
    actions = [record["action"] for file in files for record in lines(Path(file))]
    assert sorted(actions) == sorted(f"{name}{number}" for name in "abcd" for number in range(200))
    assert verify(path)["head"] == log.head


def test_a_forked_process_does_not_fork_the_chain(path: Path) -> None:
    log = AuditLog(path, secret=SECRET)
    log.record("JOB_SENT", **EVENT)
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            log.record("JOB_SENT", **EVENT)
            os.write(writing, b"recorded")
        except CountersealError as error:
            os.write(writing, f"{error.code}: {error.detail}".encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert b"malformed_argument: this audit log was opened by another process" in os.read(reading, 1000)
    log.record("JOB_SENT", **EVENT)
    assert verify(path)["records"] == 2


WRITER = """
import itertools, sys
from counterseal import AuditLog
with AuditLog(sys.argv[1], secret=sys.argv[2], rotate_bytes=4096) as log:
    for number in itertools.count():
        log.record("JOB_SENT", action=f"{sys.argv[3]}:{number}", resource="", success=True)
        print(f"{sys.argv[3]}:{number}", flush=True)
"""


def test_what_was_recorded_outlives_kills(path: Path) -> None:
    said: list[str] = []
    for round_ in range(10):
        command = [sys.executable, "-c", WRITER, str(path), SECRET, str(round_)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            said += [writer.stdout.readline() for _ in range(1 + round_ * 7)]
            writer.kill()
            said += [line for line in writer.stdout if line.endswith("\n")]
        assert verify(path)["fault"] is None
    with AuditLog(path, secret=SECRET) as log:
        log.record("JOB_SENT", action="after", resource="", success=True)
    report = verify(path, head=log.head)
    assert (report["fault"], report["torn_bytes"]) == (None, 0)
    actions = [record["action"] for file in audit_log_files(path) for record in lines(Path(file))]
    assert len(set(actions) - {"open"}) >= len(said)
    assert {line.rstrip() for line in said} <= set(actions)


def test_a_torn_line_is_cut_and_told(path: Path) -> None:
    with AuditLog(path, secret=SECRET) as log:
        log.record("JOB_SENT", **EVENT)
    with path.open("ab") as file:
        file.write(b'{"seq":2,"timest')
    assert verify(path)["torn_bytes"] == 16
    AuditLog(path, secret=SECRET).close()
    assert [record["event"] for record in lines(path)] == ["JOB_SENT", "AUDIT_LOG_RECOVERED"]
    assert lines(path)[1]["metadata"] == {"torn_bytes": 16}


def test_a_fault_names_its_line_and_why(path: Path) -> None:
    with AuditLog(path, secret=SECRET) as log:
        for number in range(3):
            log.record("JOB_SENT", action=str(number), resource="", success=True)
    text = path.read_text("utf-8")
    path.write_text(text.replace('"action":"1"', '"action":"7"'), "utf-8")
    fault = verify(path)["fault"]
    assert (fault["path"], fault["line"], fault["reason"]) == (str(path), 2, "changed")
    assert fault["sentence"].startswith("The hash does not fit")
    with refused("malformed_argument") as caught:
        AuditLog(path, secret=SECRET)
    assert "line 2 of the audit log" in caught.value.detail
    path.write_text("".join(text.splitlines(keepends=True)[:2]), "utf-8")
    assert verify(path)["fault"] is None
    assert verify(path, head=log.head)["fault"]["reason"] == "other_head"
    path.write_text("".join(text.splitlines(keepends=True)[1:]), "utf-8")
    assert verify(path)["fault"]["reason"] == "out_of_order"
    assert verify(path, continued=True, head=log.head)["first_seq"] == 2


def test_secrets_come_in_every_form(path: Path) -> None:
    for secret in (SECRET, bytes(range(32)), Secret(SECRET)):
        with AuditLog(path, secret=secret) as log:
            log.record("JOB_SENT", **EVENT)
    assert verify(path)["records"] == 3
    fault = verify_audit_log([path])["fault"]
    assert fault
    assert fault["reason"] == "changed"


def test_a_full_disk_is_store_unavailable(path: Path) -> None:
    path.symlink_to("/dev/full")
    with AuditLog(path) as log, refused("store_unavailable") as caught:
        log.record("JOB_SENT", **EVENT)
    assert (caught.value.klass, caught.value.status) == ("unavailable", 503)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"action": 7}, "action must be str, not int"),
    ({"action": None}, "action must be str"),
    ({"resource": b"x"}, "resource must be str"),
    ({"user_id": 7}, "user_id must be str"),
    ({"success": 1}, "success must be True or False"),
    ({"success": None}, "success must be True or False"),
    ({"metadata": []}, "metadata must be a JSON object"),
    ({"metadata": "{}"}, "metadata must be a JSON object"),
    ({"metadata": {"a": {1}}}, "metadata: set is not a JSON value"),
    ({"metadata": {"a": "\ud800"}}, "metadata: a str holds a lone surrogate"),
    ({"metadata": {"a": "x" * 17_000}}, "metadata must have at most 16384 bytes"),
    ({"metadata": {"a": ["x" * 9_000] * 100_000}}, "metadata must have at most 16384 bytes"),
    ({"now": 0.5}, "now must be"),
]


def test_a_wrong_record_leaves_no_trace(path: Path) -> None:
    log = AuditLog(path)
    for change, detail in WRONG:
        error = refusal(log.record, "JOB_SENT", **{**EVENT, **change})
        assert (error.code, error.detail[: len(detail)]) == ("malformed_argument", detail)
    for event in ("job sent", "", "\ud800", 7, None):
        assert refusal(log.record, event, **EVENT).code == "malformed_argument"
    assert path.read_bytes() == b""


class Hostile:
    def __fspath__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize("wrong", [7, None, b"x", Hostile(), "a\0b", "/dev/null/absent/audit.log"])
def test_a_wrong_path(wrong: object) -> None:
    assert refusal(AuditLog, wrong).code == "malformed_argument"
    assert refusal(verify_audit_log, [wrong]).code == "malformed_argument"


def test_wrong_options(path: Path) -> None:
    for options in ({"rotate_bytes": 1}, {"keep": 0}, {"sync": 1}, {"colour": "red"}):
        assert refusal(AuditLog, path, **options).code == "malformed_argument"
    assert refusal(AuditLog, path, secret=b"short").code == "weak_secret"
    assert not path.exists()
    for wrong in (7, None, "/dev/null/absent/audit.log"):
        assert refusal(audit_log_files, wrong).code == "malformed_argument"
    AuditLog(path).close()
    assert refusal(verify_audit_log, str(path)).detail.startswith("paths must be a list")
    for options in ({"head": "1"}, {"continued": 1}, {"colour": "red"}):
        assert refusal(verify_audit_log, [path], **options).code == "malformed_argument"
