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
use crate::mac::MacKey;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// The two fields that carry signatures, each as one value.
pub(crate) struct SignedFields<'a> {
    input: Cow<'a, str>,
    signature: Cow<'a, str>,
}

impl<'a> SignedFields<'a> {
    pub(crate) fn read(fields: &Fields<'a>) -> Result<Self, Fault> {
        let field = |name| fields.joined(name)?.ok_or("Signature-Input or Signature is absent");
        Ok(Self { input: field("signature-input")?, signature: field("signature")? })
    }

    /// The key's id in our member, which nothing has proved.
    pub(super) fn claimed_key_id(&self) -> Option<String> {
        let coverage = Coverage::read(self.member().ok()?).ok()?;
        Some(coverage.key_id.into())
    }

    /// Our member of `Signature-Input`, as it stands.
    pub(crate) fn member(&self) -> Result<&str, Fault> {
        own_member(&self.input).map(|member| member.text)
    }

    /// The labels of all signatures, as far as the field can be read.
    pub(crate) fn labels(&self) -> Vec<&str> {
        structured::dictionary(&self.input).unwrap_or_default().iter().map(|member| member.label).collect()
    }
}

/// A request whose form is as it must be.
pub(crate) struct Shape<'a> {
    head: RequestHead<'a>,
    pub(crate) target: Target<'a>,
    /// The names of the server, which agree: of the target in absolute form, of `:authority`, of Host.
    pub(crate) named: Vec<Authority<'a>>,
    fields: Vec<(Component<'a>, &'a str)>,
    member: &'a str,
    pub(crate) coverage: Coverage<'a>,
    pub(crate) digest: Option<Tag>,
    tag: Tag,
}

impl<'a> Shape<'a> {
    pub(crate) fn read(
        head: &RequestHead<'a>,
        fields: &Fields<'a>,
        signed: &'a SignedFields<'a>,
        options: &'a VerifierOptions,
    ) -> Result<Self, Fault> {
        check_method(head.method)?;
        let target = Target::read(head.target)?;
        let named = named(&target, fields, options)?;
        let member = signed.member()?;
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
        !self.named.is_empty() && self.named.iter().all(|named| named.is_written(&own.text, scheme))
    }

    pub(super) fn path(&self) -> &'a str {
        self.target.path
    }

    pub(crate) fn base(&self, authority: &str) -> String {
        self.base_with(|component| self.value(component, authority))
    }

    /// A base of the same components in the same order, with these values.
    pub(crate) fn base_with<'v>(&self, value: impl Fn(Component<'a>) -> &'v str) -> String {
        let mut base = Base::new();
        for component in &self.coverage.components {
            base.line(component.name(), value(*component));
        }
        base.close(self.member)
    }

    /// Whether the signature that arrived is good for a base.
    pub(crate) fn fits(&self, key: &MacKey, base: &str) -> bool {
        signature::fits(key, base, &self.tag)
    }

    /// What a component says in the request that arrived.
    pub(crate) fn value<'v>(&self, component: Component<'a>, authority: &'v str) -> &'v str
    where
        'a: 'v,
    {
        match component {
            Component::Method => self.head.method,
            Component::Authority => authority,
            Component::Path => self.target.path,
            Component::Query => self.target.query,
            Component::Field(_) => {
                self.fields.iter().find(|(covered, _)| *covered == component).map_or("", |(_, value)| *value)
            }
        }
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
pub(crate) fn check_agree(
    named: &[Authority<'_>],
    schemes: impl IntoIterator<Item = Scheme>,
) -> Result<(), Fault> {
    let agree = |scheme| named.windows(2).all(|pair| pair[0].is_same(pair[1], scheme));
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

/// What must be covered, whatever the body is: the components that every request has, and the fields that this one owes.
pub(crate) fn due<'a>(fields: &Fields<'_>, options: &'a VerifierOptions) -> Vec<Component<'a>> {
    let carried = WHERE_CARRIED.into_iter().filter(|name| fields.has(name));
    let named = carried.chain(options.extra.iter()).map(Component::Field);
    DERIVED.into_iter().chain(named).collect()
}

/// The value of each covered field. What must be covered is, and nothing else: the digest alone is judged later, with the body.
fn values<'a>(
    coverage: &Coverage<'a>,
    fields: &Fields<'a>,
    options: &'a VerifierOptions,
) -> Result<Vec<(Component<'a>, &'a str)>, Fault> {
    let due = due(fields, options);
    let covers = |component: &Component<'_>| coverage.components.contains(component);
    check_covered(due.iter().all(covers))?;
    let is_due = |component: &Component<'_>| *component == DIGEST || due.contains(component);
    check_no_other(coverage.components.iter().all(is_due))?;
    let digest = Some(DIGEST).filter(|digest| covers(digest));
    let value = |component: Component<'a>| {
        fields.single(component.name())?.map(|value| (component, value)).ok_or("a covered field is absent")
    };
    due.into_iter().skip(DERIVED.len()).chain(digest).map(value).collect()
}

fn check_covered(all: bool) -> Result<(), Fault> {
    if all { Ok(()) } else { Err("a component that must be covered is not") }
}

fn check_no_other(none: bool) -> Result<(), Fault> {
    if none { Ok(()) } else { Err("a component is covered that the profile does not name") }
}

const DERIVED: [Component<'static>; 4] =
    [Component::Method, Component::Authority, Component::Path, Component::Query];
const LABELS_MAX: usize = 16;
const SIGNATURE: &str = "the member counterseal of Signature is not 32 bytes of base64 between colons";
