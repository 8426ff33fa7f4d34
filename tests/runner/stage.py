"""The same questions to all probes at once, and the judging of one question's answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from answers import same_answers
from probe import Probe
from report import Disagreement, Report

Answers = dict[str, bytes | None]


def ask_all(probes: list[Probe], lines: list[bytes], what: str) -> dict[str, list[bytes | None]]:
    """The answers of each probe to the same lines."""
    return each(probes, lambda probe: probe.ask(lines, what))


def each(probes: list[Probe], work: Callable[[Probe], Any]) -> dict[str, Any]:
    """Does the work for every probe at the same time."""
    with ThreadPoolExecutor(len(probes)) as pool:
        return dict(zip([probe.language for probe in probes], pool.map(work, probes)))


def judge(
    report: Report, stage: str, name: tuple[str, str], expected: str, answers: Answers, faults: dict[str, str | None]
) -> None:
    """Counts one question in a stage; where someone is at fault, keeps all answers."""
    for language in answers:
        report.count(stage, language).add(faults[language] is None)
    wrong = {language: fault for language, fault in faults.items() if fault is not None}
    if wrong:
        report.disagreements.append(Disagreement(stage, *name, expected, shown(answers), wrong))


def shown(answers: Answers) -> dict[str, str]:
    return {language: (answer or b"nothing").decode("utf-8", "replace").rstrip("\n") for language, answer in answers.items()}


def outvoted(answers: Answers) -> dict[str, str | None]:
    """Who says something else than most do. No one, if all say the same; all, if there is no majority."""
    votes = {one: sum(same_answers([answer, other]) for other in answers.values()) for one, answer in answers.items()}
    return {
        language: None if votes[language] * 2 > len(answers) else "not what the others say" for language in answers
    }
