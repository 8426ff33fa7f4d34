//! What was measured, as a table for people and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::Result;
use crate::contest::Plan;
use crate::rows::{Row, Target, Unit};
use crate::statistics::Summary;

/// One row with its figures.
#[derive(Debug)]
pub(crate) struct Measured {
    row: &'static Row,
    version: String,
    runtime: String,
    peer_version: String,
    product: Summary,
    peer: Summary,
}

impl Measured {
    pub(crate) fn new(
        row: &'static Row,
        version: String,
        runtime: String,
        peer_version: String,
        product: &[f64],
        peer: &[f64],
    ) -> Result<Self> {
        let summary = |samples| Summary::of(samples).ok_or(format!("{}: no samples", row.id));
        Ok(Self { product: summary(product)?, peer: summary(peer)?, row, version, runtime, peer_version })
    }

    fn ratio(&self) -> f64 {
        self.row.target.ratio(self.product.median, self.peer.median)
    }

    fn met(&self) -> Option<bool> {
        self.row.target.is_met(self.ratio())
    }
}

/// The table, with what each side does and the versions below it.
pub(crate) fn table(measured: &[Measured]) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(measured.iter().map(cells));
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0)
    });
    let mut text = String::new();
    for line in &lines {
        let padded: Vec<_> = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "{}", padded.join("  ").trim_end());
    }
    text.push_str(LEGEND);
    let mut notes: Vec<&str> = Vec::new();
    for Measured { row, version, runtime, peer_version, .. } in measured {
        if !notes.contains(&row.note) {
            notes.push(row.note);
        }
        let number = notes.iter().position(|note| *note == row.note).unwrap_or_default() + 1;
        let Row { what, peer, .. } = row;
        let _ = writeln!(text, "{what}: {version}, {runtime} · {peer}: {peer_version} [{number}]");
    }
    for (number, note) in (1..).zip(notes) {
        let _ = writeln!(text, "[{number}] {note}.");
    }
    text
}

/// All of it, for programs.
pub(crate) fn json(measured: &[Measured], plan: Plan) -> Value {
    json!({
        "rounds": plan.rounds,
        "warm_up": plan.warm_up,
        "batch": plan.batch,
        "inputs": plan.inputs(),
        "rows": measured.iter().map(row_json).collect::<Vec<_>>(),
    })
}

fn cells(measured: &Measured) -> [String; COLUMNS] {
    let Measured { row, product, peer, .. } = measured;
    let sign = if matches!(row.target, Target::Within(_)) { "× as much" } else { "× as fast" };
    [
        row.what.to_owned(),
        row.size.to_owned(),
        shown(product, row.unit),
        row.peer.to_owned(),
        shown(peer, row.unit),
        format!("{:.2} {sign}", measured.ratio()),
        match row.target {
            Target::Faster(least) => format!("≥ {least}"),
            Target::Within(most) => format!("≤ {most}"),
            Target::None => "–".to_owned(),
        },
        verdict(measured.met()).to_owned(),
    ]
}

fn shown(summary: &Summary, unit: Unit) -> String {
    let Summary { p25, median, p75, .. } = summary;
    match unit {
        Unit::Nanoseconds => format!("{median:.0} ns ({p25:.0}–{p75:.0})"),
        Unit::Bytes => format!("{median:.0} B"),
    }
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "met",
        Some(false) => "short",
        None => "–",
    }
}

fn row_json(measured: &Measured) -> Value {
    let Measured { row, version, runtime, peer_version, product, peer } = measured;
    let (of, target) = match row.target {
        Target::Faster(least) => ("peer / product", json!({ "at_least": least })),
        Target::Within(most) => ("product / peer", json!({ "at_most": most })),
        Target::None => ("peer / product", Value::Null),
    };
    json!({
        "id": row.id,
        "what": row.what,
        "size": row.size,
        "unit": if row.unit == Unit::Bytes { "bytes" } else { "ns" },
        "product": with_summary(json!({ "version": version, "runtime": runtime }), product),
        "peer": with_summary(json!({ "name": row.peer, "version": peer_version }), peer),
        "ratio": measured.ratio(),
        "ratio_is": of,
        "target": target,
        "met": measured.met(),
        "note": row.note,
    })
}

fn with_summary(mut side: Value, summary: &Summary) -> Value {
    side["median"] = summary.median.into();
    side["min"] = summary.min.into();
    side["p25"] = summary.p25.into();
    side["p75"] = summary.p75.into();
    side
}

const LEGEND: &str = "\nMedians, with the quartiles of the turns in brackets; a ratio is of medians from one run. Versions and set-up:\n\n";
const COLUMNS: usize = 8;
const HEAD: [&str; COLUMNS] = ["what", "size", "counterseal", "peer", "peer's", "ratio", "target", ""];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows;

    fn measured(row: &'static Row, product: f64, peer: f64) -> Measured {
        let text = str::to_owned;
        Measured::new(row, text("0.1.0"), text("CPython"), text("9.9"), &[product; 3], &[peer; 3]).unwrap()
    }

    #[test]
    fn each_row_says_what_against_whom_and_whether_it_is_met() {
        let rows = [measured(&rows::TOKEN_JWT, 100.0, 700.0), measured(&rows::TOKEN_LIMIT, 300.0, 100.0)];
        let report = json(&rows, Plan::QUICK);
        assert_eq!(report["rounds"], Plan::QUICK.rounds);
        assert_eq!(
            report["rows"][0],
            json!({
                "id": "core-token-jsonwebtoken",
                "what": "core: HS256 token to checked claims",
                "size": "250 B token",
                "unit": "ns",
                "product": {"version": "0.1.0", "runtime": "CPython", "median": 100.0, "min": 100.0, "p25": 100.0, "p75": 100.0},
                "peer": {"name": "jsonwebtoken", "version": "9.9", "median": 700.0, "min": 700.0, "p25": 700.0, "p75": 700.0},
                "ratio": 7.0,
                "ratio_is": "peer / product",
                "target": {"at_least": 6.0},
                "met": true,
                "note": rows::TOKEN_JWT.note,
            })
        );
        assert_eq!(report["rows"][1]["ratio"], 3.0);
        assert_eq!(report["rows"][1]["target"], json!({"at_most": 2.0}));
        assert_eq!(report["rows"][1]["met"], false);
    }

    #[test]
    fn without_a_target_there_is_no_verdict() {
        let report = json(&[measured(&rows::PARTS_RING, 100.0, 50.0)], Plan::FULL);
        assert_eq!(report["rows"][0]["ratio"], 0.5);
        assert_eq!((&report["rows"][0]["target"], &report["rows"][0]["met"]), (&Value::Null, &Value::Null));
    }

    #[test]
    fn the_table_shows_ratio_target_and_verdict() {
        let text = table(&[measured(&rows::TOKEN_LIMIT, 300.0, 100.0)]);
        let line = text.lines().nth(1).unwrap();
        assert!(line.contains("3.00 × as much") && line.contains("≤ 2") && line.ends_with("short"), "{line}");
    }

    #[test]
    fn no_samples_no_row() {
        let none = Measured::new(&rows::TOKEN_JWT, String::new(), String::new(), String::new(), &[], &[1.0]);
        assert!(none.is_err());
    }
}
