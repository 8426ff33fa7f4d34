"""The same questions to all probes at once, and the judging of one question's answers."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from answers import said_by
from process import Probe
from report import Disagreement, Report

Answers = dict[str, bytes | None]


def ask_all(probes: list[Probe], lines: list[bytes], what: str) -> dict[str, list[bytes | None]]:
    """The answers of each probe to the same lines."""
    return each(probes, lambda probe: probe.ask(lines, what))


def each(probes: list[Probe], work: Callable[[Probe], Any]) -> dict[str, Any]:
    """Does the work for every probe at the same time."""
    with ThreadPoolExecutor(len(probes)) as pool:
        return dict(zip([probe.language for probe in probes], pool.map(work, probes), strict=True))


def judge(
    report: Report,
    stage: str,
    name: tuple[str, str],
    expected: str,
    answers: Answers,
    faults: dict[str, str | None],
) -> None:
    """Counts one question in a stage; where someone is at fault, keeps all answers."""
    for language in answers:
        report.count(stage, language).add(faults[language] is None)
    note(report, stage, name, expected, answers, faults)


def note(
    report: Report,
    stage: str,
    name: tuple[str, str],
    expected: str,
    answers: Answers,
    faults: dict[str, str | None],
) -> None:
    """Keeps all answers to one question, if someone is at fault."""
    wrong = {language: fault for language, fault in faults.items() if fault is not None}
    if wrong:
        shown = {
            language: clip((answer or b"nothing").decode("utf-8", "replace"))
            for language, answer in answers.items()
        }
        line_id, comment = map(clip, name)
        report.disagreements.append(Disagreement(stage, line_id, comment, clip(expected), shown, wrong))


def clip(text: str) -> str:
    """A text that can be written anywhere, and is not too long."""
    text = text.rstrip("\n").encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= KEPT else f"{text[:KEPT]}… ({len(text)} characters)"


def outvoted(answers: Answers) -> dict[str, str | None]:
    """Who says something else than most do. No one, if all say the same; all, if there is no majority."""
    said = {language: said_by(answer) for language, answer in answers.items()}
    votes = Counter(text for text in said.values() if text is not None)
    return {
        language: None if votes[text] * 2 > len(answers) else "not what the others say"
        for language, text in said.items()
    }


KEPT = 2_000
