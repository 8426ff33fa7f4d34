//! The rows of the table: what is measured, against whom, at which sizes, and what is wanted.

mod core;
mod guard;
mod loopback;
mod scripted;
mod size;

pub(crate) use size::{Size, grouped};

/// One row, or several that differ in size alone.
#[derive(Debug)]
pub(crate) struct Row {
    /// What is measured in one go: the product and its peers by turns.
    pub(crate) contest: &'static str,
    /// Which of the peers this row is about.
    pub(crate) side: &'static str,
    pub(crate) group: Group,
    pub(crate) what: &'static str,
    pub(crate) peer: &'static str,
    pub(crate) sizes: &'static [Size],
    /// The sizes that the target is set for; at the others the row is for information.
    pub(crate) counted: &'static [Size],
    pub(crate) unit: Unit,
    pub(crate) target: Target,
    /// What each side does in its time.
    pub(crate) note: &'static str,
}

/// A row at one size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) row: &'static Row,
    pub(crate) size: Size,
}

/// Where the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Core,
    Guard,
    ConstantTime,
    Loopback,
    Python,
    Node,
    Wasm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Bytes,
    /// Welch's t, without its sign.
    T,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    /// How many times faster than the peer, at least.
    Faster(f64),
    /// How many times the peer's time, at most.
    Within(f64),
    /// A figure of the product's own, at most: there is no peer.
    AtMost(f64),
    /// Nothing: the row is for information, as how many times faster.
    None,
    /// Nothing: the row is for information, as the part of the product's time that is the peer's.
    Share,
}

/// Every row at every size whose name holds `part`; the one alone that is called so.
pub(crate) fn entries(part: &str) -> Vec<Entry> {
    let each = |row: &'static Row| row.sizes.iter().map(move |size| Entry { row, size: *size });
    let found: Vec<Entry> = rows().flat_map(each).filter(|entry| entry.name().contains(part)).collect();
    match found.iter().find(|entry| entry.name() == part) {
        Some(entry) => vec![*entry],
        None => found,
    }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    [core::ROWS, guard::ROWS, loopback::ROWS, scripted::ROWS].into_iter().flatten()
}

impl Entry {
    /// As `--only` finds it: `core-packet-limit/200B`.
    pub(crate) fn name(self) -> String {
        format!("{}/{}", self.row.id(), self.size.name())
    }

    pub(crate) fn for_information(self) -> bool {
        matches!(self.row.target, Target::None | Target::Share) || !self.row.counted.contains(&self.size)
    }
}

impl Row {
    pub(crate) fn id(&self) -> String {
        if self.side.is_empty() { self.contest.to_owned() } else { format!("{}-{}", self.contest, self.side) }
    }
}

impl Group {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Core => "Core (Rust)",
            Self::Guard => "Replay guard (Rust)",
            Self::ConstantTime => "Constant time (Rust)",
            Self::Loopback => "A request on loopback",
            Self::Python => "Python",
            Self::Node => "Node",
            Self::Wasm => "wasm in Node",
        }
    }
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Bytes => "bytes",
            Self::T => "t",
        }
    }
}

impl Target {
    /// The ratio that this target is about, where a figure without a peer is held against its limit.
    pub(crate) fn ratio(self, product: f64, peer: f64) -> f64 {
        match self {
            Self::Faster(_) | Self::None | Self::Share => peer / product,
            Self::Within(_) => product / peer,
            Self::AtMost(most) => product / most,
        }
    }

    /// Whether a ratio meets it; nothing where none is set.
    pub(crate) fn is_met(self, ratio: f64) -> Option<bool> {
        match self {
            Self::Faster(least) => Some(ratio >= least),
            Self::Within(most) => Some(ratio <= most),
            Self::AtMost(_) => Some(ratio <= 1.0),
            Self::None | Self::Share => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn faster_is_the_peers_time_over_ours() {
        let target = Target::Faster(6.0);
        assert_eq!(target.ratio(100.0, 700.0), 7.0);
        assert_eq!([5.9, 6.0].map(|ratio| target.is_met(ratio)), [Some(false), Some(true)]);
    }

    #[test]
    fn within_is_our_time_over_the_peers() {
        let target = Target::Within(1.3);
        assert_eq!(target.ratio(150.0, 100.0), 1.5);
        assert_eq!([1.3, 1.4].map(|ratio| target.is_met(ratio)), [Some(true), Some(false)]);
    }

    #[test]
    fn a_figure_is_held_against_its_limit() {
        let target = Target::AtMost(40.0);
        assert_eq!(target.ratio(20.0, f64::NAN), 0.5);
        assert_eq!([40.0, 41.0].map(|ns| target.is_met(target.ratio(ns, 0.0))), [Some(true), Some(false)]);
    }

    #[test]
    fn without_a_target_nothing_is_met_or_short() {
        assert_eq!(Target::None.is_met(9.0), None);
        assert!(entries("core-parts-ring/200B").iter().all(|entry| entry.for_information()));
    }

    #[test]
    fn a_whole_name_is_of_one_row() {
        assert_eq!(entries("guard-claim/1000000").len(), 1);
        assert_eq!(entries("guard-claim/1000").len(), 3);
        assert!(entries("guard-clam").is_empty());
    }

    #[test]
    fn other_sizes_are_for_information() {
        let informs = |name| entries(name).iter().map(|entry| entry.for_information()).collect::<Vec<_>>();
        assert_eq!(informs("core-packet-limit/200B"), [false]);
        assert_eq!(informs("core-packet-limit/16KiB"), [true]);
    }

    #[test]
    fn names_are_of_one_entry_each() {
        let all = entries("");
        assert_eq!(all.iter().map(|entry| entry.name()).collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn what_is_counted_is_measured() {
        for row in rows() {
            assert!(row.counted.iter().all(|size| row.sizes.contains(size)), "{}", row.id());
            assert_eq!(row.side.is_empty(), row.peer.is_empty(), "{}", row.id());
            assert!(
                !row.side.is_empty() || !matches!(row.target, Target::Faster(_) | Target::Within(_)),
                "{}",
                row.id()
            );
        }
    }

    /// Each target that is wanted, in the order of the list that they come from.
    const WANTED: &[(&str, Target)] = &[
        ("core-mac-limit/64B", Target::Within(1.25)),
        ("core-mac-limit/256B", Target::Within(1.25)),
        ("core-mac-limit/1KiB", Target::Within(1.25)),
        ("core-mac-limit/16KiB", Target::Within(1.25)),
        ("core-packet-limit/200B", Target::Within(1.3)),
        ("core-batch-single/200B", Target::Within(0.6)),
        ("core-token-jsonwebtoken/250B", Target::Faster(6.0)),
        ("core-token-timed-limit/250B", Target::Within(2.0)),
        ("core-json-canonicalizer/64B", Target::Faster(8.0)),
        ("core-json-canonicalizer/256B", Target::Faster(8.0)),
        ("core-json-canonicalizer/1KiB", Target::Faster(8.0)),
        ("core-json-canonicalizer/16KiB", Target::Faster(8.0)),
        ("python-parts-hmac/200B", Target::Faster(7.0)),
        ("python-token-pyjwt/250B", Target::Faster(40.0)),
        ("python-token-joserfc/250B", Target::Faster(30.0)),
        ("python-sign-dumps/200B", Target::Faster(1.0)),
        ("node-parts-createhmac/200B", Target::Faster(7.0)),
        ("node-token-fastjwt/250B", Target::Faster(4.0)),
        ("node-token-fastjwt-cached/250B", Target::Faster(1.0)),
        ("node-token-jsonwebtoken/250B", Target::Faster(6.0)),
        ("wasm-parts-createhmac/200B", Target::Faster(2.0)),
        ("wasm-parts-noble/200B", Target::Faster(5.0)),
        ("wasm-parts-webcrypto/200B", Target::Faster(5.0)),
        ("wasm-download/gzip", Target::AtMost(20_000.0)),
        ("guard-claim/1000000", Target::AtMost(40.0)),
        ("guard-memory/1000000", Target::AtMost(45.0)),
        ("guard-longest/10000000", Target::AtMost(1e6)),
        ("guard-threads-single/1000000", Target::Faster(1.5)),
        ("constant-parts/200B", Target::AtMost(4.5)),
        ("constant-token/250B", Target::AtMost(4.5)),
    ];

    #[test]
    fn every_target_has_its_row() {
        let all = entries("");
        for (name, target) in WANTED {
            let entry = all.iter().find(|entry| entry.name() == *name);
            let entry = entry.unwrap_or_else(|| panic!("no row {name}"));
            assert_eq!((entry.row.target, entry.for_information()), (*target, false), "{name}");
        }
    }

    #[test]
    fn verification_and_writing_are_measured_at_every_size() {
        for name in [
            "core-packet-limit",
            "core-batch-single",
            "python-parts-hmac",
            "node-parts-createhmac",
            "wasm-parts-noble",
            "core-json-canonicalizer",
        ] {
            for size in ["64B", "256B", "1KiB", "16KiB"] {
                let all = entries(&format!("{name}/{size}"));
                assert_eq!(all.len(), 1, "{name} at {size}");
            }
        }
    }
}
