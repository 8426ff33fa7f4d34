//! What was measured: one line a row, as JSON for programs, and from it a table, a page's section and a plot for readers.

pub(crate) mod markdown;
pub(crate) mod svg;
pub(crate) mod table;

use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::contest::{Peer, Played};
use crate::rows::{Entry, Target};
use crate::statistics::Summary;
use crate::versions;

/// A whole run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) machine: String,
    /// Seconds that each contest lasted.
    pub(crate) seconds: f64,
    pub(crate) rows: Vec<Line>,
}

/// One row at one size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) what: String,
    pub(crate) size: String,
    pub(crate) unit: String,
    pub(crate) product: Side,
    pub(crate) peer: Side,
    /// Of the medians; absent where nothing was measured, or where there is neither peer nor target.
    pub(crate) ratio: Option<f64>,
    /// The quartiles of the ratio, turn by turn.
    pub(crate) ratio_p25: Option<f64>,
    pub(crate) ratio_p75: Option<f64>,
    /// `peer / product` (more is better) or `product / peer` (less is better); or the former as a share.
    pub(crate) ratio_is: String,
    pub(crate) target: Option<Bound>,
    pub(crate) met: Option<bool>,
    /// Whether the target is for another size, or the row beside the list.
    pub(crate) for_information: bool,
    pub(crate) note: String,
    pub(crate) remark: String,
    /// Why there is no measurement.
    pub(crate) fault: Option<String>,
}

/// The product, or the peer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Side {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) runtime: String,
    #[serde(flatten)]
    pub(crate) figures: Option<Summary>,
}

/// What the ratio is held against.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Report {
    pub(crate) fn new(book: &Book, seconds: f64) -> Self {
        let line = |(entry, outcome): (Entry, Result<&Played, String>)| Line::new(entry, outcome);
        Self { machine: versions::machine(), seconds, rows: book.outcomes().map(line).collect() }
    }

    /// The rows that could not be measured.
    pub(crate) fn faults(&self) -> usize {
        self.rows.iter().filter(|line| line.fault.is_some()).count()
    }
}

impl Line {
    fn new(entry: Entry, outcome: Result<&Played, String>) -> Self {
        let Entry { row, size } = entry;
        let mut line = Self {
            id: row.id(),
            group: row.group.name().to_owned(),
            what: row.what.to_owned(),
            size: size.label(),
            unit: row.unit.name().to_owned(),
            product: Side { name: "counterseal".to_owned(), ..Side::default() },
            peer: Side { name: row.peer.to_owned(), ..Side::default() },
            ratio: None,
            ratio_p25: None,
            ratio_p75: None,
            ratio_is: match row.target {
                Target::Within(_) | Target::AtMost(_) => "product / peer",
                Target::Share => SHARE,
                Target::Faster(_) | Target::None => "peer / product",
            }
            .to_owned(),
            target: bound(row.target),
            met: None,
            for_information: entry.for_information(),
            note: row.note.to_owned(),
            remark: String::new(),
            fault: None,
        };
        let filled = outcome.and_then(|played| line.fill(row.target, row.side, played));
        line.fault = filled.err();
        line
    }

    fn fill(&mut self, target: Target, side: &str, played: &Played) -> Result<(), String> {
        let Played { version, runtime, product, remark, .. } = played;
        self.product.version.clone_from(version);
        self.product.runtime.clone_from(runtime);
        self.remark.clone_from(remark);
        let figures = Summary::of(product).ok_or("no samples")?;
        self.product.figures = Some(figures);
        let limit = if let Target::AtMost(most) = target { Some(most) } else { None };
        let peer = match limit {
            Some(most) => {
                self.peer.name = "the limit set".to_owned();
                vec![most; product.len()]
            }
            None if side.is_empty() => return Ok(()),
            None => {
                let Peer { version, samples, .. } =
                    played.peers.iter().find(|peer| peer.side == side).ok_or("its peer did not play")?;
                self.peer.version.clone_from(version);
                samples.clone()
            }
        };
        let theirs = Summary::of(&peer).ok_or("no samples of the peer")?;
        self.peer.figures = Some(theirs);
        let ratio = target.ratio(figures.median, theirs.median);
        let turns: Vec<f64> =
            product.iter().zip(&peer).map(|(product, peer)| target.ratio(*product, *peer)).collect();
        let spread = Summary::of(&turns).ok_or("no samples")?;
        self.ratio = Some(ratio);
        self.ratio_p25 = Some(spread.p25);
        self.ratio_p75 = Some(spread.p75);
        self.met = target.is_met(ratio);
        Ok(())
    }

    /// Whether a greater ratio is better.
    pub(crate) fn more_is_better(&self) -> bool {
        self.ratio_is == "peer / product"
    }

    /// `pass`, `short`, or a dash without a target; in brackets where it does not count.
    pub(crate) fn verdict(&self) -> String {
        let word = match (self.met, &self.fault) {
            (_, Some(_)) => return "not measured".to_owned(),
            (Some(true), _) => "pass",
            (Some(false), _) => "short",
            (None, _) => return "–".to_owned(),
        };
        if self.for_information { format!("({word})") } else { word.to_owned() }
    }

    /// `7.31 × as fast`, `1.12 × as much`, `4.2 % of it`, or for a figure of its own `0.90 × the limit`.
    pub(crate) fn shown_ratio(&self) -> String {
        let Some(ratio) = self.ratio else { return "–".to_owned() };
        if self.ratio_is == SHARE {
            return format!("{:.1} % of it", ratio * 100.0);
        }
        let ratio = if ratio >= 100.0 { format!("{ratio:.0}") } else { format!("{ratio:.2}") };
        let of = match (self.more_is_better(), self.is_figure()) {
            (true, _) => "as fast",
            (false, false) => "as much",
            (false, true) => "the limit",
        };
        format!("{ratio} × {of}")
    }

    pub(crate) fn shown_target(&self) -> String {
        match (self.target, self.is_figure(), self.peer.figures) {
            (Some(Bound::AtMost(_)), true, Some(limit)) => format!("≤ {}", self.shown(limit.median)),
            (Some(Bound::AtMost(most)), _, _) => format!("≤ {most} ×"),
            (Some(Bound::AtLeast(least)), _, _) => format!("≥ {least} ×"),
            (None, _, _) => "–".to_owned(),
        }
    }

    /// Whether a limit, and no peer, is what the product is held against.
    pub(crate) fn is_figure(&self) -> bool {
        self.peer.name.is_empty() || self.peer.name == "the limit set"
    }

    /// A median, with its quartiles where it has any: `312 ns (310–315)`.
    pub(crate) fn shown_with_spread(&self, figures: Summary) -> String {
        let Summary { median, p25, p75, .. } = figures;
        let median = self.shown(median);
        if p25 >= p75 {
            return median;
        }
        // The unit stands once where all three have the same.
        let [first, last] = [p25, p75].map(|figure| self.shown(figure));
        let unit = median.split_once(' ').map_or("", |(_, unit)| unit);
        let bare = |shown: &str| shown.strip_suffix(unit).map(|bare| bare.trim_end().to_owned());
        match (bare(&first), bare(&last)) {
            (Some(first), Some(last)) => format!("{median} ({first}–{last})"),
            _ => format!("{median} ({first}–{last})"),
        }
    }

    /// A figure with its unit: `312 ns`, `1.24 ms`, `14,200 B`.
    pub(crate) fn shown(&self, figure: f64) -> String {
        match self.unit.as_str() {
            "bytes" if figure < 1000.0 => format!("{figure:.1} B").replace(".0 B", " B"),
            "bytes" => format!("{} B", crate::rows::grouped(figure.round() as usize)),
            "t" => format!("|t| {figure:.1}"),
            _ if figure >= 1e6 => format!("{:.2} ms", figure / 1e6).replace(".00 ms", " ms"),
            _ if figure >= 1e5 => format!("{:.1} µs", figure / 1e3),
            _ if figure >= 1e4 => format!("{:.2} µs", figure / 1e3),
            _ if figure >= 100.0 => format!("{figure:.0} ns"),
            _ => format!("{figure:.1} ns").replace(".0 ns", " ns"),
        }
    }
}

fn bound(target: Target) -> Option<Bound> {
    match target {
        Target::Faster(least) => Some(Bound::AtLeast(least)),
        Target::Within(most) => Some(Bound::AtMost(most)),
        // The ratio is of the limit.
        Target::AtMost(_) => Some(Bound::AtMost(1.0)),
        Target::None | Target::Share => None,
    }
}

/// The peer's time is a part of the product's.
const SHARE: &str = "peer's share of product";

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::rows;
    use serde_json::{Value, json};

    /// A report of the rows whose name holds `part`, all with the same figures.
    pub(crate) fn report(part: &str, product: &[f64], peer: &[f64]) -> Report {
        let entries = rows::entries(part);
        let mut book = Book::new(entries.clone());
        for Entry { row, size } in entries {
            let sides = rows::entries("").into_iter().filter(|other| other.row.contest == row.contest);
            let peer = |entry: Entry| Peer {
                side: entry.row.side.to_owned(),
                version: "9.9".to_owned(),
                samples: peer.to_vec(),
            };
            let played = Played {
                version: "0.1.0".to_owned(),
                runtime: "Rust".to_owned(),
                product: product.to_vec(),
                peers: sides.map(peer).collect(),
                remark: String::new(),
            };
            book.record(row.contest, size, Ok(played));
        }
        Report::new(&book, 1.0)
    }

    #[test]
    fn each_row_says_what_against_whom_and_whether_it_is_met() {
        let report = report("core-token-jsonwebtoken/250B", &[100.0; 3], &[700.0; 3]);
        let mut row = serde_json::to_value(&report).unwrap()["rows"][0].take();
        row["note"].take();
        assert_eq!(
            row,
            json!({
                "id": "core-token-jsonwebtoken",
                "group": "Core (Rust)",
                "what": "HS256 token to checked claims",
                "size": "250 B token",
                "unit": "ns",
                "product": {"name": "counterseal", "version": "0.1.0", "runtime": "Rust",
                            "median": 100.0, "min": 100.0, "p25": 100.0, "p75": 100.0, "samples": 3},
                "peer": {"name": "jsonwebtoken", "version": "9.9", "runtime": "",
                         "median": 700.0, "min": 700.0, "p25": 700.0, "p75": 700.0, "samples": 3},
                "ratio": 7.0, "ratio_p25": 7.0, "ratio_p75": 7.0, "ratio_is": "peer / product",
                "target": {"at_least": 6.0}, "met": true, "for_information": false,
                "note": Value::Null, "remark": "", "fault": null,
            })
        );
    }

    #[test]
    fn a_ratio_is_of_medians_and_its_spread_of_turns() {
        let report = report("core-token-timed-limit/250B", &[100.0, 200.0, 300.0], &[100.0, 100.0, 400.0]);
        let line = &report.rows[0];
        assert_eq!((line.ratio, line.ratio_p25, line.ratio_p75), (Some(2.0), Some(0.875), Some(1.5)));
        assert_eq!((line.target, line.met), (Some(Bound::AtMost(2.0)), Some(true)));
    }

    #[test]
    fn a_figure_is_held_against_its_limit() {
        let line = &report("guard-claim/1000000", &[30.0, 50.0, 60.0], &[])[0];
        assert_eq!((line.ratio, line.met), (Some(1.25), Some(false)));
        assert_eq!((line.shown_target(), line.verdict()), ("≤ 40 ns".to_owned(), "short".to_owned()));
    }

    #[test]
    fn a_unit_stands_once_where_all_have_it() {
        let line = &report("core-mac-limit/64B", &[1.0], &[1.0])[0];
        let shown = |samples: &[f64]| line.shown_with_spread(Summary::of(samples).unwrap());
        assert_eq!(shown(&[310.0, 320.0, 330.0]), "320 ns (315–325)");
        assert_eq!(shown(&[20e3, 30e3, 40e3]), "30.00 µs (25.00–35.00)");
        assert_eq!(shown(&[9e3, 9e3, 11e3, 12e3]), "10.00 µs (9000 ns–11.25 µs)");
        assert_eq!(shown(&[7.0]), "7 ns");
    }

    #[test]
    fn where_it_does_not_count_the_verdict_is_in_brackets() {
        let verdict = |part, peer| report(part, &[100.0], &[peer])[0].verdict();
        assert_eq!(verdict("node-parts-createhmac/200B", 800.0), "pass");
        assert_eq!(verdict("node-parts-createhmac/16KiB", 100.0), "(short)");
        assert_eq!(verdict("core-parts-ring/200B", 100.0), "–");
    }

    #[test]
    fn what_was_not_measured_says_why() {
        let mut book = Book::new(rows::entries("core-batch-single/200B"));
        book.record("core-batch", rows::Size::Packet, Err("no such luck".into()));
        let report = Report::new(&book, 1.0);
        let line = &report.rows[0];
        assert_eq!((report.faults(), line.met, line.ratio), (1, None, None));
        assert_eq!((line.fault.as_deref(), line.verdict().as_str()), (Some("no such luck"), "not measured"));
    }

    #[test]
    fn a_peer_that_did_not_play_is_a_fault() {
        let mut book = Book::new(rows::entries("core-batch-single/200B"));
        let played = Played { product: vec![1.0], ..Played::default() };
        book.record("core-batch", rows::Size::Packet, Ok(played));
        assert_eq!(Report::new(&book, 1.0).rows[0].fault.as_deref(), Some("its peer did not play"));
    }

    #[test]
    fn json_is_read_back_as_it_was() {
        let report = report("", &[1.5, 2.5], &[3.0, 4.0]);
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }

    impl std::ops::Index<usize> for Report {
        type Output = Line;

        fn index(&self, at: usize) -> &Line {
            &self.rows[at]
        }
    }
}
