//! The rows of a signed request beside an unsigned one.

use super::Size::Payload;
use super::Target::{None, Share};
use super::Unit::Nanoseconds;
use super::{Group, Row, Size};

pub(super) const ROWS: &[Row] = &[
    Row {
        contest: "loopback",
        side: "unsigned",
        group: Group::Loopback,
        what: "axum, signed call",
        peer: "the same, unsigned",
        sizes: BODIES,
        counted: &[],
        unit: Nanoseconds,
        target: None,
        note: CALL_NOTE,
    },
    Row {
        contest: "loopback",
        side: "sdk",
        group: Group::Loopback,
        what: "axum, signed call",
        peer: "to sign and to verify alone",
        sizes: BODIES,
        counted: &[],
        unit: Nanoseconds,
        target: Share,
        note: ALONE_NOTE,
    },
    Row {
        contest: "python-loopback",
        side: "unsigned",
        group: Group::Loopback,
        what: "httpx to FastAPI, signed call",
        peer: "the same, unsigned: httpx",
        sizes: BODIES,
        counted: &[],
        unit: Nanoseconds,
        target: None,
        note: PYTHON_NOTE,
    },
    Row {
        contest: "python-loopback",
        side: "sdk",
        group: Group::Loopback,
        what: "httpx to FastAPI, signed call",
        peer: "to sign and to verify alone",
        sizes: BODIES,
        counted: &[],
        unit: Nanoseconds,
        target: Share,
        note: ALONE_NOTE,
    },
];

const BODIES: &[Size] = &[Payload(64), Payload(1024), Payload(16 * 1024)];
const CALL_NOTE: &str = "POST over one open connection of this machine, from before it is signed to the end of the answer; client and server in a \
                         thread each. The server claims the nonce in its own memory";
const PYTHON_NOTE: &str = "as before; uvicorn in a process of its own serves both";
const ALONE_NOTE: &str = "the SDK's work of both ends in one thread, nonce, claim and both readings of the clock included, without the call";
