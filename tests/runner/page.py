"""The report as one self-contained page, for light and dark screens."""

from html import escape

from report import SHOWN, STAGES, Count, Disagreement, Report, runtime, shorten


def as_html(report: Report) -> str:
    """The page; it needs nothing but itself."""
    total = report.total()
    body = "".join(
        [
            f"<header><h1>Counterseal conformance</h1>{verdict(report, total)}</header>",
            section("Signer × verifier", MATRIX_NOTE, matrix(report)),
            section("Questions put to all", STAGES_NOTE, stages(report)),
            section("What each row ran on", "", runtimes(report)),
            faults(report),
            disagreements(report),
        ]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Counterseal conformance</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def verdict(report: Report, total: Count) -> str:
    mood = "good" if total.good else "bad"
    text = "Every cell is as it must be." if total.good else "Some cells are not as they must be."
    part = "" if report.complete else f" Only {escape(', '.join(report.languages))} took part: this is not the whole matrix."
    return f'<p class="verdict {mood}"><strong>{total.passed:,} passed, {total.failed:,} failed.</strong> {text}{part}</p>'


def section(title: str, note: str, content: str) -> str:
    note = f'<p class="note">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{note}<div class=scroll>{content}</div></section>"


def matrix(report: Report) -> str:
    rows = [[cell(report.cell(signer, verifier)) for verifier in report.languages] for signer in report.languages]
    return table("signer ╲ verifier", report.languages, report.languages, rows)


def stages(report: Report) -> str:
    rows = [[cell(report.count(stage, language)) for language in report.languages] for stage in STAGES]
    return table("", report.languages, STAGES, rows)


def table(corner: str, columns: tuple[str, ...], names: tuple[str, ...], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(f'<tr><th scope="row">{escape(name)}</th>{"".join(row)}</tr>' for name, row in zip(names, rows))
    return f'<table><thead><tr><th class="corner">{escape(corner)}</th>{head}</tr></thead><tbody>{body}</tbody></table>'


def cell(count: Count) -> str:
    if count.good:
        return f'<td class="good"><b>{count.passed:,}</b><span>all passed</span></td>'
    if count.failed:
        return f'<td class="bad"><b>{count.failed:,}</b><span>of {count.passed + count.failed:,} failed</span></td>'
    return '<td class="bad"><b>–</b><span>empty</span></td>'


def runtimes(report: Report) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(language)}</th><td class="text">{escape(runtime(report, language))}</td></tr>'
        for language in report.languages
    )
    return f"<table class=plain><tbody>{rows}</tbody></table>"


def faults(report: Report) -> str:
    given = report.all_faults()
    if not given:
        return ""
    return section("Faults", "", "<ul>" + "".join(f"<li><pre>{escape(fault)}</pre></li>" for fault in given) + "</ul>")


def disagreements(report: Report) -> str:
    if not report.disagreements:
        return ""
    shown = "".join(disagreement(one) for one in report.disagreements[:SHOWN])
    rest = len(report.disagreements) - SHOWN
    note = f"The first {SHOWN}; {rest} more are not shown." if rest > 0 else ""
    return section("Disagreements", note, shown)


def disagreement(one: Disagreement) -> str:
    rows = [row("expected", one.expected, "", "")]
    rows += [row(name, answer, "bad" if name in one.faults else "", one.faults.get(name, "")) for name, answer in one.answers.items()]
    title = f"{escape(one.stage)} · {escape(one.id)}"
    return f"<details open><summary>{title} <small>{escape(one.comment)}</small></summary><table class=plain>{''.join(rows)}</table></details>"


def row(name: str, answer: str, mood: str, fault: str) -> str:
    return f'<tr class="{mood}"><th scope="row">{escape(name)}</th><td class="text"><code>{escape(shorten(answer))}</code> {escape(fault)}</td></tr>'


MATRIX_NOTE = (
    "Each row's implementation signs the same packets, parts and tokens; each column's verifies them, in every form they "
    "can arrive in, and refuses a forged and a replayed copy. A number is a count of verdicts."
)
STAGES_NOTE = (
    "Vectors have a fixed answer. Signers agree when all made the same bytes. Hostile lines get the same refusal from all, "
    "and stop none."
)
STYLE = """
:root { color-scheme: light dark; --paper: light-dark(#fbfaf8, #16181c); --ink: light-dark(#1d2026, #e8e6e1);
  --soft: light-dark(#646a75, #9aa0ab); --line: light-dark(#e2dfd9, #2d3138); --card: light-dark(#ffffff, #1d2025);
  --good: light-dark(#e3f3e8, #16301f); --good-ink: light-dark(#17663a, #7fd6a1);
  --bad: light-dark(#fbe4e1, #3d1a19); --bad-ink: light-dark(#a1251b, #ff9c92); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; letter-spacing: -.02em; margin: 0 0 .75rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem; }
.note { color: var(--soft); margin: 0 0 .9rem; max-width: 46rem; }
.verdict { margin: 0; padding: .75rem 1rem; border-radius: .6rem; }
.verdict.good { background: var(--good); color: var(--good-ink); }
.verdict.bad { background: var(--bad); color: var(--bad-ink); }
.scroll { overflow-x: auto; }
table { border-collapse: separate; border-spacing: .3rem; width: 100%; }
th { font-weight: 600; text-align: left; padding: .4rem .6rem; }
thead th { text-align: center; color: var(--soft); }
thead th.corner { text-align: left; font-weight: 400; font-size: .85rem; white-space: nowrap; }
td { text-align: center; padding: .55rem .5rem; border-radius: .5rem; min-width: 6.2rem; font-variant-numeric: tabular-nums; }
td b { display: block; font-size: 1.15rem; line-height: 1.2; }
td span { font-size: .75rem; opacity: .85; }
td.good { background: var(--good); color: var(--good-ink); }
td.bad, tr.bad td { background: var(--bad); color: var(--bad-ink); }
table.plain { border-spacing: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
table.plain th { width: 7rem; vertical-align: top; }
table.plain tr + tr > * { border-top: 1px solid var(--line); }
td.text { text-align: left; border-radius: 0; overflow-wrap: anywhere; padding: .4rem .6rem; }
code, pre { font: .82rem/1.45 ui-monospace, monospace; white-space: pre-wrap; margin: 0; }
details { margin: .9rem 0; } summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
small { color: var(--soft); font-weight: 400; }
"""
