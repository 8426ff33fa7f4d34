//! An explanation for people, and for programs.

use super::{Explanation, Hint, Stage, StageState, number, text};
use crate::json::{self, Value};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

impl Explanation {
    /// For people: the verdict, the stages, what is known, what this side signs, and what to look at. Lines end with LF. Control characters
    /// other than LF are written as JSON escapes, so that what a peer sent cannot steer a terminal.
    pub fn to_text(&self) -> String {
        let mut out = match self.error() {
            Some(error) => format!("{error}\n\n"),
            None => format!("ok: the {} is accepted\n\n", self.subject),
        };
        for stage in &self.stages {
            push_line(
                &mut out,
                &format!("  {:<12} {:<11} {}", stage.state.as_str(), stage.name, stage.detail),
            );
        }
        out.push('\n');
        for (name, value) in &self.facts {
            push_line(&mut out, &format!("  {name:<13} {}", json::write(value)));
        }
        if let Some(input) = &self.signing_input {
            let _ = write!(out, "\nThe signing input on this side:\n\n{input}\n");
        }
        if !self.hints.is_empty() {
            out.push_str("\nWhat to look at:\n");
        }
        for hint in &self.hints {
            push_line(&mut out, &format!("  {}: {}", hint.look_at, hint.text));
        }
        printable(&out)
    }

    /// For programs: one JSON object in RFC 8785 form, on one line. `subject`, `outcome` (`ok` or the code), `stages`, `hints`; if refused
    /// `class`, `status` and `detail`; `signing_input` and the facts where they are known.
    pub fn to_json(&self) -> String {
        let mut members = Vec::new();
        let mut add = |name: &str, value| members.push((name.to_string(), value));
        add("subject", text(self.subject));
        add("outcome", text(self.error().map_or("ok", |error| error.code().as_str())));
        if let Some(error) = self.error() {
            add("class", text(error.code().class().as_str()));
            add("status", number(f64::from(error.code().status())));
            add("detail", text(error.detail()));
        }
        add("stages", Value::Array(self.stages.iter().map(stage_value).collect()));
        for (name, value) in &self.facts {
            add(name, value.clone());
        }
        if let Some(input) = &self.signing_input {
            add("signing_input", text(input));
        }
        add("hints", Value::Array(self.hints.iter().map(hint_value).collect()));
        json::write(&Value::Object(members))
    }
}

fn stage_value(stage: &Stage) -> Value {
    let mut members = Vec::from([("name", text(stage.name)), ("state", text(stage.state.as_str()))]);
    if stage.state != StageState::NotReached {
        members.push(("detail", text(&stage.detail)));
    }
    object(members)
}

fn hint_value(hint: &Hint) -> Value {
    object([("look_at", text(hint.look_at)), ("text", text(&hint.text))])
}

fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() && char != '\n' {
            let _ = write!(out, "\\u{:04x}", u32::from(char));
        } else {
            out.push(char);
        }
    }
    out
}
