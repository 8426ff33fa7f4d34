"""Every signer's output to every verifier.

The signers must agree to the byte, and each verifier accept what each made.
"""

import base64
import json
from typing import Any

from answers import fault_of, ok_of, shape_fault
from http_requests import in_pieces, verifying
from inputs import CONTEXT, DERIVATIONS, NOW, SECRET, Input, all_inputs
from process import Probe
from report import Report
from stage import ask_all, each, judge, note, outvoted
from standalone import ERRORS, canonical
from vector import to_line

Made = list[tuple[Input, Any]]


def run_cross(probes: list[Probe], report: Report) -> None:
    """Fills the stage `signers agree` and every cell of the table."""
    inputs = all_inputs()
    secrets = derive(probes, report)
    made = sign(probes, report, inputs, secrets)
    for signer in report.languages:
        verify(probes, report, signer, made[signer], secrets)


def derive(probes: list[Probe], report: Report) -> dict[str, list[str]]:
    """The secrets that each language derives."""
    calls = [{"id": f"derive-{at}", "op": "derive", **parts} for at, parts in enumerate(DERIVATIONS)]
    answers = ask_all(probes, [to_line(call) for call in calls], "derivations")
    compare(report, calls, answers, "secret")
    return {language: [ok_of(answer, "secret") for answer in given] for language, given in answers.items()}


def sign(
    probes: list[Probe], report: Report, inputs: list[Input], secrets: dict[str, list[str]]
) -> dict[str, Made]:
    """What each language made of each input: pairs of the input and the output, None where there is none."""

    def lines(probe: Probe) -> list[bytes]:
        return [to_line({"id": one.id, **one.sign(secrets[probe.language])}) for one in inputs]

    answers = each(probes, lambda probe: probe.ask(lines(probe), "signatures"))
    for op, name in OUTPUT.items():
        chosen = [at for at, one in enumerate(inputs) if one.call["op"] == op]
        calls = [{"id": inputs[at].id, **inputs[at].call} for at in chosen]
        compare(
            report,
            calls,
            {language: [given[at] for at in chosen] for language, given in answers.items()},
            name,
        )
    return {
        language: [
            (one, ok_of(answer, OUTPUT[one.call["op"]])) for one, answer in zip(inputs, given, strict=True)
        ]
        for language, given in answers.items()
    }


def compare(
    report: Report, calls: list[dict[str, Any]], answers: dict[str, list[bytes | None]], name: str
) -> None:
    """Each must have made something, and all the same."""
    for at, call in enumerate(calls):
        given = {language: answers[language][at] for language in report.languages}
        faults = outvoted(given)
        for language, answer in given.items():
            if shape_fault(answer, call["id"]) or ok_of(answer, name) is None:
                faults[language] = f"made no {name}"
        judge(report, "signers agree", (call["id"], call["op"]), "the same of all", given, faults)


def verify(
    probes: list[Probe], report: Report, signer: str, made: Made, secrets: dict[str, list[str]]
) -> None:
    """Fills one row of the table. A signer that made nothing fails in every cell of its row."""
    usable = [(one, output) for one, output in made if output is not None]

    def questions(language: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        ring = secrets[language]
        single = [question for one, output in usable for question in questions_of(one, output, one.key(ring))]
        return [*single, batch(usable)]

    asked = {language: questions(language) for language in report.languages}
    lines = {language: [to_line(call) for call, _ in asked[language]] for language in asked}
    answers = each(probes, lambda probe: probe.ask(lines[probe.language], f"verdicts on {signer}"))
    for _ in range(len(made) - len(usable)):
        for verifier in report.languages:
            report.cell(signer, verifier).add(False)
    for at, (call, expected) in enumerate(asked[report.languages[0]]):
        given = {language: answers[language][at] for language in report.languages}
        faults = {language: fault_of(answer, call["id"], expected) for language, answer in given.items()}
        for verifier, fault in faults.items():
            report.cell(signer, verifier).add(fault is None)
        note(report, "cross", (f"{signer}'s {call['id']}", call["op"]), json.dumps(expected), given, faults)


def questions_of(one: Input, output: Any, key: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The calls that verify an output, in each form it can be given in, each with its answer."""
    call = one.call
    ring = {"keys": [key], "now": NOW + 5}
    if call["op"] == "token.issue":
        expected = {"ok": {"claims_text": canonical(json.loads(call["claims_text"]))}}
        policy = {"algorithms": [call["alg"]]}
        return [
            (
                {"id": one.id, "op": "token.verify", "token": output, "policy": policy, **ring, "now": NOW},
                expected,
            )
        ]
    proved = {"key_id": key["id"], "owner": key.get("owner", key["id"]), "ts": NOW, "nonce": call["nonce"]}
    if call["op"] == "request.sign":
        head = {"op": "request.verify", **verifying(call, output), **ring}
        forms = {"body": call["body"], "pieces": in_pieces(call["body"])}
        return [
            ({"id": f"{one.id} {form}", **head, form: value}, {"ok": proved}) for form, value in forms.items()
        ]
    expected = {"ok": {**proved, **body(call)}}
    common = {**ring, "context": call["context"]}
    if call["op"] == "parts.sign":
        parts = {
            "key_id": key["id"],
            "kind": call["kind"],
            "body": call["body"],
            "ts": NOW,
            "nonce": call["nonce"],
            "sig": output,
        }
        return [({"id": one.id, "op": "parts.verify", **parts, **common}, expected)]
    forms = {"packet_text": output, "packet": json.loads(output)}
    return [
        ({"id": f"{one.id} {form}", "op": "packet.verify", form: value, **common}, expected)
        for form, value in forms.items()
    ]


def body(call: dict[str, Any]) -> dict[str, str]:
    """What a verifier hands over of what was signed, by the stand-alone signer's canonical form."""
    if call.get("kind") == "bytes" or "data" in call:
        return {"data": call.get("body", call.get("data"))}
    if "body" in call:
        return {"payload_text": decoded(call["body"])}
    value = call["payload"] if "payload" in call else json.loads(call["payload_text"])
    return {"payload_text": canonical(value)}


def decoded(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def batch(usable: Made) -> tuple[dict[str, Any], dict[str, Any]]:
    """All packets of one context in one call, a forged one among them, each twice: the second is a replay."""
    packets, results = [], []
    for one, output in usable:
        call = one.call
        if call["op"] != "packet.sign" or call["context"] != CONTEXT or one.derived is not None:
            continue
        key = call["key"]
        good = {"key_id": key["id"], "owner": key["owner"], "ts": NOW, "nonce": call["nonce"], **body(call)}
        packets += [output.replace(f'"ts":{NOW}', f'"ts":{NOW + 1}', 1), output, output]
        results += [{"error": ERRORS["bad_signature"]}, {"ok": good}, {"error": ERRORS["replayed"]}]
    key = {"id": "engine-7", "secret": SECRET, "owner": "engine"}
    call = {
        "id": "batch",
        "op": "packet.verify_batch",
        "keys": [key],
        "packets": packets,
        "context": CONTEXT,
        "now": NOW,
    }
    return call, {"ok": {"results": results}}


OUTPUT = {
    "packet.sign": "packet_text",
    "parts.sign": "sig",
    "request.sign": "headers",
    "token.issue": "token",
}
