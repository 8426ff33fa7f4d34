"""Runs every fenced code block of README.md, docs/ and the packages' own README.md.

    python tests/snippets/run.py [DOCUMENT ...]

Each block is run in the language its fence names: python, js, rust, sh and html (a page in Chromium); json and
toml are parsed. A block that is not to be run says ```text; one that says ```text output holds what the block
before it must have printed. Blocks of one language in a document share their state, except for rust and html.
Prints "N passed, N failed" and ends with 1 on a failure, or if the documents hold no block of a language.
"""

import sys
import unittest
from pathlib import Path

import languages
from blocks import ROOT, Block, Result, read_blocks, shown

REQUIRED = {"python", "js", "rust", "sh", "html"}


def main(arguments: list[str]) -> int:
    documents = [Path(a).resolve() for a in arguments] or every_document()
    results: list[Result] = []
    ran: set[str] = set()
    for document in documents:
        blocks = read_blocks(document)
        ran |= {block.language for block in blocks}
        results += run_document(document, blocks)
    if not arguments:
        results += [
            Result(f"documents hold a {language} block", "no such block found")
            for language in sorted(REQUIRED - ran)
        ]
        results += own_tests()
    for result in results:
        if result.fault:
            print(f"FAILED {result.name}\n{result.fault.rstrip()}\n", file=sys.stderr)
    failed = sum(1 for result in results if result.fault)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def every_document() -> list[Path]:
    return [ROOT / "README.md", *sorted(ROOT.glob("*/README.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def run_document(document: Path, blocks: list[Block]) -> list[Result]:
    """One result a block: those of a language run together, then each is held against its promised output."""
    results: list[Result] = []
    by_language: dict[str, list[Block]] = {}
    for block in blocks:
        by_language.setdefault(block.language, []).append(block)
    for language, group in by_language.items():
        run = languages.RUNNERS.get(language)
        if run is None:
            results += [
                Result(block.name, f"no runner for ```{language}; mark it ```text if it is not to be run")
                for block in group
            ]
            continue
        print(f"snippets: {shown(document)}: {len(group)} {language}", file=sys.stderr, flush=True)
        outcomes = run(document, group)
        results += [
            Result(block.name, fault or output_fault(block, output))
            for block, (fault, output) in zip(group, outcomes, strict=True)
        ]
    return results


def own_tests() -> list[Result]:
    """The runner is itself tested in each run: a suite that cannot turn red proves nothing."""
    suite = unittest.defaultTestLoader.discover(str(Path(__file__).parent))
    outcome = unittest.TestResult()
    suite.run(outcome)
    faults = [Result(str(case), fault) for case, fault in outcome.failures + outcome.errors]
    return faults + [Result("test_run", "")] * (outcome.testsRun - len(faults))


def output_fault(block: Block, output: str | None) -> str:
    if block.output is None:
        return ""
    if output is None:
        return f"a {block.language} block cannot promise an output"
    if output.strip() != block.output.strip():
        return f"promised:\n{block.output}\nprinted:\n{output}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
