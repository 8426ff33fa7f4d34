//! Check 1: what a request that arrived covers, rebuilt from what arrived (RFC 9421 §3.2).

use super::authority::{Authority, Scheme};
use super::base::Base;
use super::components::{Component, Coverage};
use super::fields::Fields;
use super::options::{OwnAuthority, VerifierOptions};
use super::sign::{DIGEST, WHERE_CARRIED};
use super::signature::{self, Tag};
use super::structured::{self, Member};
use super::target::Target;
use super::verify::RequestHead;
use super::{Fault, LABEL, check_method, digest};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// The two fields that carry signatures, each as one value.
pub(super) struct SignedFields<'a> {
    input: Cow<'a, str>,
    signature: Cow<'a, str>,
}

impl<'a> SignedFields<'a> {
    pub(super) fn read(fields: &Fields<'a>) -> Result<Self, Fault> {
        let field = |name| fields.joined(name)?.ok_or("Signature-Input or Signature is absent");
        Ok(Self { input: field("signature-input")?, signature: field("signature")? })
    }

    /// The key's id in our member, which nothing has proved.
    pub(super) fn claimed_key_id(&self) -> Option<String> {
        let coverage = Coverage::read(own_member(&self.input).ok()?.text).ok()?;
        Some(coverage.key_id.into())
    }
}

/// A request whose form is as it must be.
pub(super) struct Shape<'a> {
    head: RequestHead<'a>,
    target: Target<'a>,
    /// The names of the server, which agree: of the target in absolute form, of `:authority`, of Host.
    named: Vec<Authority<'a>>,
    fields: Vec<(Component<'a>, &'a str)>,
    member: &'a str,
    pub(super) coverage: Coverage<'a>,
    pub(super) digest: Option<Tag>,
    pub(super) tag: Tag,
}

impl<'a> Shape<'a> {
    pub(super) fn read(
        head: &RequestHead<'a>,
        fields: &Fields<'a>,
        signed: &'a SignedFields<'a>,
        options: &'a VerifierOptions,
    ) -> Result<Self, Fault> {
        check_method(head.method)?;
        let target = Target::read(head.target)?;
        let named = named(&target, fields, options)?;
        let member = own_member(&signed.input)?.text;
        let coverage = Coverage::read(member)?;
        let signature = own_member(&signed.signature)?.text;
        let tag = structured::byte_sequence(signature).and_then(signature::decode).ok_or(SIGNATURE)?;
        let values = values(&coverage, fields, options)?;
        let digest = values.iter().find(|(component, _)| *component == DIGEST);
        let digest = digest.map(|(_, value)| digest::read(value)).transpose()?;
        Ok(Self { head: *head, target, named, fields: values, member, coverage, digest, tag })
    }

    /// Whether the request is for this authority. Where the target names no scheme, the port that may be left out is this authority's.
    pub(super) fn is_for(&self, own: &OwnAuthority) -> bool {
        let scheme = self.target.origin.map_or(own.scheme, |(scheme, _)| scheme);
        !self.named.is_empty() && self.named.iter().all(|named| named.to_text(scheme) == own.text)
    }

    pub(super) fn path(&self) -> &'a str {
        self.target.path
    }

    pub(super) fn base(&self, authority: &str) -> String {
        let mut base = Base::new();
        for component in &self.coverage.components {
            let field = || {
                self.fields.iter().find(|(covered, _)| covered == component).map_or("", |(_, value)| *value)
            };
            let value = match component {
                Component::Method => self.head.method,
                Component::Authority => authority,
                Component::Path => self.target.path,
                Component::Query => self.target.query,
                Component::Field(_) => field(),
            };
            base.line(component.name(), value);
        }
        base.close(self.member)
    }
}

/// All names of the server that the request holds. HTTP/1.1 has one Host field, HTTP/2 `:authority`.
fn named<'a>(
    target: &Target<'a>,
    fields: &Fields<'a>,
    options: &VerifierOptions,
) -> Result<Vec<Authority<'a>>, Fault> {
    let mut named: Vec<_> = target.origin.iter().map(|(_, authority)| *authority).collect();
    for name in [":authority", "host"] {
        if let Some(text) = fields.single(name)? {
            named.push(Authority::read(text)?);
        }
    }
    check_named(&named, fields)?;
    match target.origin {
        Some((scheme, _)) => check_agree(&named, [scheme])?,
        None => check_agree(&named, options.authorities.iter().map(|own| own.scheme))?,
    }
    Ok(named)
}

fn check_named(named: &[Authority<'_>], fields: &Fields<'_>) -> Result<(), Fault> {
    let is_there = fields.has(":authority") || fields.has("host");
    if is_there && !named.is_empty() { Ok(()) } else { Err("the request has no Host field") }
}

/// Names agree if they are one under a scheme that the request can have come by: `h` and `h:80` are, by http.
fn check_agree(named: &[Authority<'_>], schemes: impl IntoIterator<Item = Scheme>) -> Result<(), Fault> {
    let agree = |scheme| named.windows(2).all(|pair| pair[0].to_text(scheme) == pair[1].to_text(scheme));
    if schemes.into_iter().any(agree) {
        Ok(())
    } else {
        Err("the target, :authority and Host name different servers")
    }
}

/// Our member of a dictionary, in which no label stands twice.
fn own_member(text: &str) -> Result<Member<'_>, Fault> {
    let members = structured::dictionary(text).ok_or("Signature-Input or Signature is no dictionary")?;
    check_few(&members)?;
    check_labels_once(&members)?;
    members.into_iter().find(|member| member.label == LABEL).ok_or("the label counterseal is absent")
}

fn check_few(members: &[Member<'_>]) -> Result<(), Fault> {
    if members.len() <= LABELS_MAX { Ok(()) } else { Err("more than 16 signatures") }
}

fn check_labels_once(members: &[Member<'_>]) -> Result<(), Fault> {
    let repeated = members
        .iter()
        .enumerate()
        .any(|(at, one)| members[..at].iter().any(|other| other.label == one.label));
    if repeated { Err("a signature's label is repeated") } else { Ok(()) }
}

/// The value of each covered field. What must be covered is, and nothing else: the digest alone is judged later, with the body.
fn values<'a>(
    coverage: &Coverage<'a>,
    fields: &Fields<'a>,
    options: &'a VerifierOptions,
) -> Result<Vec<(Component<'a>, &'a str)>, Fault> {
    let carried = WHERE_CARRIED.into_iter().filter(|name| fields.has(name));
    let due: Vec<_> = carried.chain(options.extra.iter()).map(Component::Field).collect();
    let derived = [Component::Method, Component::Authority, Component::Path, Component::Query];
    let covers = |component: &Component<'_>| coverage.components.contains(component);
    check_covered(derived.iter().chain(&due).all(covers))?;
    let is_due = |component: &Component<'_>| {
        *component == DIGEST || derived.contains(component) || due.contains(component)
    };
    check_no_other(coverage.components.iter().all(is_due))?;
    let digest = Some(DIGEST).filter(|digest| covers(digest));
    let value = |component: Component<'a>| {
        fields.single(component.name())?.map(|value| (component, value)).ok_or("a covered field is absent")
    };
    due.into_iter().chain(digest).map(value).collect()
}

fn check_covered(all: bool) -> Result<(), Fault> {
    if all { Ok(()) } else { Err("a component that must be covered is not") }
}

fn check_no_other(none: bool) -> Result<(), Fault> {
    if none { Ok(()) } else { Err("a component is covered that the profile does not name") }
}

const LABELS_MAX: usize = 16;
const SIGNATURE: &str = "the member counterseal of Signature is not 32 bytes of base64 between colons";
