"""The conformance matrix: every vector in every implementation, every signer's output with every verifier.

python tests/runner/run.py [--only LANG[,LANG…]] [--html FILE] [--json FILE] [--probe LANG=COMMAND]
"""

import argparse
import io
import json
import shlex
import sys
import time
import unittest
from collections.abc import Callable
from pathlib import Path

from answers import fault_of, ok_of
from cross import run_cross
from hostile import run_hostile
from page import as_html
from process import REPOSITORY, Probe, command_of, notice
from report import LANGUAGES, Report, as_json, as_text
from stage import ask_all, judge
from standalone import ERRORS, codes_of_tests
from vector import Case, load, to_line


def main() -> int:
    options = arguments()
    languages = tuple(language for language in LANGUAGES if language in options.only)
    report = Report(languages)
    selftest(report)
    probes = [start(language, options.probe.get(language), report) for language in languages]
    cases = load(options.vectors)
    timed("vectors", lambda: run_vectors(probes, cases, report))
    timed("signers and verifiers", lambda: run_cross(probes, report))
    timed("hostile lines", lambda: run_hostile(probes, report))
    for probe in probes:
        probe.close()
        report.faults += [f"{probe.language}: {fault}" for fault in probe.faults]
    publish(report, options)
    return 0 if report.total().good else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Runs the conformance matrix; ends with 0 if every cell is as it must be."
    )
    parser.add_argument(
        "--only", nargs="+", action="extend", help="these implementations alone: " + ", ".join(LANGUAGES)
    )
    parser.add_argument("--html", type=Path, help="write the matrix as a page")
    parser.add_argument("--json", type=Path, help="write the matrix as data")
    parser.add_argument(
        "--vectors", type=Path, default=REPOSITORY / "tests" / "vectors", help="the folder of vector files"
    )
    parser.add_argument(
        "--probe", action="append", default=[], help="LANG=COMMAND: start this in place of cargo xtask probe"
    )
    options = parser.parse_args()
    options.only = [name for group in options.only or LANGUAGES for name in group.split(",")]
    options.probe = dict(given.partition("=")[::2] for given in options.probe)
    for name in [*options.only, *options.probe]:
        if name not in LANGUAGES:
            parser.error(f"{name!r} is none of {', '.join(LANGUAGES)}")
    return options


def selftest(report: Report) -> None:
    """A runner that cannot turn red proves nothing: its own tests come first."""
    suite = unittest.defaultTestLoader.discover(str(Path(__file__).parent))
    output = io.StringIO()
    result = unittest.TextTestRunner(output).run(suite)
    report.selftest.passed = result.testsRun - len(result.failures) - len(result.errors)
    report.selftest.failed = len(result.failures) + len(result.errors)
    if not report.selftest.good:
        report.faults.append(f"the runner's own tests failed:\n{output.getvalue()}")


def start(language: str, command: str | None, report: Report) -> Probe:
    """Starts a probe and waits for its first answer: one at a time, since they build what they share."""
    words = shlex.split(command) if command else command_of(language)
    notice(f"{language}: starting {shlex.join(words)}")
    begun = time.monotonic()
    probe = Probe(language, words)
    answer = probe.start(to_line({"id": "about", "op": "probe.about"}))
    about = {name: value for name in ABOUT if isinstance(value := ok_of(answer, name), str)}
    report.about[language] = about
    report.faults += [f"{language}: {fault}" for fault in about_faults(language, about)]
    notice(f"{language}: {about.get('runtime', 'no answer')} after {time.monotonic() - begun:.1f} s")
    return probe


def about_faults(language: str, about: dict[str, str]) -> list[str]:
    """Whether a probe runs on what its row of the table claims."""
    engine, addon = about.get("engine"), about.get("addon")
    faults = [] if "runtime" in about else ["it did not say what it runs on"]
    if engine != ENGINES[language]:
        faults.append(f"it runs on the engine {engine!r}, which must be {ENGINES[language]!r}")
    if ENGINES[language] == "native" and not addon:
        faults.append("it names no file of a native addon")
    if language == "chromium" and "Chrome/" not in about.get("user_agent", ""):
        faults.append("its user agent is not Chromium's")
    return faults


def run_vectors(probes: list[Probe], cases: list[Case], report: Report) -> None:
    if not cases:
        report.faults.append("there is no vector")
    answers = ask_all(probes, [case.line() for case in cases], "vectors")
    for at, case in enumerate(cases):
        given = {language: answers[language][at] for language in report.languages}
        expected = case.expected()
        faults = {language: fault_of(answer, case.id, expected) for language, answer in given.items()}
        judge(report, "vectors", (case.id, case.comment), json.dumps(expected), given, faults)
    if missing := set(ERRORS) - codes_of(cases) - codes_of_tests(REPOSITORY):
        report.faults.append(f"no vector and no named test produces {', '.join(sorted(missing))}")


def codes_of(cases: list[Case]) -> set[str]:
    """Every code that a case expects, alone or in a batch."""
    codes = {case.expect["error"] for case in cases if "error" in case.expect}
    for case in cases:
        results = case.expect.get("ok", {}).get("results", [])
        codes |= {result["error"]["code"] for result in results if "error" in result}
    return codes


def timed(title: str, work: Callable[[], None]) -> None:
    begun = time.monotonic()
    notice(f"{title} …")
    work()
    notice(f"{title}: {time.monotonic() - begun:.1f} s")


def publish(report: Report, options: argparse.Namespace) -> None:
    for path, content in ((options.html, as_html), (options.json, as_json)):
        if path:
            path.write_text(content(report), "utf-8")
            notice(f"written: {path}")
    print(as_text(report))


ABOUT = ("language", "runtime", "engine", "addon", "user_agent", "version")
ENGINES = {
    "rust": "rust",
    "python": "native",
    "node": "native",
    "wasm": "wasm",
    "client": "wasm",
    "chromium": "wasm",
}

if __name__ == "__main__":
    sys.exit(main())
