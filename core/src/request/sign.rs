//! Signs requests.

use super::authority::Authority;
use super::base::Base;
use super::components::{Component, Coverage};
use super::digest::{self, BodyHash};
use super::fields::{Field, Fields};
use super::options::SignerOptions;
use super::structured;
use super::target::Target;
use super::{Fault, LABEL, check_method, signature};
use crate::error::{Error, ErrorCode, Result};
use crate::key::{Key, Use};
use crate::nonce::Nonce;
use crate::time::Timestamp;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Signs requests with one key.
#[derive(Clone, Debug)]
pub struct RequestSigner {
    key: Key,
    options: SignerOptions,
}

/// A request that is about to leave.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The method, as it is sent.
    pub method: &'a str,
    /// The absolute URL, as it is sent.
    pub url: &'a str,
    /// The header fields that it already has.
    pub headers: &'a [Field<'a>],
    /// The body, as it is sent.
    pub body: &'a [u8],
}

impl RequestSigner {
    /// A signer that covers what the profile names.
    ///
    /// # Errors
    /// `malformed_argument` if the key is not for requests.
    pub fn new(key: Key) -> Result<Self> {
        Self::from_options(key, b"{}")
    }

    /// A signer whose options are JSON: `extra_fields` (names in lower case, always covered), `body_limit` (bytes).
    ///
    /// # Errors
    /// As [`RequestSigner::new`]; `malformed_argument` for an unknown member, a name that is none, or a limit out of range.
    pub fn from_options(key: Key, json: &[u8]) -> Result<Self> {
        key.check_signs(&Use::Request)?;
        Ok(Self { key, options: SignerOptions::from_json(json)? })
    }

    /// The longest body that is signed, in bytes.
    pub fn body_limit(&self) -> usize {
        self.options.limit.bytes()
    }

    /// The header fields to add to the request: `Content-Digest` where it has a body, `Signature-Input`, `Signature`.
    ///
    /// # Errors
    /// `malformed_argument` for a method, URL or covered field outside its grammar, an extra field that is absent, a repeated field, or a request
    /// that already has a `Content-Digest` or our label; `payload_too_large`; `revoked_key`, `inactive_key`.
    pub fn sign(
        &self,
        request: &Outgoing<'_>,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<Vec<(&'static str, String)>> {
        let covered = self.cover(request).map_err(|fault| Error::new(ErrorCode::MalformedArgument, fault))?;
        self.options.limit.check_body(request.body)?;
        self.key.check_status(now)?;
        let components: Vec<_> = covered.iter().map(|(component, _)| *component).collect();
        let member = Coverage::write(&components, now, nonce, self.key.id());
        let mut base = Base::new();
        for (component, value) in &covered {
            base.line(component.name(), value);
        }
        let tag = signature::mac(self.key.mac_key(), &base.close(&member));
        let digest = covered.into_iter().find(|(component, _)| *component == DIGEST);
        let digest = digest.map(|(_, value)| ("Content-Digest", value.into_owned()));
        let own = [
            ("Signature-Input", format!("{LABEL}={member}")),
            ("Signature", signature::written(LABEL, &tag)),
        ];
        Ok(digest.into_iter().chain(own).collect())
    }

    /// Each covered component with its value, in the profile's order.
    fn cover<'a>(&'a self, request: &Outgoing<'a>) -> Result<Vec<(Component<'a>, Cow<'a, str>)>, Fault> {
        check_method(request.method)?;
        let target = Target::of_url(request.url)?;
        let Some((scheme, authority)) = target.origin else { return Err("the URL names no server") };
        let authority = authority.to_text(scheme);
        let fields = Fields(request.headers);
        check_host(&fields, |host| Ok(Authority::read(host)?.is_written(&authority, scheme)))?;
        check_unsigned(&fields)?;
        let mut covered: Vec<(Component<'a>, Cow<'a, str>)> = [
            (Component::Method, Cow::Borrowed(request.method)),
            (Component::Authority, Cow::Owned(authority)),
            (Component::Path, Cow::Borrowed(target.path)),
            (Component::Query, Cow::Borrowed(target.query)),
        ]
        .into();
        if !request.body.is_empty() {
            covered.push((DIGEST, Cow::Owned(digest::write(&BodyHash::of(request.body)))));
        }
        for name in WHERE_CARRIED {
            if let Some(value) = fields.single(name)? {
                covered.push((Component::Field(name), Cow::Borrowed(value)));
            }
        }
        for name in self.options.extra.iter() {
            let value = fields.single(name)?.ok_or("a field of extra_fields is absent")?;
            covered.push((Component::Field(name), Cow::Borrowed(value)));
        }
        Ok(covered)
    }
}

/// A Host field of the caller's own must agree with the URL: it is what the server will see.
fn check_host(fields: &Fields<'_>, agrees: impl Fn(&str) -> Result<bool, Fault>) -> Result<(), Fault> {
    match fields.single("host")? {
        Some(host) if !agrees(host)? => Err("the Host field and the URL name different servers"),
        _ => Ok(()),
    }
}

/// Only one signature of ours, over a digest of ours.
fn check_unsigned(fields: &Fields<'_>) -> Result<(), Fault> {
    if fields.has("content-digest") {
        return Err("the request has a Content-Digest already; the signer adds it");
    }
    for name in ["signature-input", "signature"] {
        if let Some(value) = fields.joined(name)? {
            let members =
                structured::dictionary(&value).ok_or("Signature-Input or Signature is no dictionary")?;
            if members.iter().any(|member| member.label == LABEL) {
                return Err("the request is signed already; sign each attempt once");
            }
        }
    }
    Ok(())
}

pub(crate) const DIGEST: Component<'static> = Component::Field("content-digest");
/// Covered where the request carries them.
pub(super) const WHERE_CARRIED: [&str; 2] = ["content-type", "content-encoding"];
