"""What the launcher shows as one self-contained page: no script, nothing loaded."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from mesh.scenes import Row, status_of
from mesh.text import outcome, reason

Section = tuple[str, str, Callable[[Row], bool]]
Rows = Sequence[tuple[Row, list[str]]]


def page(rows: Rows, verified: dict[str, dict[str, Any]], faults: list[str]) -> str:
    """`rows` come each with what is wrong with it; `faults` are all that is wrong."""
    genuine = sum(row.due is None for row, _ in rows)
    return _text("page.html").format(
        style=_text("page.css"),
        title="Something is not as it must be" if faults else "What was signed was carried out, and no more",
        verdict="bad" if faults else "good",
        count=f"{len(rows)} calls: {genuine} genuine, {len(rows) - genuine} refused; {len(faults)} faults",
        faults="".join(f"<li>{escape(fault)}</li>" for fault in faults),
        sections="".join(_section(*section, rows) for section in SECTIONS),
        logs="".join(_log(name, outcomes) for name, outcomes in verified.items()),
    )


def _text(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _section(
    title: str, about: str, is_in: Callable[[Row], bool], rows: Sequence[tuple[Row, list[str]]]
) -> str:
    lines = "".join(_line(row, faults) for row, faults in rows if is_in(row))
    return f"<section><h2>{title}</h2><p>{about}</p>{_table(HEADS, lines)}</section>"


def _line(row: Row, faults: list[str]) -> str:
    answered = f'<span class="{_mood(row, faults)}">{row.status}</span> <code>{escape(row.body)}</code>'
    cells = [f"{escape(row.caller)}<small>{escape(row.call)}</small>", escape(row.flight or "nothing")]
    why = escape(reason(row)) + "".join(f'<small class="bad">{escape(fault)}</small>' for fault in faults)
    return _cells(HEADS, [*cells, answered, why])


def _log(name: str, outcomes: dict[str, Any]) -> str:
    records = outcomes["as written"]["records"]
    return "".join(
        _cells(LOG_HEADS, [f"{name}<small>{records} records</small>", how, escape(outcome(one))])
        for how, one in outcomes.items()
    )


def _table(heads: Sequence[str], lines: str) -> str:
    titles = "".join(f"<th>{head}</th>" for head in heads)
    return f'<div class="wide"><table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table></div>'


def _cells(heads: Sequence[str], cells: Sequence[str]) -> str:
    inner = (f'<td data-label="{head}">{cell}</td>' for head, cell in zip(heads, cells, strict=True))
    return f"<tr>{''.join(inner)}</tr>"


def _mood(row: Row, faults: list[str]) -> str:
    return "bad" if faults else "good" if row.due is None else "refused"


HEADS = ("Call", "What happened to it in flight", "Answer", "Why, in the callee&rsquo;s logs")
LOG_HEADS = ("Log of", "Copy", "Verification")
UNAUTHORIZED, UNAVAILABLE = 401, 503
SECTIONS: tuple[Section, ...] = (
    (
        "What was carried out",
        "Signed by whom the policy names, and passed on as it was signed. <code>/health</code> is open.",
        lambda row: row.due is None,
    ),
    (
        "What was changed, repeated or held back in flight",
        "The proxy between gateway and vault had these. The gateway had signed every one of them rightly.",
        lambda row: status_of(row.due) == UNAUTHORIZED and row.caller == "gateway",
    ),
    (
        "Who was turned away",
        "Calls that nobody touched: 401 where it is not known whose they are, 403 where they may not.",
        lambda row: row.due is not None and row.caller != "gateway",
    ),
    (
        "What could not be decided",
        "Genuine, as far as anyone can tell; but nobody could know whether it had been executed before.",
        lambda row: status_of(row.due) == UNAVAILABLE,
    ),
)
