//! Each stage made to fail, each hint made to be found, and nothing told that could be used to sign.

mod packets;
mod requests;
mod tokens;
mod tries;

use super::{Explanation, StageState, explain_packet, explain_request, explain_token};
use crate::base64::encode_url;
use crate::key::{Key, KeyOptions, Keyring, Secret};
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

const NOW: u64 = 1_708_167_240;

fn at(seconds: u64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

/// 32 bytes that count up from `first`.
fn secret_bytes(first: u8) -> [u8; 32] {
    core::array::from_fn(|at| first.wrapping_add(at as u8))
}

fn key_of(id: &str, secret: &[u8], options: KeyOptions) -> Key {
    Key::new(id, Secret::from_bytes(secret).unwrap(), options).unwrap()
}

fn ring(keys: impl IntoIterator<Item = Key>) -> Keyring {
    Keyring::new(keys).unwrap()
}

fn outcome(explanation: &Explanation) -> &'static str {
    explanation.error().map_or("ok", |error| error.code().as_str())
}

/// Which stages passed, by their number, and which failed.
fn progress(explanation: &Explanation) -> (usize, Option<&'static str>) {
    let stages = explanation.stages();
    let passed = stages.iter().take_while(|stage| stage.state == StageState::Passed).count();
    let failed = stages.get(passed).filter(|stage| stage.state == StageState::Failed);
    let rest = &stages[passed + usize::from(failed.is_some())..];
    assert!(rest.iter().all(|stage| stage.state == StageState::NotReached && stage.detail.is_empty()));
    assert!(stages[..passed].iter().all(|stage| !stage.detail.is_empty()));
    if let (Some(stage), Some(error)) = (failed, explanation.error()) {
        assert_eq!(stage.detail, error.detail());
    }
    (passed, failed.map(|stage| stage.name))
}

/// The hints, a line each.
fn told(explanation: &Explanation) -> String {
    let lines: Vec<_> =
        explanation.hints().iter().map(|hint| format!("{}: {}", hint.look_at, hint.text)).collect();
    lines.join("\n")
}
