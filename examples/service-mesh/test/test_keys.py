"""The files of keys: each service's own, for its owner's eyes."""

import json
import stat
from pathlib import Path

import pytest
from conftest import Start

from mesh.keys import PAIRS, Keys
from mesh.program import Failed


def test_a_service_has_the_keys_it_shares_and_no_other(tmp_path: Path) -> None:
    files = Keys().write(tmp_path)
    held = {
        name: {entry["id"] for entry in json.loads(file.read_text())["keys"]} for name, file in files.items()
    }
    for name in ("console", "back-office", "heartbeat", "gateway", "vault"):
        assert held[name] == {pair.id for pair in PAIRS if name in (pair.caller, pair.callee)}
    assert held["stranger"] == set()
    assert held["thief"] == {"gateway-1"}


def test_a_file_of_keys_is_its_owners_alone_and_new_each_time(tmp_path: Path) -> None:
    files = Keys().write(tmp_path)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files.values()} == {0o600}
    with pytest.raises(FileExistsError):
        Keys().write(tmp_path)
    secrets = Keys().texts() + Keys().texts()
    assert len(set(secrets)) == len(secrets) == 2 * len(PAIRS)


@pytest.mark.parametrize("service", ["vault", "gateway"])
def test_a_file_of_keys_that_others_can_read_is_not_taken(
    start: Start, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Keys.write

    def write_for_all(keys: Keys, folder: Path) -> dict[str, Path]:
        files = write(keys, folder)
        files[service].chmod(0o640)
        return files

    monkeypatch.setattr(Keys, "write", write_for_all)
    with pytest.raises(Failed, match="chmod 600"), start():
        pass
