//! What a line holds. Values stay the text they were written in, so that no depth, no size of a number and no lone surrogate is lost or refused
//! before the SDK has seen it.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterseal_shared::{Error, ErrorCode, Result};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;

/// The members of one JSON object, unescaped name to the text of its value; the last of equal names stands.
pub(crate) struct Members<'a>(BTreeMap<Text, &'a str>);

impl<'a> Members<'a> {
    /// None if `text` is not one JSON object.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        // Names are read leniently below; this pass holds them, too, to the grammar.
        serde_json::from_str::<&RawValue>(text).ok()?;
        let members: BTreeMap<Text, &RawValue> = serde_json::from_str(text).ok()?;
        Some(Self(members.into_iter().map(|(name, value)| (name, value.get())).collect()))
    }

    /// The text of a member's value.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name.as_bytes()).copied()
    }

    /// The text of a member that may be absent, but not null.
    pub(crate) fn optional(&self, name: &str) -> Result<Option<&'a str>> {
        match self.get(name) {
            Some("null") => Err(unusable("an optional member is absent, never null")),
            value => Ok(value),
        }
    }

    /// The bytes of a member that must be a JSON string; a lone surrogate becomes the three bytes of its WTF-8 form.
    pub(crate) fn text(&self, name: &str) -> Result<Vec<u8>> {
        self.get(name).and_then(text_of).ok_or_else(|| unusable("a member is not text"))
    }

    /// A member that must be a JSON string of Unicode scalar values.
    pub(crate) fn string(&self, name: &str) -> Result<String> {
        scalars(self.text(name)?)
    }

    /// As [`Members::string`], where the member may be absent.
    pub(crate) fn optional_string(&self, name: &str) -> Result<Option<String>> {
        self.optional(name)?.map(|_| self.string(name)).transpose()
    }

    /// The bytes of a member that must be strict base64url.
    pub(crate) fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        decoded(&self.text(name)?)
    }

    /// A member that must be a number, where it is there; infinite if it is beyond every double.
    pub(crate) fn optional_number(&self, name: &str) -> Result<Option<f64>> {
        self.optional(name)?.map(number_of).transpose()
    }

    /// A member that must be an object.
    pub(crate) fn object(&self, name: &str) -> Result<Members<'a>> {
        self.get(name).and_then(Members::read).ok_or_else(|| unusable("a member is not an object"))
    }

    /// A member that must be a list of values, each as its text.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<&'a str>> {
        let list: Option<Vec<&RawValue>> = self.get(name).and_then(|text| serde_json::from_str(text).ok());
        Ok(list.ok_or_else(|| unusable("a member is not a list"))?.into_iter().map(RawValue::get).collect())
    }

    /// A JSON object of those members that `keep` names, values unchanged.
    pub(crate) fn options(&self, keep: impl Fn(&str) -> bool) -> Result<String> {
        let mut parts = Vec::new();
        for name in self.0.keys() {
            let name = std::str::from_utf8(&name.0).map_err(|_| unusable("a name holds a lone surrogate"))?;
            if let Some(value) = keep(name).then(|| self.optional(name)).transpose()?.flatten() {
                parts.push(format!("{}:{value}", serde_json::Value::from(name)));
            }
        }
        Ok(format!("{{{}}}", parts.join(",")))
    }
}

/// The bytes of a JSON string, or None for another value.
pub(crate) fn text_of(value: &str) -> Option<Vec<u8>> {
    serde_json::from_str::<Text>(value).ok().map(|text| text.0)
}

/// As [`Members::string`], of a value.
pub(crate) fn string_of(value: &str) -> Result<String> {
    scalars(text_of(value).ok_or_else(|| unusable("a member is not text"))?)
}

/// As [`Members::bytes`], of a value.
pub(crate) fn bytes_of(value: &str) -> Result<Vec<u8>> {
    decoded(&text_of(value).ok_or_else(|| unusable("a member is not text"))?)
}

fn scalars(text: Vec<u8>) -> Result<String> {
    String::from_utf8(text).map_err(|_| unusable("a member holds a lone surrogate"))
}

fn decoded(text: &[u8]) -> Result<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| unusable("a member is not base64url"))
}

/// The nearest double of a JSON number's text.
pub(crate) fn number_of(value: &str) -> Result<f64> {
    value.parse().map_err(|_| unusable("a member is not a number"))
}

/// The answer to a line that cannot be put to the SDK at all.
pub(crate) fn unusable(detail: &'static str) -> Error {
    Error::new(ErrorCode::MalformedArgument, detail)
}

/// A JSON string as bytes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Text(Vec<u8>);

impl std::borrow::Borrow<[u8]> for Text {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Asked for bytes, serde_json lets lone surrogates pass.
        deserializer.deserialize_bytes(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
        Ok(Text(bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_surrogate_arrives_as_its_three_bytes_and_a_pair_as_four() {
        let members = Members::read(r#"{"a":"\ud800!","b":"\ud83d\ude00","\udc00":1}"#).unwrap();
        assert_eq!(members.text("a").unwrap(), b"\xed\xa0\x80!");
        assert_eq!(members.text("b").unwrap(), "😀".as_bytes());
        assert!(members.string("a").is_err());
    }

    #[test]
    fn a_value_keeps_its_text_and_null_is_no_absence() {
        let members = Members::read(r#"{"a": 1.0 ,"b":null,"a":1e999}"#).unwrap();
        assert_eq!(members.get("a"), Some("1e999"));
        assert_eq!(members.optional_number("a").unwrap(), Some(f64::INFINITY));
        assert!(members.optional("b").is_err());
        assert_eq!(members.optional("c").unwrap(), None);
    }

    #[test]
    fn options_are_the_members_kept_as_they_stand() {
        let members = Members::read(r#"{"id":"x","owner":"\u0041","n":1.50}"#).unwrap();
        assert_eq!(members.options(|name| name != "id").unwrap(), r#"{"n":1.50,"owner":"\u0041"}"#);
    }
}
