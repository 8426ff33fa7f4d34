"""docs/dependencies.md names what the manifests name, no more and no less."""

import json
import re
import tomllib
import unittest
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (`[^|]+`) \|", re.MULTILINE)
REQUIREMENT = re.compile(r"^[A-Za-z0-9._-]+")


class Dependencies(unittest.TestCase):
    def test_each_is_explained_once(self) -> None:
        page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
        explained = [name for row in ROW.findall(page) for name in re.findall(r"`([^`]+)`", row)]
        self.assertEqual(sorted(explained), sorted(set(explained)), "named twice")
        needed = of_cargo() | of_npm() | built_with() | peers()
        self.assertEqual(needed - set(explained), set(), "not explained")
        # The requirements pin what is needed indirectly too, which needs no word.
        self.assertEqual(set(explained) - needed - required(), set(), "no longer there")


def of_cargo() -> set[str]:
    own: set[str] = set()
    names: set[str] = set()
    for path in cargo_manifests():
        manifest = read(path)
        own.add(manifest["package"]["name"])
        for table in [manifest, *manifest.get("target", {}).values()]:
            for kind in ("dependencies", "dev-dependencies", "build-dependencies"):
                names |= {
                    value.get("package", name) if isinstance(value, dict) else name
                    for name, value in table.get(kind, {}).items()
                }
    return names - own


def cargo_manifests() -> list[Path]:
    tracked = ("core", "bindings", "python", "node", "wasm", "tests", "xtask", "examples")
    found = [path for folder in tracked for path in (ROOT / folder).rglob("Cargo.toml")]
    return [path for path in found if not {"node_modules", "target"} & set(path.relative_to(ROOT).parts)]


def of_npm() -> set[str]:
    names: set[str] = set()
    own = {"counterseal", "@counterseal/wasm"}
    bench = ROOT / "xtask" / "bench" / "node" / "package.json"
    for path in [*ROOT.glob("*/package.json"), *ROOT.glob("examples/*/package.json"), bench]:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for kind in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
            names |= set(manifest.get(kind, {}))
    return names - own


def built_with() -> set[str]:
    return named(read(ROOT / "python" / "pyproject.toml")["build-system"]["requires"])


def peers() -> set[str]:
    """What the bench compares with, in Python."""
    return named((ROOT / "xtask/bench/python/requirements.txt").read_text(encoding="utf-8").splitlines())


def required() -> set[str]:
    places = ("python/requirements*.txt", "examples/*/requirements.txt", "tests/*/requirements.txt")
    files = [path for place in places for path in ROOT.glob(place)]
    return named(line for path in files for line in path.read_text(encoding="utf-8").splitlines())


def named(requirements: Iterable[str]) -> set[str]:
    return {found.group() for line in requirements if (found := REQUIREMENT.match(line))}


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
