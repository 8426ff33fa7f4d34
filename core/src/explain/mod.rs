//! Why a packet, a request or a token was, or would be, refused: stage by stage, for the people on this side (wire contract §4, §6).
//!
//! The verifier judges; what is told here only follows its verdict. An explanation holds no secret, and no signature made on this side: it
//! cannot be used to sign. It is for a person who looks for a fault, since it tries hundreds of signatures where one did not fit.
//! Nothing of it belongs on the wire.

mod claims;
mod clock;
mod keys;
mod packet;
mod request;
mod secrets;
mod token;
mod tries;
mod write;

pub use packet::explain_packet;
pub use request::explain_request;
pub use token::explain_token;

use crate::error::{Error, Result};
use crate::json::{Number, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// A verdict taken apart: how far the verification came, what this side knows, and what to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// `packet`, `request` or `token`.
    subject: &'static str,
    outcome: Result<()>,
    stages: Vec<Stage>,
    facts: Vec<(&'static str, Value)>,
    signing_input: Option<String>,
    hints: Vec<Hint>,
}

/// One stage of the verification order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// Whether it was reached, and passed.
    pub state: StageState,
    /// What was found there; empty where it was not reached.
    pub detail: String,
}

/// What became of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    /// It holds.
    Passed,
    /// Here it ended.
    Failed,
    /// Not judged.
    NotReached,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// In one word: `authority` `base` `body` `claims` `clock` `context` `guard` `header` `key` `kind` `method` `packet` `path` `payload` `policy`
    /// `query` `secret` `token`.
    pub look_at: &'static str,
    /// What is wrong with it, or may be.
    pub text: String,
}

impl Explanation {
    /// Why it is refused, with the verifier's own code and detail; none if it is accepted.
    pub fn error(&self) -> Option<&Error> {
        self.outcome.as_ref().err()
    }

    /// The stages in their order (wire contract §4; for tokens §6).
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// What this side knows: `key_id`, `owner`, `ts`, `age` (seconds) and others, by name.
    pub fn fact(&self, name: &str) -> Option<&Value> {
        self.facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// What this side would sign, once it could be read; of a request, its signature base. Raw bytes stand in it as base64url, and the fact `body_encoding` says so.
    pub fn signing_input(&self) -> Option<&str> {
        self.signing_input.as_deref()
    }

    /// What to look at, the likeliest first.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }
}

impl StageState {
    /// In words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotReached => "not reached",
        }
    }
}

impl Hint {
    fn new(look_at: &'static str, text: impl Into<String>) -> Self {
        Self { look_at, text: text.into() }
    }
}

/// The stages of an order, `passed` of which hold; the next one failed if there is an error that belongs to it.
fn stages(
    names: &[&'static str],
    passed: usize,
    failure: Option<&Error>,
    detail: impl Fn(&str) -> String,
) -> Vec<Stage> {
    let stage = |(at, &name): (usize, &&'static str)| match failure {
        _ if at < passed => Stage { name, state: StageState::Passed, detail: detail(name) },
        Some(error) if at == passed => {
            Stage { name, state: StageState::Failed, detail: String::from(error.detail()) }
        }
        _ => Stage { name, state: StageState::NotReached, detail: String::new() },
    };
    names.iter().enumerate().map(stage).collect()
}

/// For what holds as far as it was judged.
fn not_claimed() -> Vec<Hint> {
    Vec::from([Hint::new(
        "guard",
        "its nonce was not claimed here: whether it is a replay only the serving verifier's guard knows",
    )])
}

fn text(text: &str) -> Value {
    Value::String(String::from(text))
}

/// Seconds, or a difference of them.
fn number(seconds: f64) -> Value {
    Number::new(seconds).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests;
