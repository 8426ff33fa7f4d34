//! The rows of the replay guard and of constant time.

use super::Size::{Live, Packet, Token};
use super::Target::{AtMost, Faster, None};
use super::Unit::{Bytes, Nanoseconds, T};
use super::{Group, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        contest: "guard-claim",
        side: "",
        group: Group::Guard,
        what: "claim of a nonce",
        peer: "",
        sizes: &[Live(1_000_000), Live(100_000), Live(10_000_000)],
        counted: &[Live(1_000_000)],
        unit: Nanoseconds,
        target: AtMost(40.0),
        note: "the façade's guard, eight owners, claims made up beforehand; time moves on, so that as many nonces expire as are claimed",
    },
    Row {
        contest: "guard-memory",
        side: "",
        group: Group::Guard,
        what: "memory a nonce",
        peer: "",
        sizes: &[Live(1_000_000)],
        counted: &[Live(1_000_000)],
        unit: Bytes,
        target: AtMost(45.0),
        note: "a process of its own: the most that was resident, less what was before there was a guard, over the nonces claimed",
    },
    Row {
        contest: "guard-longest",
        side: "",
        group: Group::Guard,
        what: "longest claim while nonces fill",
        peer: "",
        sizes: &[Live(10_000_000)],
        counted: &[Live(10_000_000)],
        unit: Nanoseconds,
        target: AtMost(1e6),
        note: LONGEST_NOTE,
    },
    Row {
        contest: "guard-turnover",
        side: "",
        group: Group::Guard,
        what: "longest claim while nonces expire",
        peer: "",
        sizes: &[Live(10_000_000)],
        counted: &[],
        unit: Nanoseconds,
        target: AtMost(1e6),
        note: LONGEST_NOTE,
    },
    Row {
        contest: "guard-threads",
        side: "single",
        group: Group::Guard,
        what: "claims by two threads",
        peer: "one thread",
        sizes: &[Live(1_000_000)],
        counted: &[Live(1_000_000)],
        unit: Nanoseconds,
        target: Faster(1.5),
        note: "one shared guard; the time is from the first thread's start to the last one's end, over the claims of both",
    },
    Row {
        contest: "constant-parts",
        side: "",
        group: Group::ConstantTime,
        what: "refused raw parts",
        peer: "",
        sizes: &[Packet],
        counted: &[Packet],
        unit: T,
        target: AtMost(4.5),
        note: CONSTANT_NOTE,
    },
    Row {
        contest: "constant-token",
        side: "",
        group: Group::ConstantTime,
        what: "refused HS256 token",
        peer: "",
        sizes: &[Token(250)],
        counted: &[Token(250)],
        unit: T,
        target: AtMost(4.5),
        note: CONSTANT_NOTE,
    },
    Row {
        contest: "constant-control",
        side: "",
        group: Group::ConstantTime,
        what: "control: stops at the first difference",
        peer: "",
        sizes: &[Packet],
        counted: &[],
        unit: T,
        target: None,
        note: "a comparison of the signatures' text that leaks on purpose, measured alike: a small t here would mean that the method sees nothing",
    },
];

const LONGEST_NOTE: &str = "every claim is timed by itself; the system's interruptions show too, so the figure is the least of several fills' \
                            longest claims. Preallocated for as many as are live and a tenth more";
const CONSTANT_NOTE: &str = "signatures that differ in the first or in the last but one character, in random order; Welch's t over the times of the \
                             two, the largest of several crops. From 10 on a difference is certain";
