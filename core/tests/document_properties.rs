//! Documents against the plainest strict reader: the same values, the same faults at the same places, whatever the text.
#![allow(clippy::unwrap_used, reason = "a helper of a test may stop at the first surprise, as the test may")]

mod model;

use counterseal::ErrorCode;
use counterseal::json::{self, Document, Item, Value};
use proptest::prelude::*;

/// Texts as another writer would send them, well-formed but for rare parts.
fn text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => number(),
        3 => string(),
        1 => prop::sample::select(vec!["null", "true", "false"]).prop_map(String::from),
    ];
    leaf.prop_recursive(6, 120, 40, |inner| {
        let member = (string(), space(), inner.clone(), space());
        prop_oneof![
            (space(), prop::collection::vec((inner, space()), 0..12)).prop_map(|(space, items)| {
                let items: Vec<_> =
                    items.iter().map(|(item, space)| format!("{space}{item}{space}")).collect();
                format!("[{space}{}]", items.join(","))
            }),
            (space(), prop::collection::vec(member, 0..40)).prop_map(|(space, members)| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(name, before, value, after)| {
                        format!("{after}{name}{before}:{after}{value}{before}")
                    })
                    .collect();
                format!("{{{space}{}}}", members.join(","))
            }),
        ]
    })
}

fn space() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", "", " ", "\n", "\t", "\r\n  "])
}

fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        100 => "[a-zA-Z0-9_ ]{0,12}",
        20 => prop::sample::select(ODD_PARTS.to_vec()).prop_map(String::from),
        10 => any::<char>()
            .prop_filter("stands for itself", |c| !matches!(c, '"' | '\\' | '\0'..='\u{1f}'))
            .prop_map(String::from),
        1 => Just(String::from("\\ud83d")),
    ];
    prop::collection::vec(part, 1..5).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        50 => any::<i32>().prop_map(|whole| (whole >> (whole & 31)).to_string()),
        10 => any::<i64>().prop_map(|whole| format!("{:.1}", (whole >> (whole & 63)) as f64)),
        10 => any::<f64>().prop_filter("JSON has no others", |x| x.is_finite()).prop_map(|x| format!("{x:e}")),
        10 => (any::<i32>(), 1..1000_u32).prop_map(|(a, b)| (f64::from(a) / f64::from(b)).to_string()),
        10 => prop::sample::select(ODD_NUMBERS.to_vec()).prop_map(String::from),
        1 => prop::sample::select(vec!["1e999", "9007199254740993", "01", "1.", "18446744073709551615"])
            .prop_map(String::from),
    ]
}

/// Bytes that are a text with a few bytes changed, taken out, put in, or cut off.
fn spoilt() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..4_u8, odd_byte());
    (text(), prop::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for (at, how, byte) in changes {
            let at = at.index(bytes.len() + 1);
            match how {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                2 => bytes.truncate(at),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

fn odd_byte() -> impl Strategy<Value = u8> {
    prop_oneof![any::<u8>(), prop::sample::select(b"\"\\{}[],: \n\0\x1f\x7f\x80\xff0-.eE+ux".to_vec())]
}

/// The same verdict by every way in, and the same value by every way out.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let expected = model::read(bytes);
    let owned = Document::read_owned(bytes.to_vec());
    let tree = json::read(bytes);
    match (Document::read(bytes), expected) {
        (Ok(document), Ok(expected)) => {
            prop_assert_eq!(document.text().as_bytes(), bytes);
            prop_assert_eq!(&tree.unwrap(), &expected);
            check_value(&document, &expected)?;
            check_value(&owned.unwrap(), &expected)?;
            check_value(&document.clone().into_owned(), &expected)?;
        }
        (Err(error), Err(expected)) => {
            prop_assert_eq!(error.code(), ErrorCode::MalformedPayload);
            prop_assert_eq!(error.detail(), &expected);
            prop_assert_eq!(&tree.unwrap_err(), &error);
            prop_assert_eq!(&owned.unwrap_err(), &error);
        }
        (read, expected) => prop_assert!(false, "{:?} where {:?} was expected", read, expected),
    }
    Ok(())
}

fn check_value(document: &Document<'_>, expected: &Value) -> Result<(), TestCaseError> {
    prop_assert!(same(document.root(), expected));
    prop_assert_eq!(&document.to_value(), expected);
    prop_assert_eq!(document.write(), json::write(expected));
    Ok(())
}

/// By iterators, by their lengths, and by name.
fn same(item: Item<'_>, value: &Value) -> bool {
    match (item, value) {
        (Item::Null, Value::Null) => true,
        (Item::Bool(ours), Value::Bool(theirs)) => ours == *theirs,
        (Item::Number(ours), Value::Number(theirs)) => ours.get().to_bits() == theirs.get().to_bits(),
        (Item::String(ours), Value::String(theirs)) => ours == *theirs,
        (Item::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Item::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && theirs.iter().all(|(name, theirs)| ours.get(name).is_some_and(|ours| same(ours, theirs)))
                && ours
                    .zip(theirs)
                    .all(|((name, ours), (known, theirs))| name == *known && same(ours, theirs))
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_text_is_read_as_the_model_reads_it(text in text()) {
        check(text.as_bytes())?;
    }

    #[test]
    fn a_spoilt_text_is_judged_as_the_model_judges_it(bytes in spoilt()) {
        check(&bytes)?;
    }

    #[test]
    fn any_bytes_are_judged_as_the_model_judges_them(bytes in prop::collection::vec(odd_byte(), 0..24)) {
        check(&bytes)?;
    }

    #[test]
    fn a_beginning_of_a_text_is_judged_as_the_model_judges_it(
        text in text(), end in any::<prop::sample::Index>(),
    ) {
        let end = end.index(text.len());
        check(&text.as_bytes()[..end])?;
    }

    #[test]
    fn numbers_are_plain_where_rfc_8785_spells_them_so(number in number()) {
        if let Ok(document) = Document::read(number.as_bytes()) {
            prop_assert_eq!(document.plain_numbers(), document.write() == number);
        }
    }
}

const ODD_PARTS: [&str; 13] = [
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\u0061",
    "\\u0000",
    "\\u00E9",
    "\\uD83D\\ude00",
    "\u{e000}",
    "\u{1f600}",
    "é",
    "\u{7f}",
    "a very long name, longer than any word of memory",
];

const ODD_NUMBERS: [&str; 10] = [
    "-0",
    "0",
    "-0.0",
    "1E5",
    "1.50",
    "9007199254740991",
    "12345678901234567000",
    "999999999999999",
    "1000000000000000",
    "5e-324",
];
