//! The table on the terminal.

use std::fmt::Write;

use super::{Line, Report};

/// The table by groups, then what each side does and in which version.
pub(crate) fn table(report: &Report) -> String {
    let mut text = format!("{}; each contest {} s\n", report.machine, report.seconds);
    let cells: Vec<_> = report.rows.iter().map(|line| (line, cells(line))).collect();
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        let width = |cells: &[String; COLUMNS]| cells[column].chars().count();
        cells
            .iter()
            .map(|(_, cells)| width(cells))
            .chain([width(&HEAD.map(str::to_owned))])
            .max()
            .unwrap_or(0)
    });
    let mut group = "";
    for (line, cells) in &cells {
        if line.group != group {
            group = &line.group;
            let _ = writeln!(text, "\n{group}\n{}", padded(&HEAD.map(str::to_owned), widths));
        }
        let _ = writeln!(text, "{}", padded(cells, widths));
    }
    text.push_str(LEGEND);
    notes(&mut text, report);
    text.push_str(&summary(report));
    text
}

fn padded(cells: &[String; COLUMNS], widths: [usize; COLUMNS]) -> String {
    let padded: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
    format!("  {}", padded.join("  ").trim_end())
}

fn cells(line: &Line) -> [String; COLUMNS] {
    let end = match &line.fault {
        Some(fault) => format!("not measured: {fault}"),
        None => line.verdict(),
    };
    let product = line.product.figures.map(|figures| line.shown_with_spread(figures));
    let peer = line
        .peer
        .figures
        .map(|figures| if line.is_figure() { "–".to_owned() } else { line.shown_with_spread(figures) });
    let ratio = match (line.ratio_p25, line.ratio_p75) {
        (Some(p25), Some(p75)) if p25 < p75 => format!("{} ({p25:.2}–{p75:.2})", line.shown_ratio()),
        _ => line.shown_ratio(),
    };
    [
        line.what.clone(),
        line.size.clone(),
        product.unwrap_or_default(),
        format!("{} {}", line.peer.name, line.peer.version).trim_end().to_owned(),
        peer.unwrap_or_default(),
        ratio,
        line.shown_target(),
        end,
    ]
}

/// Notes that several rows share stand once.
fn notes(text: &mut String, report: &Report) {
    let mut seen: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in &report.rows {
        match seen.iter_mut().find(|(note, _)| *note == line.note) {
            Some((_, ids)) if ids.contains(&line.id.as_str()) => {}
            Some((_, ids)) => ids.push(&line.id),
            None => seen.push((&line.note, vec![&line.id])),
        }
    }
    for (note, ids) in seen {
        let _ = writeln!(text, "  {}: {note}.", ids.join(", "));
    }
    let mut remarked: Vec<((&str, &str), Vec<&str>)> = Vec::new();
    for line in report.rows.iter().filter(|line| !line.remark.is_empty()) {
        let remark = (line.size.as_str(), line.remark.as_str());
        match remarked.iter_mut().find(|(other, _)| *other == remark) {
            Some((_, ids)) => ids.push(&line.id),
            None => remarked.push((remark, vec![&line.id])),
        }
    }
    for ((size, remark), ids) in remarked {
        let _ = writeln!(text, "  {}, {size}: {remark}.", ids.join(", "));
    }
    let mut runtimes: Vec<_> = report.rows.iter().map(|line| (&line.group, &line.product)).collect();
    runtimes.dedup_by(|one, other| one.0 == other.0);
    for (group, product) in runtimes.into_iter().filter(|(_, product)| !product.version.is_empty()) {
        let _ = writeln!(text, "  {group}: counterseal {} on {}.", product.version, product.runtime);
    }
}

/// The rows that count.
pub(crate) fn summary(report: &Report) -> String {
    let counted: Vec<_> = report.rows.iter().filter(|line| !line.for_information).collect();
    let many = |met| counted.iter().filter(|line| line.met == Some(met)).count();
    format!(
        "\n{} rows with a target: {} pass, {} short, {} not measured. {} more for information.\n",
        counted.len(),
        many(true),
        many(false),
        counted.iter().filter(|line| line.fault.is_some()).count(),
        report.rows.len() - counted.len(),
    )
}

const LEGEND: &str = "\nMedians with the quartiles of the turns in brackets; a ratio is of medians, its quartiles of single turns. A verdict in brackets is for\n\
                      information: its size or row is beside the list of targets.\n\n";
const COLUMNS: usize = 8;
const HEAD: [&str; COLUMNS] = ["what", "size", "counterseal", "peer", "peer's", "ratio", "target", ""];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn a_line_shows_figures_ratio_target_and_verdict() {
        let text = table(&report("core-token-timed-limit/250B", &[250.0, 300.0, 350.0], &[100.0; 3]));
        let line = text.lines().find(|line| line.contains("HS256")).unwrap();
        for part in
            ["250 B token", "300 ns (275–325)", "SHA-256 limit 9.9", "3.00 × as much (2.75–3.25)", "≤ 2 ×"]
        {
            assert!(line.contains(part), "{part} in {line}");
        }
        assert!(line.ends_with("short"), "{line}");
        assert!(
            text.ends_with(
                "1 rows with a target: 0 pass, 1 short, 0 not measured. 0 more for information.\n"
            )
        );
    }

    #[test]
    fn every_row_stands_in_it() {
        let report = report("", &[2.0], &[3.0]);
        let text = table(&report);
        let rows = text.lines().filter(|line| line.starts_with("  ") && !line.starts_with("  what")).count();
        assert!(rows >= report.rows.len());
        for line in &report.rows {
            assert!(text.contains(&line.what) && text.contains(&line.note), "{}", line.id);
        }
    }
}
