"""Reads a line of the conformance protocol into Python's own values.

The json module does it; where that gives up on depth, it is done step by step.
"""

import gc
import json
import re
from collections.abc import Iterator
from json.decoder import scanstring
from typing import Any

MAX_LINE = 16 * 1024 * 1024


class Unusable(Exception):
    """The line cannot be put to the SDK at all."""


def read(data: bytes) -> dict[str, Any]:
    """The object on a line; Unusable if it is none, or has no text as its id."""
    if len(data) > MAX_LINE:
        raise Unusable("the line is too long")
    if not (data.lstrip(SPACE).startswith(b"{") and data.rstrip(SPACE).endswith(b"}")):
        # Seen before anything is built of millions of brackets.
        raise Unusable("the line is not an object")
    try:
        line = parse(data.decode("utf-8"))
    except ValueError as error:
        raise Unusable("the line is not JSON") from error
    if not isinstance(line, dict) or not isinstance(line.get("id"), str):
        raise Unusable("the line is not an object with an id")
    return line


def parse(text: str) -> Any:
    """One JSON value; ValueError otherwise."""
    try:
        return json.loads(text, parse_int=whole, parse_constant=refuse)
    except RecursionError:
        pass
    # Millions of nested lists would otherwise be walked by the collector again and again.
    gc.disable()
    try:
        return parse_deep(text)
    finally:
        gc.enable()


def whole(digits: str) -> int | float:
    """An integer; past the range of doubles an infinity, since Python refuses to read thousands of digits."""
    return int(digits) if len(digits) <= LONGEST_WHOLE else float(digits)


def refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def parse_deep(text: str) -> Any:
    """One JSON value of any depth, without recursion."""
    root: list[Any] = []
    open_values: list[Any] = [root]
    name: str | None = None
    due = "value"
    steps = tokens(text)
    for token, value in steps:
        top = open_values[-1]
        if token == "," and due == "comma" and top is not root:
            due = "value"
        elif (
            token in ("]", "}")
            and due != "value"
            and top is not root
            and (token == "}") == isinstance(top, dict)
        ):
            open_values.pop()
            due = "comma"
        elif due == "comma":
            raise ValueError("not JSON")
        elif isinstance(top, dict) and name is None:
            name, due = name_of(token, value, steps), "value"
        elif token in ("[", "{", "scalar"):
            put(top, name, value)
            name, due = None, "comma" if token == "scalar" else "first"
            if due == "first":
                open_values.append(value)
        else:
            raise ValueError("not JSON")
    if due != "comma" or len(open_values) != 1:
        raise ValueError("not JSON")
    return root[0]


def put(container: Any, name: str | None, value: Any) -> None:
    if name is None:
        container.append(value)
    else:
        container[name] = value


def name_of(token: str, value: Any, steps: Iterator[tuple[str, Any]]) -> str:
    if not isinstance(value, str) or next(steps, None) != (":", None):
        raise ValueError("a name without a colon")
    return value


def tokens(text: str) -> Iterator[tuple[str, Any]]:
    """The brackets, commas, colons and scalars of a text, each with its value."""
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise ValueError("not JSON")
        at = found.end()
        match found.lastgroup:
            case "mark":
                mark = found[0]
                yield mark, [] if mark == "[" else {} if mark == "{" else None
            case "quote":
                value, at = scanstring(text, at, True)
                yield "scalar", value
            case "scalar":
                yield "scalar", json.loads(found[0], parse_int=whole)


LONGEST_WHOLE = 400
SPACE = b" \t\n\r"
TOKEN = re.compile(
    r'(?P<mark>[\[\]{},:])|(?P<quote>")|(?P<space>[ \t\n\r]+)'
    r"|(?P<scalar>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)"
)
