//! Requests that cannot be read as signed ones: which field, which component.

use super::super::{Hint, clock};
use super::changes::shown;
use crate::request::{
    Authority, Component, Coverage, DIGEST, Fields, RequestHead, Scheme, SignedFields, Target,
    VerifierOptions, check_agree, due, integer,
};
use crate::time::Timestamp;
use alloc::format;
use alloc::vec::Vec;

/// What can be told of it, in the order in which it is judged.
pub(super) fn hints(
    head: &RequestHead<'_>,
    signed: Option<&SignedFields<'_>>,
    options: &VerifierOptions,
    now: Timestamp,
) -> Vec<Hint> {
    let fields = Fields(head.headers);
    let Some(signed) = signed else { return unsigned(&fields) };
    let hint = target(head.target)
        .or_else(|| server(head, &fields))
        .or_else(|| label(signed))
        .or_else(|| time(signed, now));
    match (hint, signed.member().map(Coverage::read)) {
        (Some(hint), _) => Vec::from([hint]),
        (None, Ok(Ok(coverage))) => covered(&coverage, &fields, options),
        _ => Vec::new(),
    }
}

fn unsigned(fields: &Fields<'_>) -> Vec<Hint> {
    let absent = ["signature-input", "signature"].into_iter().filter(|name| !fields.has(name));
    let absent: Vec<_> = absent.collect();
    if absent.is_empty() {
        return Vec::new();
    }
    let text = format!(
        "{} did not arrive: does the client sign this request, and does every proxy let the field through?",
        absent.join(" and ")
    );
    Vec::from([Hint::new("header", text)])
}

fn target(target: &str) -> Option<Hint> {
    Target::read(target).err()?;
    let sent = |byte: u8| matches!(byte, 0x21..=0x7E);
    let text = if !target.bytes().all(sent) {
        "it holds characters that are never sent: a framework decoded it; hand in the target of the request line, raw"
    } else if !target.starts_with('/') && !target.contains("://") {
        "it does not begin with /: hand in the whole target of the request line, raw"
    } else {
        return None;
    };
    Some(Hint::new("path", text))
}

fn server(head: &RequestHead<'_>, fields: &Fields<'_>) -> Option<Hint> {
    let names = [":authority", "host"].map(|name| (name, fields.single(name)));
    if let Some((name, _)) = names.iter().find(|(_, value)| value.is_err()) {
        return Some(Hint::new(
            "header",
            format!("{name} stands more than once, or holds what no name holds"),
        ));
    }
    let there: Vec<_> = names.into_iter().filter_map(|(name, value)| Some((name, value.ok()??))).collect();
    if there.is_empty() {
        return Some(Hint::new("header", "Host did not arrive, nor :authority: hand in all header fields"));
    }
    let origin = Target::read(head.target).ok()?.origin;
    let read = there.iter().filter_map(|(_, value)| Authority::read(value).ok());
    let named: Vec<_> = origin.iter().map(|(_, authority)| *authority).chain(read).collect();
    let schemes =
        origin.map_or_else(|| Vec::from([Scheme::Http, Scheme::Https]), |(scheme, _)| [scheme].into());
    if check_agree(&named, schemes).is_ok() {
        return None;
    }
    let target = origin.map(|_| ("the target", head.target));
    let names: Vec<_> =
        target.into_iter().chain(there).map(|(name, value)| format!("{name} {}", shown(value))).collect();
    Some(Hint::new("authority", format!("they must name one server: {}", names.join(", "))))
}

fn label(signed: &SignedFields<'_>) -> Option<Hint> {
    let labels = signed.labels();
    if labels.is_empty() || labels.contains(&"counterseal") {
        return None;
    }
    let labels: Vec<_> = labels.into_iter().take(SHOWN).map(shown).collect();
    Some(Hint::new(
        "header",
        format!("the signature's label must be counterseal; these arrived: {}", labels.join(", ")),
    ))
}

fn time(signed: &SignedFields<'_>, now: Timestamp) -> Option<Hint> {
    let created = integer(signed.member().ok()?, "created")?;
    clock::unit("created", created.parse().ok()?, now)
}

/// Which component is amiss.
fn covered(coverage: &Coverage<'_>, fields: &Fields<'_>, options: &VerifierOptions) -> Vec<Hint> {
    let due = due(fields, options);
    let mut hints = Vec::new();
    for component in due.iter().filter(|component| !coverage.components.contains(component)) {
        let name = component.name();
        let text = match component {
            Component::Field(_) if options.extra.iter().any(|extra| extra == name) => {
                format!(
                    "{name} is one of extra_fields here, and the peer does not cover it: name the same fields on both sides"
                )
            }
            Component::Field(_) => format!(
                "{name} arrived and is not covered: was it added on its way, or after the request was signed?"
            ),
            _ => format!("{name} is not covered: the peer's signer must cover it"),
        };
        hints.push(Hint::new("header", text));
    }
    for component in &coverage.components {
        let name = component.name();
        let is_field = matches!(component, Component::Field(_));
        let text = if is_field && !fields.has(name) {
            format!(
                "{name} is covered and did not arrive: was it taken out on its way, as a proxy does that decodes or redirects?"
            )
        } else if due.contains(component) || *component == DIGEST {
            continue;
        } else {
            format!(
                "{name} is covered, and neither the profile nor extra_fields names it: name the same fields on both sides"
            )
        };
        hints.push(Hint::new("header", text));
    }
    hints
}

/// How many labels are told.
const SHOWN: usize = 8;
