"""The report as one self-contained page, for light and dark screens."""

from html import escape

from report import SHOWN, STAGES, Count, Disagreement, Report, runtime, shorten


def as_html(report: Report) -> str:
    """The page; it needs nothing but itself."""
    total = report.total()
    body = [
        element("header", element("h1", TITLE) + verdict(report, total)),
        section("Signer &times; verifier", MATRIX_NOTE, matrix(report)),
        section("Questions put to all", STAGES_NOTE, stages(report)),
        section("What each row ran on", "", runtimes(report)),
        faults(report),
        disagreements(report),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{TITLE}</title><style>{STYLE}</style></head>"
        f"<body>{element('main', ''.join(body))}</body></html>\n"
    )


def verdict(report: Report, total: Count) -> str:
    text = "Every cell is as it must be." if total.good else "Some cells are not as they must be."
    if not report.complete:
        text += f" Only {escape(', '.join(report.languages))} took part: this is not the whole matrix."
    counts = element("strong", f"{total.passed:,} passed, {total.failed:,} failed.")
    return element("p", f"{counts} {text}", f"verdict {'good' if total.good else 'bad'}")


def matrix(report: Report) -> str:
    languages = report.languages
    rows = [[cell(report.cell(signer, verifier)) for verifier in languages] for signer in languages]
    return table("signer \\ verifier", languages, languages, rows)


def stages(report: Report) -> str:
    rows = [[cell(report.count(stage, language)) for language in report.languages] for stage in STAGES]
    return table("", report.languages, STAGES, rows)


def runtimes(report: Report) -> str:
    rows = [row(language, escape(runtime(report, language))) for language in report.languages]
    return element("table", "".join(rows), "plain")


def faults(report: Report) -> str:
    given = [element("li", element("pre", escape(fault))) for fault in report.all_faults()]
    return section("Faults", "", element("ul", "".join(given))) if given else ""


def disagreements(report: Report) -> str:
    if not report.disagreements:
        return ""
    rest = len(report.disagreements) - SHOWN
    note = f"The first {SHOWN}; {rest} more are not shown." if rest > 0 else ""
    return section("Disagreements", note, "".join(disagreement(one) for one in report.disagreements[:SHOWN]))


def disagreement(one: Disagreement) -> str:
    rows = [row("expected", element("code", escape(shorten(one.expected))))]
    for name, answer in one.answers.items():
        fault = one.faults.get(name, "")
        text = f"{element('code', escape(shorten(answer)))} {escape(fault)}"
        rows.append(row(name, text, "bad" if fault else ""))
    title = f"{escape(one.stage)} · {escape(one.id)} {element('small', escape(one.comment))}"
    table = element("table", "".join(rows), "plain")
    return f"<details open>{element('summary', title)}{table}</details>"


def section(title: str, note: str, content: str) -> str:
    note = element("p", escape(note), "note") if note else ""
    return element("section", element("h2", title) + note + element("div", content, "scroll"))


def table(corner: str, columns: tuple[str, ...], names: tuple[str, ...], rows: list[list[str]]) -> str:
    head = element("th", escape(corner), "corner") + "".join(element("th", escape(name)) for name in columns)
    lines = [
        element("tr", element("th", escape(name)) + "".join(cells))
        for name, cells in zip(names, rows, strict=True)
    ]
    body = element("tbody", "".join(lines))
    return element("table", element("thead", element("tr", head)) + body, "grid")


def cell(count: Count) -> str:
    total = count.passed + count.failed
    number, words = count.passed if count.good else count.failed, "all passed"
    if not count.good:
        words = f"of {total:,} failed" if total else "empty"
    return element(
        "td", element("b", f"{number:,}") + element("span", words), "good" if count.good else "bad"
    )


def row(name: str, content: str, mood: str = "") -> str:
    return element("tr", element("th", escape(name)) + element("td", content, "text"), mood)


def element(tag: str, content: str, kind: str = "") -> str:
    """HTML of an element around content that is HTML already."""
    kind = f' class="{kind}"' if kind else ""
    return f"<{tag}{kind}>{content}</{tag}>"


TITLE = "Counterseal conformance"
MATRIX_NOTE = (
    "Each row's implementation signs the same packets, parts and tokens; each column's verifies them, "
    "in every form they can arrive in, and refuses a forged and a replayed copy. "
    "A number is a count of verdicts."
)
STAGES_NOTE = (
    "Vectors have a fixed answer. Signers agree when all made the same bytes. Hostile lines get the same "
    "refusal from all, and stop none."
)
STYLE = """
:root { color-scheme: light dark; --paper: light-dark(#fbfaf8, #16181c);
  --ink: light-dark(#1d2026, #e8e6e1);
  --soft: light-dark(#646a75, #9aa0ab); --line: light-dark(#e2dfd9, #2d3138);
  --card: light-dark(#ffffff, #1d2025);
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
table.grid { table-layout: fixed; min-width: 44rem; }
th { font-weight: 600; text-align: left; padding: .4rem .6rem; }
thead th { text-align: center; color: var(--soft); }
thead th.corner { text-align: left; font-weight: 400; font-size: .85rem; white-space: nowrap; }
td { text-align: center; padding: .55rem .5rem; border-radius: .5rem;
  font-variant-numeric: tabular-nums; }
td b { display: block; font-size: 1.15rem; line-height: 1.2; }
td span { font-size: .75rem; opacity: .85; }
td.good { background: var(--good); color: var(--good-ink); }
td.bad, tr.bad td { background: var(--bad); color: var(--bad-ink); }
table.plain { border-spacing: 0; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem; }
table.plain th { width: 7rem; vertical-align: top; }
table.plain tr + tr > * { border-top: 1px solid var(--line); }
td.text { text-align: left; border-radius: 0; overflow-wrap: anywhere; padding: .4rem .6rem; }
code, pre { font: .82rem/1.45 ui-monospace, monospace; white-space: pre-wrap; margin: 0; }
details { margin: .9rem 0; } summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
small { color: var(--soft); font-weight: 400; }
"""
