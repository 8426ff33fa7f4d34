"""What a run found: counts, the table of signers and verifiers, every answer to what was disputed."""

import json
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("rust", "python", "node", "wasm", "client", "chromium")


@dataclass
class Count:
    passed: int = 0
    failed: int = 0

    def add(self, good: bool) -> None:
        if good:
            self.passed += 1
        else:
            self.failed += 1

    @property
    def good(self) -> bool:
        """A count of nothing is not good."""
        return self.passed > 0 and self.failed == 0

    def __str__(self) -> str:
        return str(self.passed) if self.good else f"{self.passed} ({self.failed} failed)"


@dataclass
class Disagreement:
    """A question that not all answered as they must."""

    stage: str
    id: str
    comment: str
    expected: str
    answers: dict[str, str]
    faults: dict[str, str]


@dataclass
class Report:
    """All that a run found; `languages` are those that took part."""

    languages: tuple[str, ...]
    about: dict[str, dict[str, Any]] = field(default_factory=dict)
    selftest: Count = field(default_factory=Count)
    stages: dict[str, dict[str, Count]] = field(default_factory=dict)
    cells: dict[tuple[str, str], Count] = field(default_factory=dict)
    disagreements: list[Disagreement] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def count(self, stage: str, language: str) -> Count:
        return self.stages.setdefault(stage, {}).setdefault(language, Count())

    def cell(self, signer: str, verifier: str) -> Count:
        return self.cells.setdefault((signer, verifier), Count())

    def counts(self) -> list[Count]:
        rows = [count for row in self.stages.values() for count in row.values()]
        return [self.selftest, *rows, *self.cells.values()]

    def all_faults(self) -> list[str]:
        """What is wrong beyond single answers: an empty cell is as bad as a wrong one."""
        empty = [
            f"the cell of signer {signer} and verifier {verifier} is empty"
            for signer in self.languages
            for verifier in self.languages
            if self.cell(signer, verifier).passed + self.cell(signer, verifier).failed == 0
        ]
        idle = [
            f"{stage}: {language} was asked nothing"
            for stage in STAGES
            for language in self.languages
            if self.count(stage, language).passed + self.count(stage, language).failed == 0
        ]
        return self.faults + empty + idle

    def total(self) -> Count:
        counts = self.counts()
        failed = sum(count.failed for count in counts) + len(self.all_faults())
        return Count(sum(count.passed for count in counts), failed)

    @property
    def complete(self) -> bool:
        return self.languages == LANGUAGES


STAGES = ("vectors", "signers agree", "hostile lines")


def as_text(report: Report) -> str:
    """The tables, the disagreements and the closing line, for a terminal."""
    parts = [runtimes(report), stages(report), matrix(report)]
    parts += [disagreement_text(one) for one in report.disagreements[:SHOWN]]
    if len(report.disagreements) > SHOWN:
        parts.append(f"… and {len(report.disagreements) - SHOWN} more disagreements")
    parts += [f"!! {fault}" for fault in report.all_faults()]
    if not report.complete:
        parts.append(f"Only {', '.join(report.languages)}: this is not the whole matrix.")
    total = report.total()
    return "\n\n".join(parts) + f"\n\n{total.passed} passed, {total.failed} failed"


def runtimes(report: Report) -> str:
    return "\n".join(f"{language:10}{runtime(report, language)}" for language in report.languages)


def runtime(report: Report, language: str) -> str:
    about = report.about.get(language, {})
    names = ("runtime", "engine", "addon", "user_agent")
    return " · ".join(str(about[name]) for name in names if name in about) or "did not say"


def stages(report: Report) -> str:
    rows = [
        [stage, *(str(report.count(stage, language)) for language in report.languages)] for stage in STAGES
    ]
    return table([["", *report.languages], *rows])


def matrix(report: Report) -> str:
    rows = [
        [signer, *(str(report.cell(signer, verifier)) for verifier in report.languages)]
        for signer in report.languages
    ]
    return table([["signer ╲ verifier", *report.languages], *rows])


def table(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(lines)


def disagreement_text(one: Disagreement) -> str:
    lines = [f"!! {one.stage} {one.id}: {one.comment}", f"   {'expected':10}{shorten(one.expected)}"]
    for language, answer in one.answers.items():
        fault = f"   <- {one.faults[language]}" if language in one.faults else ""
        lines.append(f"   {language:10}{shorten(answer)}{fault}")
    return "\n".join(lines)


def shorten(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}… ({len(text)} characters)"


def as_json(report: Report) -> str:
    total = report.total()
    data = {
        "languages": report.languages,
        "complete": report.complete,
        "about": report.about,
        "stages": {
            stage: {name: vars(count) for name, count in row.items()} for stage, row in report.stages.items()
        },
        "matrix": {
            signer: {verifier: vars(report.cell(signer, verifier)) for verifier in report.languages}
            for signer in report.languages
        },
        "disagreements": [vars(one) for one in report.disagreements],
        "faults": report.all_faults(),
        "passed": total.passed,
        "failed": total.failed,
    }
    return json.dumps(data, indent=2) + "\n"


SHOWN = 40
WIDTH = 240
