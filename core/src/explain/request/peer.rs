//! The base that the peer says it signed, held against this side's.

use super::super::{Hint, number, text, tries};
use super::changes::Arrived;
use super::guess;
use crate::json::{self, Value};
use crate::key::Keyring;
use crate::mac::MacKey;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What the comparison shows.
pub(super) enum Peer {
    /// It has so many bytes, and was not compared.
    TooLong(usize),
    Read {
        /// The first line in which the bases differ.
        difference: Option<Difference>,
        /// If the signature that arrived is good for the peer's base: what is wrong nevertheless, with the key or the base's line ends.
        good: Option<Vec<Hint>>,
        /// Whether the key that the request names is in the ring.
        is_known: bool,
    },
}

/// One line, on both sides; on one of them there may be none.
pub(super) struct Difference {
    line: usize,
    component: String,
    ours: Option<String>,
    theirs: Option<String>,
}

impl Peer {
    pub(super) fn read(
        theirs: &str,
        arrived: &Arrived<'_>,
        ring: &Keyring,
        keys: &[tries::Part<MacKey>],
    ) -> Self {
        if theirs.len() > LENGTH_MAX {
            return Self::TooLong(theirs.len());
        }
        // How a file ends its lines is the file's.
        let theirs = theirs.replace("\r\n", "\n");
        let theirs = theirs.trim_end_matches('\n');
        let forms = guess::line_ends(theirs);
        let fits = |key: &tries::Part<MacKey>| {
            let (_, form) = forms.iter().find(|(base, _)| arrived.shape.fits(&key.value, base))?;
            Some(key.hint.iter().chain(form).cloned().collect())
        };
        Self::Read {
            difference: Difference::first(&arrived.base(), theirs),
            good: keys.iter().find_map(fits),
            is_known: ring.get(arrived.shape.coverage.key_id).is_some(),
        }
    }

    /// What to look at. Nothing if the bases are the same and the signature is good.
    pub(super) fn hints(&self) -> Vec<Hint> {
        let (difference, good, is_known) = match self {
            Self::TooLong(length) => {
                let text = format!(
                    "the peer's base has {length} bytes, more than {LENGTH_MAX}: it was not compared"
                );
                return Vec::from([Hint::new("base", text)]);
            }
            Self::Read { difference, good, is_known } => (difference, good, *is_known),
        };
        let mut hints: Vec<Hint> = difference.iter().map(Difference::hint).collect();
        match (good, difference) {
            (Some(more), Some(_)) if more.is_empty() => hints.push(Hint::new("base", GOOD)),
            (Some(more), _) => hints.extend(more.iter().cloned()),
            (None, _) if !is_known => (),
            (None, Some(_)) => hints.push(Hint::new("secret", BAD)),
            (None, None) => hints.push(Hint::new("secret", SAME)),
        }
        hints
    }

    /// For programs: `is_signed` (by the key that is named, exactly so), and where they differ `line`, `component`, `ours` and `theirs`.
    pub(super) fn fact(&self) -> Option<Value> {
        let Self::Read { difference, good, .. } = self else { return None };
        let is_signed = good.as_ref().is_some_and(Vec::is_empty);
        let mut members = Vec::from([("is_signed".to_string(), Value::Bool(is_signed))]);
        if let Some(difference) = difference {
            members.push(("line".to_string(), number(difference.line as f64)));
            members.push(("component".to_string(), text(&difference.component)));
            let sides = [("ours", &difference.ours), ("theirs", &difference.theirs)];
            let there =
                sides.into_iter().filter_map(|(name, side)| Some((name.to_string(), text(side.as_ref()?))));
            members.extend(there);
        }
        Some(Value::Object(members))
    }
}

impl Difference {
    fn first(ours: &str, theirs: &str) -> Option<Self> {
        let (mut our_lines, mut their_lines) = (ours.split('\n'), theirs.split('\n'));
        for line in 1.. {
            let (ours, theirs) = (our_lines.next(), their_lines.next());
            if ours.is_none() && theirs.is_none() {
                return None;
            }
            if ours != theirs {
                return Some(Self::new(line, ours, theirs));
            }
        }
        None
    }

    fn new(line: usize, ours: Option<&str>, theirs: Option<&str>) -> Self {
        let same = ours.unwrap_or_default().chars().zip(theirs.unwrap_or_default().chars());
        let same = same.take_while(|(one, other)| one == other).count();
        let component = ours.and_then(component).or(theirs.and_then(component)).unwrap_or_default();
        let side = |text: Option<&str>| text.map(|text| excerpt(text, same));
        Self { line, component: excerpt(component, 0), ours: side(ours), theirs: side(theirs) }
    }

    fn hint(&self) -> Hint {
        let (look_at, question) = match &*self.component {
            "@method" => ("method", "did a redirect or an override change it?"),
            "@authority" => ("authority", "did a proxy rewrite Host?"),
            "@path" => ("path", "did a proxy strip a prefix or tidy it, or a framework decode it?"),
            "@query" => ("query", "was it encoded anew, reordered or dropped?"),
            "@signature-params" => {
                ("base", "does the peer sign its parameters as it sends them, letter by letter?")
            }
            _ => ("header", "was the field added, changed or taken out on its way?"),
        };
        let side = |text: &Option<String>| match text {
            Some(text) => json::write(&super::text(text)),
            None => String::from("no such line"),
        };
        let text = format!(
            "the bases differ first in line {}: here {}, at the peer {}: {question}",
            self.line,
            side(&self.ours),
            side(&self.theirs)
        );
        Hint::new(look_at, text)
    }
}

/// The name at the beginning of a base's line.
fn component(line: &str) -> Option<&str> {
    line.strip_prefix('"')?.split_once("\": ").map(|(name, _)| name)
}

/// Part of a line, with the place of the difference in it.
fn excerpt(line: &str, place: usize) -> String {
    let from = place.saturating_sub(BEFORE);
    let mut out = String::from(if from > 0 { "…" } else { "" });
    let mut rest = line.chars().skip(from);
    out.extend(rest.by_ref().take(SHOWN));
    if rest.next().is_some() {
        out.push('…');
    }
    out
}

const GOOD: &str = "the signature is good for the peer's base: the secret is right, and the request was changed on its way or is read differently here";
const BAD: &str = "the signature is not good for the peer's base either, with this secret or another of this side: either the secrets differ, or \
                   that is not the base that was signed";
const SAME: &str = "both bases are the same, and no secret of this side fits: the secrets differ";
/// A base has some hundred bytes.
const LENGTH_MAX: usize = 64 * 1024;
/// Characters before the difference, and from there on.
const BEFORE: usize = 60;
const SHOWN: usize = 160;
