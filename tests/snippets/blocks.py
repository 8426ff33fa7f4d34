"""Fenced code blocks of a Markdown document."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(.*)$")


@dataclass
class Block:
    document: str
    line: int  # the first line of the code, counted from 1
    language: str
    code: str
    output: str | None = None

    @property
    def name(self) -> str:
        return f"{self.document}:{self.line} ({self.language})"


@dataclass
class Result:
    name: str
    fault: str  # empty: passed


def read_blocks(document: Path) -> list[Block]:
    """The blocks that are to be run, each with its promised output. A bare fence is an unknown language."""
    blocks: list[Block] = []
    lines = document.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        at += 1
        if fence is None:
            continue
        start = at
        while at < len(lines) and lines[at] != "```":
            at += 1
        if at == len(lines):
            raise ValueError(f"{shown(document)}:{start}: fence without an end")
        code = "\n".join(lines[start:at]) + "\n"
        at += 1
        add(blocks, Block(shown(document), start + 1, fence.group(1).strip(), code))
    return blocks


def shown(document: Path) -> str:
    return str(document.relative_to(ROOT)) if document.is_relative_to(ROOT) else document.name


def add(blocks: list[Block], block: Block) -> None:
    if block.language == "text output":
        if not blocks or blocks[-1].output is not None:
            raise ValueError(f"{block.name}: an output without a block before it")
        blocks[-1].output = block.code
    elif block.language != "text":
        blocks.append(block)
