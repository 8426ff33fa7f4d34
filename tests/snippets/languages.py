"""How one document's blocks of a language are run: each runner answers (fault, output) a block."""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from blocks import ROOT, Block, shown

HERE = Path(__file__).resolve().parent
LIBRARIES = ("counterseal", "counterseal_shared", "counterseal_tower", "axum")
SECONDS = 600  # against a block that hangs; a first build of the crates is slow

Outcome = tuple[str, str | None]


def run_python(document: Path, group: list[Block]) -> list[Outcome]:
    """One fresh interpreter a document: the one that runs this, which must have `counterseal` installed."""
    blocks = [{"code": b.code, "line": b.line} for b in group]
    return driven(
        [sys.executable, str(HERE / "python_blocks.py")],
        {"document": shown(document), "blocks": blocks},
        group,
    )


def run_js(document: Path, group: list[Block]) -> list[Outcome]:
    """One ES module a document, read from standard input inside the package that `counterseal` names."""
    marked = "".join(f"console.log('\\0block');\n{block.code}" for block in group)
    done = run(["node", "--input-type=module", "-"], marked + "console.log('\\0block');\n", cwd=ROOT / "node")
    return between_marks(done, group)


def run_rust(document: Path, group: list[Block]) -> list[Outcome]:
    """Doc tests of the document itself, against the crates as cargo has just built them."""
    built = run(
        [
            "cargo",
            "build",
            "-q",
            "--locked",
            "-p",
            "counterseal",
            "-p",
            "counterseal-shared",
            "-p",
            "counterseal-tower",
            "--features",
            "counterseal-tower/redis",
            "--message-format=json",
        ],
        "",
        cwd=ROOT,
    )
    if built.returncode:
        return [(built.stderr, None)] * len(group)
    libraries = dict(built_libraries(built.stdout))
    externs = [word for name, path in libraries.items() for word in ("--extern", f"{name}={path}")]
    deps = Path(libraries["counterseal"]).parent / "deps"
    outcomes: list[Outcome] = []
    for block in group:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "block.md"
            page.write_text(f"```rust\n{block.code}```\n", encoding="utf-8")
            done = run(
                ["rustdoc", "--test", "--edition", "2024", "-L", f"dependency={deps}", *externs, str(page)],
                "",
                cwd=ROOT,
            )
        passed = done.returncode == 0 and "1 passed" in done.stdout
        outcomes.append(("" if passed else done.stdout + done.stderr, None))
    return outcomes


def run_sh(document: Path, group: list[Block]) -> list[Outcome]:
    """One shell a document, in an empty folder, with the `counterseal` command on its path. A command that fails ends it."""
    built = run(
        ["cargo", "build", "-q", "--locked", "-p", "counterseal-cli", "--message-format=json"], "", cwd=ROOT
    )
    if built.returncode:
        return [(built.stderr, None)] * len(group)
    artifacts = map(json.loads, built.stdout.splitlines())
    binary = next(Path(a["executable"]) for a in artifacts if a.get("executable"))
    path = f"{binary.parent}{os.pathsep}{os.environ['PATH']}"
    marked = "".join(f"printf '\\000block\\n'\n{block.code}" for block in group) + "printf '\\000block\\n'\n"
    with tempfile.TemporaryDirectory() as folder:
        done = run(["env", f"PATH={path}", "sh", "-euc", marked], "", cwd=Path(folder))
    return between_marks(done, group)


def run_html(document: Path, group: list[Block]) -> list[Outcome]:
    """Each block is a page of its own in Chromium; what it writes to the console is its output,
    and how much of it there must be tells when it is done."""
    blocks = [{"code": b.code, "lines": len((b.output or "").splitlines())} for b in group]
    return driven(["node", str(HERE / "page.mjs")], {"blocks": blocks}, group)


def parse_json(document: Path, group: list[Block]) -> list[Outcome]:
    return [parsed(json.loads, block) for block in group]


def parse_toml(document: Path, group: list[Block]) -> list[Outcome]:
    return [parsed(tomllib.loads, block) for block in group]


RUNNERS: dict[str, Callable[[Path, list[Block]], list[Outcome]]] = {
    "python": run_python,
    "js": run_js,
    "rust": run_rust,
    "sh": run_sh,
    "html": run_html,
    "json": parse_json,
    "toml": parse_toml,
}


def parsed(parse: Callable[[str], object], block: Block) -> Outcome:
    try:
        parse(block.code)
    except ValueError as fault:
        return str(fault), None
    return "", None


def between_marks(done: subprocess.CompletedProcess[str], group: list[Block]) -> list[Outcome]:
    """What each block printed before the next one's mark; one that did not come so far has failed."""
    printed = done.stdout.split("\0block\n")[1:]
    outcomes: list[Outcome] = []
    for index in range(len(group)):
        reached_the_end = len(printed) > index + 1
        outcomes.append(
            ("" if reached_the_end else done.stderr or "not reached", "".join(printed[index : index + 1]))
        )
    return outcomes


def driven(command: list[str], task: object, group: list[Block]) -> list[Outcome]:
    """Hands the blocks to a driver as JSON; it answers one {"fault", "output"} line for each block it reached."""
    done = run(command, json.dumps(task), cwd=ROOT)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    outcomes: list[Outcome] = [(answer["fault"], answer["output"]) for answer in answers]
    missing: Outcome = (done.stderr or "not reached", None)
    return outcomes + [missing] * (len(group) - len(outcomes))


def built_libraries(messages: str) -> list[tuple[str, str]]:
    """Name and path of each library among cargo's messages that a block may name."""
    found = []
    for message in map(json.loads, messages.splitlines()):
        if message["reason"] == "compiler-artifact" and message["target"]["name"] in LIBRARIES:
            found.append(
                (message["target"]["name"], next(f for f in message["filenames"] if f.endswith(".rlib")))
            )
    return found


def run(command: list[str], text: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUTF8": "1"}
    try:
        return subprocess.run(
            command,
            input=text,
            cwd=cwd,
            env=environment,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return subprocess.CompletedProcess(command, 1, "", str(fault))
