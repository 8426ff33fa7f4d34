"""The runner itself: a doctored answer, a silent probe and an empty cell must each turn it red."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

from answers import fault_of, said_by
from cross import batch, questions_of
from inputs import all_inputs
from page import as_html
from process import REPOSITORY, Probe
from report import LANGUAGES, STAGES, Report, as_json, as_text
from run import about_faults, codes_of, run_vectors
from stage import outvoted
from standalone import NAMED_TESTS, codes_of_tests
from vector import Case, expand, load

HERE = Path(__file__).resolve().parent
OK = {"id": "a", "ok": {"ts": 1, "flag": True}}
ERROR = {"id": "a", "error": {"code": "replayed", "class": "unauthorized", "status": 401}}


def answer(value: object) -> bytes:
    return json.dumps(value).encode()


def fake(manner: str = "well", patience: float = 20.0) -> Probe:
    return Probe("rust", [sys.executable, str(HERE / "fake_probe.py"), manner], patience)


def full_report() -> Report:
    """A report in which every cell has passed."""
    report = Report(LANGUAGES)
    report.selftest.add(True)
    for one in LANGUAGES:
        for stage in STAGES:
            report.count(stage, one).add(True)
        for other in LANGUAGES:
            report.cell(one, other).add(True)
    return report


class Answers(unittest.TestCase):
    def test_the_expected_answers_pass(self) -> None:
        self.assertIsNone(fault_of(answer(OK), "a", {"ok": {"flag": True, "ts": 1}}))
        self.assertIsNone(fault_of(answer(ERROR), "a", {"error": "replayed"}))

    def test_a_doctored_answer_fails(self) -> None:
        for ok in (
            {"ts": 2, "flag": True},
            {"ts": 1},
            {"ts": 1.0, "flag": True},
            {"ts": 1, "flag": 1},
            {**OK["ok"], "more": 0},
            None,
        ):
            self.assertIsNotNone(fault_of(answer({"id": "a", "ok": ok}), "a", {"ok": OK["ok"]}), ok)
        self.assertIsNotNone(fault_of(answer(OK), "a", {"error": "replayed"}))
        self.assertIsNotNone(fault_of(answer(ERROR), "a", {"error": "expired"}))
        self.assertIsNotNone(fault_of(answer(ERROR), "a", {"ok": {}}))

    def test_class_status_and_members_are_held_to_the_list(self) -> None:
        for change in (
            {"class": "invalid"},
            {"status": 400},
            {"status": "401"},
            {"code": "probe_fault"},
            {"detail": ""},
        ):
            doctored = {"id": "a", "error": {**ERROR["error"], **change}}
            self.assertIsNotNone(fault_of(answer(doctored), "a", {"error": "replayed"}), change)
        for doctored in ({**OK, "id": "b"}, {**OK, "note": 1}, {**OK, **ERROR}, {"id": "a"}, [], 1):
            self.assertIsNotNone(fault_of(answer(doctored), "a", {"ok": OK["ok"]}), doctored)
        for raw in (None, b"", b"nonsense"):
            self.assertIsNotNone(fault_of(raw, "a", {"ok": OK["ok"]}))

    def test_sentences_are_free_but_must_be_there(self) -> None:
        row = {"code": "x", "class": "y", "status": 1}
        expected = {"ok": {"codes": [row]}}
        self.assertIsNone(
            fault_of(answer({"id": "a", "ok": {"codes": [{**row, "sentence": "So."}]}}), "a", expected)
        )
        for sentence in ({}, {"sentence": ""}, {"sentence": 5}):
            self.assertIsNotNone(
                fault_of(answer({"id": "a", "ok": {"codes": [{**row, **sentence}]}}), "a", expected), sentence
            )

    def test_the_majority_names_who_differs(self) -> None:
        self.assertEqual(said_by(b'{"a":1,"b":2}'), said_by(b'{"b":2, "a":1}'))
        answers = {"rust": b"1", "python": b"1", "node": b"2", "wasm": b"1", "chromium": None}
        faults = outvoted(answers)
        self.assertEqual([one for one, fault in faults.items() if fault], ["node", "chromium"])
        self.assertTrue(all(outvoted({"rust": b"1", "python": b"2"}).values()))


class Running(unittest.TestCase):
    def test_a_good_probe_answers_in_order_and_ends_well(self) -> None:
        probe = fake()
        lines = [answer({"id": str(at), "say": "x" * 100_000}) for at in range(50)]
        self.assertEqual(
            [json.loads(one)["id"] for one in probe.ask(lines, "")], [str(at) for at in range(50)]
        )
        probe.close()
        self.assertEqual(probe.faults, [])

    def test_a_probe_that_stops_leaves_the_rest_unanswered(self) -> None:
        probe = fake()
        given = probe.ask([answer({"id": "a"}), answer({"id": "b", "stop": 1}), answer({"id": "c"})], "")
        self.assertEqual([one is None for one in given], [False, True, True])
        self.assertEqual(probe.ask([answer({"id": "d"})], ""), [None])
        self.assertTrue(probe.faults)

    def test_a_probe_that_talks_on_or_ends_badly_is_at_fault(self) -> None:
        for manner in ("talks on", "ends badly"):
            probe = fake(manner)
            probe.ask([answer({"id": "a"})], "")
            probe.close()
            self.assertTrue(probe.faults, manner)

    def test_a_silent_probe_is_given_up(self) -> None:
        probe = Probe("rust", [sys.executable, "-c", "import sys; sys.stdin.read()"], patience=0.05)
        self.assertEqual(probe.ask([b"{}"], ""), [None])
        self.assertTrue(probe.faults)

    def test_one_wrong_answer_turns_the_vectors_red(self) -> None:
        probe, report = fake(), Report(("rust",))
        cases = [Case(name, "", {"say": {"n": 1}}, {"ok": {"n": n}}) for name, n in (("a", 1), ("b", 2))]
        run_vectors([probe], cases, report)
        probe.close()
        self.assertEqual(
            (report.count("vectors", "rust").passed, report.count("vectors", "rust").failed), (1, 1)
        )
        self.assertEqual([one.id for one in report.disagreements], ["b"])


class Reports(unittest.TestCase):
    def test_a_full_report_is_green(self) -> None:
        report = full_report()
        self.assertTrue(report.total().good)
        self.assertTrue(as_text(report).endswith(f"{report.total().passed} passed, 0 failed"))
        self.assertEqual(json.loads(as_json(report))["failed"], 0)
        self.assertIn('class="verdict good"', as_html(report))

    def test_an_empty_or_failed_cell_a_fault_and_an_idle_stage_are_red(self) -> None:
        for spoil in (
            lambda report: report.cells.pop(("node", "wasm")),
            lambda report: report.cell("node", "wasm").add(False),
            lambda report: report.faults.append("x"),
            lambda report: report.stages["vectors"].pop("chromium"),
            lambda report: report.selftest.add(False),
        ):
            report = full_report()
            spoil(report)
            self.assertFalse(report.total().good)
            self.assertNotIn(" 0 failed", as_text(report))
            self.assertIn('class="verdict bad"', as_html(report))

    def test_a_row_must_run_on_what_it_claims(self) -> None:
        native = {"runtime": "Node 20", "engine": "native", "addon": "counterseal.node"}
        self.assertEqual(about_faults("node", native), [])
        for change in ({"engine": "wasm"}, {"addon": ""}, {"engine": ""}):
            self.assertTrue(about_faults("node", {**native, **change}), change)
        self.assertTrue(about_faults("chromium", {"runtime": "x", "engine": "wasm", "user_agent": "node"}))
        self.assertTrue(about_faults("wasm", native))
        self.assertTrue(about_faults("rust", {}))


class Cases(unittest.TestCase):
    def test_described_texts_are_expanded(self) -> None:
        self.assertEqual(expand({"a": {"concat": ["x", {"repeat": ["[", 3]}]}}), {"a": "x[[["})
        for value in ({"repeat": 1}, {"repeat": ["x", 1], "more": 0}, {"concat": [1]}, {"repeat": [1, 2]}):
            self.assertEqual(expand(value), value)

    def test_a_folder_without_vectors_is_red(self) -> None:
        self.assertEqual(load(HERE), [])
        probe, report = fake(), Report(("rust",))
        run_vectors([probe], [], report)
        probe.close()
        self.assertIn("there is no vector", report.faults)
        self.assertIn("vectors: rust was asked nothing", report.all_faults())

    def test_codes_are_found_alone_and_in_batches(self) -> None:
        cases = [
            Case("a", "", {}, {"error": "expired"}),
            Case("b", "", {}, {"ok": {"results": [{"ok": {}}, {"error": {"code": "replayed"}}]}}),
        ]
        self.assertLessEqual({"expired", "replayed"}, codes_of(cases))

    def test_a_code_without_a_vector_needs_its_named_test(self) -> None:
        self.assertEqual(codes_of_tests(REPOSITORY), set(NAMED_TESTS))
        with tempfile.TemporaryDirectory() as folder:
            for file, name in NAMED_TESTS.values():
                path = Path(folder) / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"// {name}", "utf-8")
            self.assertEqual(codes_of_tests(Path(folder)), set())

    def test_inputs_have_ids_of_their_own_and_a_question_each(self) -> None:
        inputs = all_inputs()
        self.assertEqual(len({one.id for one in inputs}), len(inputs))
        packet = '{"v":1,"ts":1708167234}'
        for one in inputs:
            self.assertTrue(questions_of(one, packet, one.key(["", "", ""])))
        call, expected = batch([(one, packet) for one in inputs])
        self.assertEqual(len(call["packets"]), len(expected["ok"]["results"]))
        self.assertGreater(len(call["packets"]), 30)


if __name__ == "__main__":
    unittest.main()
