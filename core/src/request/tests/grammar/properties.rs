//! Any text is read as `sfv` reads it.

use super::*;
use alloc::borrow::ToOwned as _;
use proptest::prelude::*;
use sfv::{BareItem, Item};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_text_is_read_as_sfv_reads_it(text in text()) {
        let theirs = dictionary_of(&text);
        let Some(ours) = members(&text) else {
            prop_assert_eq!(theirs, None);
            return Ok(());
        };
        // Of members with one label the RFC keeps the last; ours keeps all, so that a repeated one can be refused.
        let mut last = Dictionary::new();
        for (label, text) in ours {
            let value = value_of(text);
            prop_assert!(value.is_some(), "{}", text);
            last.extend(value.map(|value| (sfv::KeyRef::from_str(label).unwrap().to_owned(), value)));
        }
        prop_assert_eq!(theirs, Some(last));
    }

    #[test]
    fn what_is_read_as_a_member_of_ours_is_so_to_sfv(text in text()) {
        let text = text.split_once('=').map_or(text.as_str(), |(_, value)| value);
        if let Some((items, parameters)) = structured::inner_list(text) {
            let Some(ListEntry::InnerList(theirs)) = value_of(text) else {
                return Err(TestCaseError::fail("no inner list"));
            };
            prop_assert!(theirs.items.iter().all(|item| item.params.is_empty()));
            let values = theirs.items.iter().map(|item| &item.bare_item);
            prop_assert!(items.iter().zip(values).all(|(ours, theirs)| is_same(ours, theirs)));
            prop_assert_eq!(items.len(), theirs.items.len());
            for (name, value) in &theirs.params {
                let (_, ours) = parameters.iter().rfind(|(known, _)| *known == name.as_str()).unwrap();
                prop_assert!(is_same(ours, value));
            }
            prop_assert!(parameters.iter().all(|(name, _)| theirs.params.contains_key(*name)));
        }
        if let Some(bytes) = structured::byte_sequence(text) {
            prop_assert_eq!(bytes, "");
            prop_assert_eq!(value_of(text), Some(ListEntry::Item(Item::new(BareItem::ByteSequence(vec![])))));
        }
    }
}

fn is_same(ours: &Bare<'_>, theirs: &BareItem) -> bool {
    match (ours, theirs) {
        (Bare::Integer(digits), BareItem::Integer(whole)) => digits.parse() == Ok(i64::from(*whole)),
        (Bare::String(text), BareItem::String(string)) => {
            text.replace("\\\"", "\"").replace("\\\\", "\\") == string.as_str()
        }
        (Bare::Decimal, BareItem::Decimal(_))
        | (Bare::Token, BareItem::Token(_))
        | (Bare::Boolean, BareItem::Boolean(_)) => true,
        (Bare::Bytes(_), BareItem::ByteSequence(bytes)) => bytes.is_empty(),
        _ => false,
    }
}

/// Dictionaries with something put in where it may hurt, and pieces in any order.
fn text() -> impl Strategy<Value = String> {
    let soup = prop::collection::vec(one_of(PIECES), 0..12).prop_map(|pieces| pieces.concat());
    let spoilt =
        (dictionary(), any::<prop::sample::Index>(), prop::option::of(one_of(PIECES))).prop_map(spoil);
    prop_oneof![1 => soup, 3 => spoilt].prop_map(|text| without_bytes(&text))
}

fn dictionary() -> impl Strategy<Value = String> {
    let parameters = prop::collection::vec(one_of(&[";a", "; b=1", ";c=\"x\"", ";a=?0", ";*=t"]), 0..3);
    let item =
        (one_of(ITEMS), parameters).prop_map(|(item, parameters)| format!("{item}{}", parameters.concat()));
    let value = prop_oneof![
        1 => Just(String::new()),
        2 => item.clone().prop_map(|item| format!("={item}")),
        3 => prop::collection::vec(item, 0..3).prop_map(|items| format!("=({});a=1", items.join(" "))),
    ];
    let member =
        (one_of(&["a", "b", "c-d", "*"]), value).prop_map(|(label, value)| format!("{label}{value}"));
    (prop::collection::vec(member, 0..4), one_of(&[",", ", ", "\t, "]))
        .prop_map(|(members, comma)| members.join(comma))
}

fn spoil((text, at, piece): (String, prop::sample::Index, Option<&str>)) -> String {
    let (before, after) = text.split_at(at.index(text.len() + 1));
    format!("{before}{}{after}", piece.unwrap_or_default())
}

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(texts)
}

/// Bytes are decoded where they are ours alone, so nothing stands between any two colons.
fn without_bytes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(':') {
        out.push_str(before);
        out.push(':');
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        rest = match after.split_once(':') {
            Some((bytes, after)) if bytes.bytes().all(is_base64) => {
                out.push(':');
                after
            }
            _ => after,
        };
    }
    out + rest
}

const ITEMS: &[&str] = &["7", "-0", "1.5", "\"x\"", "\"\\\\\"", "t:/", "::", "?1", "\"@y\""];

const PIECES: &[&str] = &[
    "a",
    "b=",
    "*=",
    "a=(",
    "b;c",
    "=",
    ",",
    ", ",
    "\t,",
    ";",
    "; ",
    ";a=",
    "(",
    ")",
    " ",
    "  ",
    "\t",
    "\"",
    "\\",
    "\\\"",
    "\"x\"",
    "\"@y\"",
    "?1",
    "?0",
    "?",
    "7",
    "-",
    "0",
    ".",
    ".5",
    "123456",
    "999999999999",
    "x",
    "X",
    "_",
    "/",
    ":",
    "::",
    "é",
    "\x7f",
    "A=1",
    "b=1",
    "c=t",
    "(1 2)",
    "a=();b",
];
