"""What is installed: types, licences, and the example of the README."""

import importlib.metadata
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import counterseal
from counterseal import _core

ROOT = Path(__file__).parents[1]


def test_the_stubs_match_the_module(tmp_path: Path) -> None:
    # Elsewhere, so that mypy's settings for this folder do not find the package a second time.
    env = {name: value for name, value in os.environ.items() if name != "MYPYPATH"}
    command = [sys.executable, "-m", "mypy.stubtest", "counterseal._core"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_licences_and_types_are_installed() -> None:
    files = {file.name: file for file in importlib.metadata.files("counterseal") or ()}
    for name in ("LICENSE-MIT", "LICENSE-APACHE"):
        assert files[name].read_text() == (ROOT / name).read_text()
    metadata = importlib.metadata.metadata("counterseal")
    assert metadata["License-Expression"] == "MIT OR Apache-2.0"
    assert Path(counterseal.__file__).with_name("py.typed").exists()
    assert Path(counterseal.__file__).with_name("_core.pyi").exists()


def test_one_version_everywhere() -> None:
    assert counterseal.__version__ == importlib.metadata.version("counterseal")


def test_all_is_exported_and_documented() -> None:
    assert set(_core.__all__) | {"CountersealError"} == set(counterseal.__all__)
    assert list(counterseal.__all__) == sorted(counterseal.__all__)
    for name in set(counterseal.__all__) - {"__version__"}:
        thing = getattr(counterseal, name)
        assert inspect.getdoc(thing), name
        assert thing.__module__ in ("counterseal", "counterseal.errors", "counterseal._core"), name
        for member, value in vars(thing).items() if isinstance(thing, type) else ():
            assert member.startswith("_") or inspect.getdoc(value), f"{name}.{member}"


def test_the_readme_runs() -> None:
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=True)
    assert done.stdout == "{'status': 'FINISHED'} engine-7\nreplayed 401\n"
