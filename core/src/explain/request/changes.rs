//! What a peer may have signed in the place of what arrived.

use super::super::{Hint, text, tries};
use super::{authority, target};
use crate::json;
use crate::key::Keyring;
use crate::mac::MacKey;
use crate::request::{Component, Fields, RequestVerifier, Shape, VerifierOptions};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A request whose shape holds, and the authority that this side signs for.
pub(super) struct Arrived<'c> {
    pub(super) shape: &'c Shape<'c>,
    pub(super) fields: Fields<'c>,
    pub(super) options: &'c VerifierOptions,
    /// The verifier's own, or what the request names if it is for none of them.
    pub(super) authority: String,
}

impl<'c> Arrived<'c> {
    pub(super) fn new(shape: &'c Shape<'c>, fields: Fields<'c>, verifier: &'c RequestVerifier) -> Self {
        let options = verifier.options();
        let own = verifier.check_authority(shape).ok().map(|own| own.text.clone());
        let authority = own.or_else(|| authority::named(shape, options)).unwrap_or_default();
        Self { shape, fields, options, authority }
    }

    pub(super) fn keys(&self, ring: &Keyring) -> Vec<tries::Part<MacKey>> {
        tries::keys(ring, self.shape.coverage.key_id, "keyid")
    }

    pub(super) fn value(&self, component: Component<'c>) -> &str {
        self.shape.value(component, &self.authority)
    }

    /// What this side signs.
    pub(super) fn base(&self) -> String {
        self.shape.base(&self.authority)
    }

    /// What it would sign with these changes, of which the first decides.
    pub(super) fn base_with(&self, changes: &[&Change<'c>]) -> String {
        self.shape.base_with(|component| {
            let mut changed = changes.iter().flat_map(|change| &change.values);
            changed
                .find(|(other, _)| *other == component)
                .map_or_else(|| self.value(component), |(_, value)| value)
        })
    }
}

/// One thing that may have been another, and what that would mean.
pub(super) struct Change<'c> {
    values: Vec<(Component<'c>, String)>,
    pub(super) hint: Hint,
}

/// All that are tried, each once.
pub(super) struct Changes<'a, 'c> {
    pub(super) arrived: &'a Arrived<'c>,
    all: Vec<Change<'c>>,
}

impl<'a, 'c> Changes<'a, 'c> {
    pub(super) fn of(arrived: &'a Arrived<'c>) -> Vec<Change<'c>> {
        let mut changes = Self { arrived, all: Vec::new() };
        changes.add_methods();
        authority::add(&mut changes);
        target::add(&mut changes);
        changes.add_media_types();
        changes.all
    }

    /// One component as it may have been; `how` says what that would mean.
    pub(super) fn add(&mut self, component: Component<'c>, value: String, how: &str) {
        let (look_at, what) = match component {
            Component::Method => ("method", "method"),
            Component::Authority => ("authority", "authority"),
            Component::Path => ("path", "path"),
            Component::Query => ("query", "query"),
            Component::Field(name) => ("header", name),
        };
        let text = format!("the peer signed the {what} {}: {how}", shown(&value));
        self.add_all([(component, value)].into(), Hint::new(look_at, text));
    }

    pub(super) fn add_all(&mut self, mut values: Vec<(Component<'c>, String)>, hint: Hint) {
        values.retain(|(component, value)| self.arrived.value(*component) != value);
        if !values.is_empty() && !self.all.iter().any(|known| known.values == values) {
            self.all.push(Change { values, hint });
        }
    }

    fn add_methods(&mut self) {
        let method = self.arrived.value(Component::Method).to_string();
        for name in OVERRIDES {
            if let Ok(Some(value)) = self.arrived.fields.single(name) {
                self.add(Component::Method, value.to_string(), &format!("{name} says so"));
            }
        }
        let case = "a method is signed in the case in which it is sent";
        self.add(Component::Method, method.to_ascii_lowercase(), case);
        self.add(Component::Method, method.to_ascii_uppercase(), case);
        let others: &[&str] = match &*method {
            "GET" => &["HEAD", "POST", "PUT", "PATCH", "DELETE"],
            "HEAD" => &["GET"],
            _ => &[],
        };
        for other in others {
            let how = if method == "HEAD" || *other == "HEAD" {
                "a proxy or a framework took one for the other"
            } else {
                "a redirect turned it into GET; sign each request anew"
            };
            self.add(Component::Method, other.to_string(), how);
        }
    }

    /// Client libraries add a charset, proxies take it off.
    fn add_media_types(&mut self) {
        let component = Component::Field("content-type");
        let arrived = self.arrived.value(component);
        if arrived.is_empty() {
            return;
        }
        let bare = arrived.split(';').next().unwrap_or_default().trim().to_string();
        let how = "its parameters were changed after it was signed";
        self.add(component, bare.clone(), how);
        for parameter in ["; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8"] {
            self.add(component, format!("{bare}{parameter}"), how);
        }
        self.add(component, arrived.to_ascii_lowercase(), "its case was changed after it was signed");
    }
}

/// A value as a hint shows it: escaped, and not at any length.
pub(super) fn shown(value: &str) -> String {
    let end = value.char_indices().nth(SHOWN).map_or(value.len(), |(at, _)| at);
    let more = if end < value.len() { "…" } else { "" };
    format!("{}{more}", json::write(&text(&value[..end])))
}

const OVERRIDES: [&str; 3] = ["x-http-method-override", "x-http-method", "x-method-override"];
const SHOWN: usize = 160;
