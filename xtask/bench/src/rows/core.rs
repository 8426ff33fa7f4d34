//! The core's rows.

use super::Size::{self, Input, Json, Packet, Token};
use super::Target::{Faster, None, Within};
use super::Unit::Nanoseconds;
use super::size::{PACKETS, TOKENS};
use super::{Group, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        contest: "core-mac",
        side: "limit",
        group: Group::Core,
        what: "HMAC with cached key",
        peer: LIMIT,
        sizes: INPUTS,
        counted: INPUTS,
        unit: Nanoseconds,
        target: Within(1.25),
        note: MAC_NOTE,
    },
    Row {
        contest: "core-mac",
        side: "ring",
        group: Group::Core,
        what: "HMAC with cached key",
        peer: "ring",
        sizes: INPUTS,
        counted: &[],
        unit: Nanoseconds,
        target: None,
        note: MAC_NOTE,
    },
    Row {
        contest: "core-packet",
        side: "limit",
        group: Group::Core,
        what: "packet verify from bytes",
        peer: LIMIT,
        sizes: PACKETS,
        counted: &[Packet],
        unit: Nanoseconds,
        target: Within(1.3),
        note: AUTHENTICATE_NOTE,
    },
    Row {
        contest: "core-packet",
        side: "ring",
        group: Group::Core,
        what: "packet verify from bytes",
        peer: "ring",
        sizes: PACKETS,
        counted: &[],
        unit: Nanoseconds,
        target: None,
        note: RING_NOTE,
    },
    Row {
        contest: "core-packet-claimed",
        side: "limit",
        group: Group::Core,
        what: "packet verify, nonce claimed",
        peer: LIMIT,
        sizes: PACKETS,
        counted: &[],
        unit: Nanoseconds,
        target: Within(1.3),
        note: CLAIMED_NOTE,
    },
    Row {
        contest: "core-parts",
        side: "limit",
        group: Group::Core,
        what: "verify raw parts",
        peer: LIMIT,
        sizes: PACKETS,
        counted: &[Packet],
        unit: Nanoseconds,
        target: Within(1.3),
        note: AUTHENTICATE_NOTE,
    },
    Row {
        contest: "core-parts",
        side: "ring",
        group: Group::Core,
        what: "verify raw parts",
        peer: "ring",
        sizes: PACKETS,
        counted: &[],
        unit: Nanoseconds,
        target: None,
        note: RING_NOTE,
    },
    Row {
        contest: "core-parts-claimed",
        side: "limit",
        group: Group::Core,
        what: "verify raw parts, nonce claimed",
        peer: LIMIT,
        sizes: PACKETS,
        counted: &[],
        unit: Nanoseconds,
        target: Within(1.3),
        note: CLAIMED_NOTE,
    },
    Row {
        contest: "core-batch",
        side: "single",
        group: Group::Core,
        what: "1,000 packets in one call",
        peer: "one by one",
        sizes: PACKETS,
        counted: &[Packet],
        unit: Nanoseconds,
        target: Within(0.6),
        note: "both are the façade's, each with a guard of its own; the time is of one packet",
    },
    Row {
        contest: "core-token",
        side: "jsonwebtoken",
        group: Group::Core,
        what: "HS256 token to checked claims",
        peer: "jsonwebtoken",
        sizes: TOKENS,
        counted: &[Token(250)],
        unit: Nanoseconds,
        target: Faster(6.0),
        note: "both read the system's clock for each token; the peer runs on ring and is given its key once",
    },
    Row {
        contest: "core-token",
        side: "limit",
        group: Group::Core,
        what: "HS256 token to checked claims",
        peer: LIMIT,
        sizes: TOKENS,
        counted: &[Token(250)],
        unit: Nanoseconds,
        target: Within(2.0),
        note: "the limit is the MAC alone; the product reads the clock, the claims and their rules",
    },
    Row {
        contest: "core-json",
        side: "canonicalizer",
        group: Group::Core,
        what: "RFC 8785 writer",
        peer: CANONICALIZER,
        sizes: TEXTS,
        counted: TEXTS,
        unit: Nanoseconds,
        target: Faster(8.0),
        note: "each writes its own value, read beforehand from one text whose members stand in an application's order",
    },
    Row {
        contest: "core-json-text",
        side: "canonicalizer",
        group: Group::Core,
        what: "JSON text to RFC 8785 text",
        peer: CANONICALIZER,
        sizes: TEXTS,
        counted: &[],
        unit: Nanoseconds,
        target: None,
        note: "both read and write; the peer reads with serde_json, which accepts what the product refuses",
    },
];

const INPUTS: &[Size] = &[Input(64), Input(256), Input(1024), Input(16_384)];
const TEXTS: &[Size] = &[Json(64), Json(256), Json(1024), Json(16_384)];

const LIMIT: &str = "SHA-256 limit";
const CANONICALIZER: &str = "serde_json_canonicalizer";
const MAC_NOTE: &str = "the limit is the compressions that the MAC needs with both states of the key at hand, at the cost of one in a chain; \
                        ring is given its key once too";
const AUTHENTICATE_NOTE: &str =
    "the product's time holds checks 1 to 7: grammar, key, MAC, age and caller; the limit is the MAC alone";
const CLAIMED_NOTE: &str = "all eight checks, the replay guard's included; the limit is the MAC alone";
const RING_NOTE: &str = "the peer checks the MAC alone, over the joined signing input, with a key made once; the product's time holds checks 1 to 7";
