"""What an answer must look like, and when two are the same."""

import json
from typing import Any

from standalone import ERRORS


def fault_of(answer: bytes | None, line_id: str, expected: dict[str, Any]) -> str | None:
    """Why an answer is not the one expected (`{"ok":…}` or `{"error":code}`), or None."""
    fault = shape_fault(answer, line_id)
    if fault is not None:
        return fault
    got = json.loads(answer)
    if "ok" in expected:
        same = "ok" in got and written(without_sentences(got["ok"])) == written(expected["ok"])
    else:
        same = "error" in got and got["error"]["code"] == expected["error"]
    return None if same else "another answer than expected"


def shape_fault(answer: bytes | None, line_id: str) -> str | None:
    """Why an answer is none of the protocol's, whatever was asked, or None."""
    if answer is None:
        return "no answer"
    try:
        got = json.loads(answer)
    except ValueError:
        return "the answer is not JSON"
    if not isinstance(got, dict) or set(got) not in ({"id", "ok"}, {"id", "error"}):
        return "the answer has other members than id and ok, or id and error"
    if got["id"] != line_id:
        return f"the answer's id is {got['id']!r}"
    return error_fault(got["error"]) if "error" in got else None


def error_fault(error: Any) -> str | None:
    code = error.get("code") if isinstance(error, dict) else None
    if code not in ERRORS:
        return f"the code {code!r} is not in the list"
    if written(error) != written(ERRORS[code]):
        return f"{code} has class {error.get('class')!r} and status {error.get('status')!r}"
    return None


def without_sentences(ok: Any) -> Any:
    """An error list without its sentences: there must be one for each code, its wording is not compared."""
    if not isinstance(ok, dict) or not isinstance(ok.get("codes"), list):
        return ok
    rows = ok["codes"]
    if not all(
        isinstance(row, dict) and isinstance(row.get("sentence"), str) and row["sentence"] for row in rows
    ):
        return "a code has no sentence"
    return {**ok, "codes": [{name: row[name] for name in row if name != "sentence"} for row in rows]}


def written(value: Any) -> str:
    """One text a value: 1 and 1.0 differ, so do 1 and true."""
    return json.dumps(value, sort_keys=True)


def said_by(answer: bytes | None) -> str | None:
    """One text for all answers that say the same, order of members aside; None for what is no answer."""
    try:
        return None if answer is None else written(json.loads(answer))
    except ValueError:
        return None


def ok_of(answer: bytes | None, name: str) -> Any:
    """One member of an answer's `ok`, or None if it is none."""
    try:
        return json.loads(answer or b"null")["ok"][name]
    except (ValueError, TypeError, KeyError):
        return None
