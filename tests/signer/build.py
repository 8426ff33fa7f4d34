"""Writes tests/vectors/*.json; with --check, compares instead and ends with 1 where a committed file differs.

Python 3.11, standard library only. It shares nothing with the product and never runs it.
"""

import difflib
import importlib
import json
import pkgutil
import sys
from pathlib import Path

import cases
import schema
from errors import ERRORS, codes_of_tests

TESTS = Path(__file__).resolve().parent.parent
VECTORS = TESTS / "vectors"
MAKERS = ("guard.new", "session.server", "session.client")


def main(arguments):
    """The exit status."""
    if arguments not in ([], ["--check"]):
        print("usage: build.py [--check]", file=sys.stderr)
        return 2
    subjects = load()
    faults = list(problems(subjects))
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    files = {f"{subject.name}.json": rendered(subject) for subject in subjects}
    count = sum(len(subject.cases) for subject in subjects)
    if arguments:
        return report(stale(files), count)
    write(files)
    print(f"{count} cases in {len(files)} files")
    return 0


def load():
    """Every subject that the modules of `cases` declare."""
    modules = [
        importlib.import_module(f"cases.{module.name}") for module in pkgutil.iter_modules(cases.__path__)
    ]
    return [subject for module in modules for subject in module.SUBJECTS]


def problems(subjects):
    """What is wrong with the cases as a whole."""
    closed = json.loads((TESTS / "schema" / "vectors.schema.json").read_text("utf-8"))
    for subject in subjects:
        yield from (f"{subject.name}: {line}" for line in schema.violations(closed, subject.document()))
        yield from repeated(subject)
    yield from shared_names(subjects)
    reached = {case["expect"].get("error") for subject in subjects for case in subject.cases}
    reached |= codes_of_tests(TESTS.parent)
    yield from (f"no case is refused with {code}" for code in ERRORS if code not in reached)


def repeated(subject):
    """Cases whose call stands twice, where no guard and no session could tell the two apart."""
    seen = {}
    for case in subject.cases:
        call = json.dumps(case["call"], sort_keys=True)
        if not name_of(case["call"]) and call in seen:
            yield f"{case['id']}: the call of {seen[call]} again"
        seen[call] = case["id"]


def shared_names(subjects):
    """Names of guards and sessions that two files make."""
    makers = {}
    for subject in subjects:
        for name in {name_of(case["call"]) for case in subject.cases if case["call"]["op"] in MAKERS}:
            maker = makers.setdefault(name, subject.name)
            if maker != subject.name:
                yield f"{name} is made by {maker} and by {subject.name}"


def name_of(call):
    """The name of the guard or the session that a call is about."""
    name = call["name"] if call["op"] == "guard.new" else call.get("guard") or call.get("session")
    return name if isinstance(name, str) else None


def rendered(subject):
    """The file's text: a case a line, everything beyond ASCII escaped, so that nothing in it is invisible."""
    lines = ",\n".join(json.dumps(case) for case in subject.cases)
    return f'{{"title": {json.dumps(subject.title)}, "cases": [\n{lines}\n]}}\n'


def write(files):
    """Makes the folder hold exactly these files."""
    VECTORS.mkdir(exist_ok=True)
    for path in VECTORS.glob("*.json"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (VECTORS / name).write_text(text, "utf-8")


def stale(files):
    """The difference between the committed files and these, as lines."""
    committed = {path.name: path.read_text("utf-8") for path in VECTORS.glob("*.json")}
    for name in sorted(files.keys() | committed.keys()):
        old, new = (texts.get(name, "").splitlines() for texts in (committed, files))
        yield from difflib.unified_diff(old, new, f"committed/{name}", f"generated/{name}", lineterm="", n=0)


def report(difference, count):
    """Prints the difference; the exit status."""
    lines = [line if len(line) <= 300 else line[:300] + "…" for line in difference]
    print("\n".join(lines) if lines else f"{count} cases are fresh")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
