//! Options as data: a JSON object read by the strict reader, judged member by member, in one place for all languages.

use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Value};
use crate::text::{NAME_RULE, is_name};
use crate::time::{Timestamp, Tolerance};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::RangeInclusive;

/// The members of one options object. A number is judged by its value, so that `60.0` is 60 in every language.
pub(crate) struct Options {
    members: Vec<(String, Value)>,
    fault: ErrorCode,
}

impl Options {
    /// Reads `text`, whose members must all be `allowed`. A wrong value, also one that strict JSON refuses, answers `fault`; an unknown
    /// member `malformed_argument`.
    pub(crate) fn read(text: &[u8], allowed: &[&str], fault: ErrorCode) -> Result<Self> {
        let Ok(Value::Object(members)) = json::read(text) else {
            return Err(Error::new(
                fault,
                format!("options must be one JSON object; members: {}", allowed.join(", ")),
            ));
        };
        Self::of(members, allowed, fault)
    }

    pub(crate) fn of(members: Vec<(String, Value)>, allowed: &[&str], fault: ErrorCode) -> Result<Self> {
        match members.iter().find(|(name, _)| !allowed.contains(&name.as_str())) {
            Some((name, _)) => Err(Error::new(
                ErrorCode::MalformedArgument,
                format!("unknown option {name:?}; allowed: {}", allowed.join(", ")),
            )),
            None => Ok(Self { members, fault }),
        }
    }

    /// A whole number in `range`.
    pub(crate) fn whole(&self, name: &str, range: RangeInclusive<u64>) -> Result<Option<u64>> {
        self.member(
            name,
            |value| whole_number(value).filter(|number| range.contains(number)),
            || format!("a whole number from {} to {}", range.start(), range.end()),
        )
    }

    /// A time in whole Unix seconds.
    pub(crate) fn timestamp(&self, name: &str) -> Result<Option<Timestamp>> {
        Ok(self.whole(name, 0..=Timestamp::MAX.seconds())?.and_then(Timestamp::new))
    }

    /// `max_age` and `max_ahead`, in seconds.
    pub(crate) fn tolerance(&self) -> Result<Tolerance> {
        let default = Tolerance::default();
        let window = |name, default| Ok::<_, Error>(self.whole(name, 1..=3600)?.unwrap_or(default));
        Tolerance::new(window("max_age", default.max_age())?, window("max_ahead", default.max_ahead())?)
    }

    /// True or false.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>> {
        let read = |value: &Value| if let Value::Bool(flag) = value { Some(*flag) } else { None };
        self.member(name, read, || "true or false".to_string())
    }

    /// A key id, owner or scope.
    pub(crate) fn name(&self, name: &str) -> Result<Option<String>> {
        self.member(name, |value| text_of(value).filter(|text| is_name(text)), || NAME_RULE.to_string())
    }

    /// A list of owners.
    pub(crate) fn names(&self, name: &str) -> Result<Option<Vec<String>>> {
        self.list(name, NAME_RULE, |text| is_name(text).then(|| text.to_string()))
    }

    /// Any text that `read` accepts.
    pub(crate) fn parsed<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        self.member(name, |value| text_of(value).and_then(|text| read(&text)), || rule.to_string())
    }

    /// A list of texts, each of which `read` accepts.
    pub(crate) fn list<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<Vec<T>>> {
        let items = |value: &Value| match value {
            Value::Array(items) => {
                items.iter().map(|item| text_of(item).and_then(|text| read(&text))).collect()
            }
            _ => None,
        };
        self.member(name, items, || format!("a list; each item {rule}"))
    }

    /// A member that has a reader of its own.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn member<T>(
        &self,
        name: &str,
        read: impl Fn(&Value) -> Option<T>,
        rule: impl Fn() -> String,
    ) -> Result<Option<T>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        match read(value) {
            Some(read) => Ok(Some(read)),
            None => Err(Error::new(self.fault, format!("{name} must be {}", rule()))),
        }
    }
}

fn text_of(value: &Value) -> Option<String> {
    if let Value::String(text) = value { Some(text.clone()) } else { None }
}

fn whole_number(value: &Value) -> Option<u64> {
    let Value::Number(number) = value else { return None };
    let whole = number.get() as u64;
    (whole as f64 == number.get()).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Options> {
        Options::read(text.as_bytes(), &["age", "on", "who", "all"], ErrorCode::MalformedKey)
    }

    #[test]
    fn values_are_judged_by_value() {
        assert_eq!(read(r#"{"age":60.0}"#).unwrap().whole("age", 1..=60).unwrap(), Some(60));
        assert_eq!(read("{}").unwrap().whole("age", 1..=60).unwrap(), None);
        for bad in ["61", "0", "1.5", "-1", "\"60\"", "true", "null", "1e300"] {
            let error = read(&format!(r#"{{"age":{bad}}}"#)).unwrap().whole("age", 1..=60).unwrap_err();
            assert_eq!(error.code(), ErrorCode::MalformedKey, "{bad}");
            assert_eq!(error.detail(), "age must be a whole number from 1 to 60");
        }
    }

    #[test]
    fn other_types() {
        let options = read(r#"{"on":1,"who":"a b","all":["a",5]}"#).unwrap();
        assert!(options.flag("on").is_err());
        assert!(options.name("who").is_err());
        assert!(options.list("all", NAME_RULE, |text| Some(text.to_string())).is_err());
        let options = read(r#"{"on":true,"who":"a","all":["a"]}"#).unwrap();
        assert_eq!(options.flag("on").unwrap(), Some(true));
        assert_eq!(options.name("who").unwrap().as_deref(), Some("a"));
        assert_eq!(
            options.list("all", NAME_RULE, |text| Some(text.to_string())).unwrap(),
            Some(alloc::vec!["a".to_string()])
        );
    }

    #[test]
    fn an_unknown_member_is_named() {
        let error = read(r#"{"agee":60}"#).err().unwrap();
        assert_eq!(error.code(), ErrorCode::MalformedArgument);
        assert_eq!(error.detail(), r#"unknown option "agee"; allowed: age, on, who, all"#);
        for bad in ["[]", "{", r#"{"age":1e400}"#] {
            assert_eq!(read(bad).err().unwrap().code(), ErrorCode::MalformedKey, "{bad}");
        }
    }
}
