//! What holds for every JSON value and every text, tried on values and texts drawn at random.

use counterseal::json::{self, Number, Value};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = Number> {
    let bits = any::<u64>().prop_map(f64::from_bits);
    let small = (-1_000_000_i32..1_000_000).prop_map(f64::from);
    let quarters = (0..1_u64 << 53).prop_map(|whole| whole as f64 / 4.0);
    let any = prop_oneof![bits, small, quarters];
    any.prop_filter_map("JSON carries finite numbers only", Number::new)
}

/// Texts with many characters that are escaped, or that UTF-16 and UTF-8 sort differently.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        '"',
        '\\',
        '/',
        '\0',
        '\u{8}',
        '\n',
        '\u{1f}',
        ' ',
        'a',
        'b',
        '\u{7f}',
        'é',
        '\u{d7ff}',
        '\u{e000}',
        '\u{ffff}',
        '\u{10000}',
        '\u{10ffff}',
    ]);
    let odd = prop::collection::vec(odd, 0..5).prop_map(String::from_iter);
    prop_oneof![odd, prop::collection::vec(any::<char>(), 0..4).prop_map(String::from_iter)]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number().prop_map(Value::Number),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 80, 24, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::hash_map(text(), inner, 0..24)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same value with every object's members in the order of their UTF-16 code units.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by_cached_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
            Value::Object(members)
        }
        other => other,
    }
}

/// The value as another writer would send it: spaced, in its own order, escaped where it may be.
fn loosely(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(loosely).collect();
            format!("[ {} ]", items.join(" ,\t"))
        }
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| format!("{}\r\n: {}", escaped(name), loosely(value)))
                .collect();
            format!("\n{{ {} }} ", members.join(" , "))
        }
        Value::String(text) => escaped(text),
        other => json::write(other),
    }
}

fn escaped(text: &str) -> String {
    let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
    format!("\"{units}\"")
}

/// Short texts that are JSON, or nearly.
fn nearly_json() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\"",
        "\"\\n\"",
        "\"\\ud83d\\ude00\"",
        "\"\\x\"",
        "\"\\ud83d\"",
        "\"",
        " ",
        "\n",
        "0",
        "1",
        "-1.5",
        "2e3",
        "01",
        "1.",
        "-",
        "null",
        "true",
        "false",
        "nul",
        "é",
        "\u{b}",
    ]);
    prop::collection::vec(part, 1..8).prop_map(|parts| parts.concat())
}

fn has_member_twice_or_depth(text: &str) -> bool {
    match json::read(text.as_bytes()) {
        Ok(_) => false,
        Err(error) => error.detail().starts_with("a member twice") || error.detail().starts_with("nested"),
    }
}

fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
        (Value::Number(ours), serde_json::Value::Number(theirs)) => theirs.as_f64() == Some(ours.get()),
        (Value::String(ours), serde_json::Value::String(theirs)) => ours == theirs,
        (Value::Array(ours), serde_json::Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), serde_json::Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(name, ours)| theirs.get(name).is_some_and(|theirs| same(ours, theirs)))
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back_and_is_canonical(value in value()) {
        let text = json::write(&value);
        prop_assert_eq!(json::canonical(text.as_bytes()).unwrap(), text.clone());
        prop_assert_eq!(json::read(text.as_bytes()).unwrap(), sorted(value));
    }

    #[test]
    fn one_value_has_one_form_however_it_arrives(value in value()) {
        let loose = loosely(&value);
        prop_assert_eq!(json::canonical(loose.as_bytes()).unwrap(), json::write(&value));
        prop_assert_eq!(json::read(loose.as_bytes()).unwrap(), value);
    }

    #[test]
    fn numbers_keep_every_bit(number in number()) {
        let text = json::write(&Value::Number(number));
        prop_assert_eq!(json::read(text.as_bytes()).unwrap(), Value::Number(number));
        prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.get().to_bits());
    }

    #[test]
    fn shifting_the_point_changes_nothing(
        number in number().prop_filter("no integer beyond 2^53", |n| n.get().abs() < 1e15),
        shift in 0_usize..2000,
    ) {
        let plain = format!("{:.400}", number.get());
        let zeros = "0".repeat(shift);
        let (whole, fraction) = plain.split_once('.').unwrap();
        let bare = whole.trim_start_matches('-');
        let sign = &whole[..whole.len() - bare.len()];
        let down = format!("{sign}0.{zeros}{:0>20}{fraction}e{}", bare, shift + 20);
        let first: f64 = plain.parse().unwrap();
        let expected = Value::Number(Number::new(first).unwrap());
        prop_assert_eq!(json::read(down.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn a_peer_reads_what_we_write(value in value()) {
        let theirs: serde_json::Value = serde_json::from_str(&json::write(&value)).unwrap();
        prop_assert!(same(&value, &theirs));
    }

    #[test]
    fn another_strict_parser_accepts_the_same_texts(text in nearly_json()) {
        prop_assume!(!has_member_twice_or_depth(&text));
        let ours = json::read(text.as_bytes());
        let theirs: Result<serde_json::Value, _> = serde_json::from_str(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{}", text);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert!(same(&ours, &theirs));
        }
    }

    #[test]
    fn a_spoilt_text_is_judged_like_the_other_parser_judges_it(
        value in value(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut text = json::write(&value).into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        let ours = json::read(&text);
        // Where both accept, both see the same value; where ours accepts, theirs does.
        if let Ok(ours) = ours {
            let theirs: serde_json::Value = serde_json::from_slice(&text).unwrap();
            prop_assert!(same(&ours, &theirs));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(form) = json::canonical(&bytes) {
            prop_assert_eq!(json::canonical(form.as_bytes()).unwrap(), form);
        }
    }
}
