//! The real binary, as scripts and people run it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod audits;
mod bench;
mod help;
mod packets;
mod private;
mod requests;
mod streams;
mod tokens;
