"""The page shows each row once, with what is wrong with it, and nothing that a peer wrote as markup."""

import re

from mesh.page import page
from mesh.scenes import Row

ROWS = [
    Row("gateway", "POST vault /execute", "flight-1", None, 200, "{}", [], []),
    Row("gateway", "POST vault /execute", "flight-2", "body_mismatch", 401, "{}", ["body_mismatch"], []),
    Row(
        "gateway",
        "POST vault /execute",
        "flight-3",
        "store_unavailable",
        503,
        "{}",
        ["store_unavailable"],
        [],
    ),
    Row("back-office", "POST vault /execute", "flight-4", "caller_not_allowed", 403, "{}", [], []),
    Row("anyone", "POST vault /execute", "flight-5", "unknown_key", 401, "<script>x</script>", [], []),
]
SOUND = {"records": 7, "fault": None}
BROKEN = {"records": 7, "fault": {"line": 3, "reason": "changed"}}
VERIFIED = {"vault": {"as written": SOUND, "a refusal changed": BROKEN}}


def test_each_row_stands_in_one_section() -> None:
    shown = page([(row, []) for row in ROWS], VERIFIED, [])
    assert re.findall(r"flight-\d", shown) == ["flight-1", "flight-2", "flight-4", "flight-5", "flight-3"]
    assert "What was signed was carried out" in shown
    assert "does not verify: line 3 is changed" in shown


def test_what_a_peer_wrote_is_no_markup_and_what_is_wrong_is_told() -> None:
    shown = page([(row, ["<b>wrong</b>"]) for row in ROWS], VERIFIED, ["<b>all</b> wrong"])
    assert "<script" not in shown
    assert "<b>" not in shown
    assert shown.count("&lt;b&gt;wrong&lt;/b&gt;") == len(ROWS)
    assert "&lt;b&gt;all&lt;/b&gt; wrong" in shown
    assert "Something is not as it must be" in shown
