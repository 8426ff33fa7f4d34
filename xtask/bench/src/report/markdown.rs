//! The figures as a section of a page, between two marks.

use std::fmt::Write;

use super::{Line, Report, table};
use crate::Result;
use crate::statistics::Summary;

/// The page with its section written anew; a page without marks, or none, becomes the section.
pub(crate) fn in_page(page: &str, report: &Report) -> Result<String> {
    let section = format!("{BEGIN}\n{}{END}", section(report));
    let Some((before, rest)) = page.split_once(BEGIN) else {
        return if page.trim().is_empty() {
            Ok(section + "\n")
        } else {
            Err(format!("the page lacks the mark {BEGIN}").into())
        };
    };
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("the page lacks the mark {END}"))?;
    Ok(format!("{before}{section}{after}"))
}

fn section(report: &Report) -> String {
    let mut text = format!("\nMeasured on {}; each contest {} s.\n", report.machine, report.seconds);
    text.push_str(&table::summary(report));
    let mut groups: Vec<&str> = report.rows.iter().map(|line| line.group.as_str()).collect();
    groups.dedup();
    for group in groups {
        let _ = write!(text, "\n### {group}\n\n{HEAD}");
        for line in report.rows.iter().filter(|line| line.group == group) {
            let _ = writeln!(text, "{}", row(line));
        }
    }
    text.push('\n');
    text
}

fn row(line: &Line) -> String {
    let figure = |figures: Option<Summary>| {
        figures.map_or_else(|| "–".to_owned(), |figures| line.shown_with_spread(figures))
    };
    let (peer, theirs) = if line.is_figure() {
        ("–".to_owned(), "–".to_owned())
    } else {
        (format!("{} {}", line.peer.name, line.peer.version).trim_end().to_owned(), figure(line.peer.figures))
    };
    let end = match &line.fault {
        Some(fault) => format!("not measured: {fault}"),
        None if line.remark.is_empty() => line.verdict(),
        None => format!("{}; {}", line.verdict(), line.remark),
    };
    let cells = [
        line.what.clone(),
        line.size.clone(),
        figure(line.product.figures),
        peer,
        theirs,
        line.shown_ratio(),
        line.shown_target(),
        end,
    ];
    format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

const BEGIN: &str = "<!-- bench: written by cargo xtask bench --markdown -->";
const END: &str = "<!-- bench: end -->";
const HEAD: &str =
    "| what | size | counterseal | peer | peer's | ratio | target | |\n|---|---|---|---|---|---|---|---|\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn what_stands_between_the_marks_is_replaced() {
        let report = report("core-token-timed-limit/250B", &[300.0], &[100.0]);
        let first = in_page("", &report).unwrap();
        let page = format!("# Title\n\n{}\nAfter.\n", first.trim_end());
        let second = in_page(&page.replace("300 ns", "400 ns"), &report).unwrap();
        assert_eq!(second, page);
        assert!(page.contains("| HS256 token to checked claims | 250 B token | 300 ns | SHA-256 limit 9.9 | 100 ns | 3.00 × as much | ≤ 2 × | short |"), "{page}");
    }

    #[test]
    fn a_page_without_marks_is_left_alone() {
        let report = report("core-token-timed-limit/250B", &[300.0], &[100.0]);
        assert!(in_page("# Title\n", &report).is_err());
        assert!(in_page(BEGIN, &report).is_err());
    }

    #[test]
    fn a_bar_ends_no_cell() {
        let text = section(&report("constant-parts", &[1.0], &[]));
        let line = text.lines().find(|line| line.starts_with("| refused")).unwrap();
        assert!(line.contains("\\|t\\| 1.0"), "{line}");
    }
}
