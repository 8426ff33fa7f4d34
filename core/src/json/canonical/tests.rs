use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::json::canonical;

/// The verdict by reading and writing.
fn slow(text: &[u8]) -> bool {
    canonical(text).is_ok_and(|form| form.as_bytes() == text)
}

#[track_caller]
fn stands(text: impl AsRef<[u8]>) {
    let text = text.as_ref();
    assert!(is_canonical(text), "{}", text.escape_ascii());
    assert!(slow(text), "{}", text.escape_ascii());
}

#[track_caller]
fn falls(text: impl AsRef<[u8]>) {
    let text = text.as_ref();
    assert!(!is_canonical(text), "{}", text.escape_ascii());
    assert!(!slow(text), "{}", text.escape_ascii());
}

#[test]
fn short_texts_of_every_kind() {
    const ALPHABET: &[u8] = b"[]{}:,\"\\ \n\x00\x1f019-+.eEabnu/trl\x7f\x80\xc2\xc3\xff";
    let mut texts = Vec::from([Vec::new()]);
    for _ in 0..3 {
        texts = texts
            .iter()
            .flat_map(|text| ALPHABET.iter().map(|byte| [text.as_slice(), &[*byte]].concat()))
            .collect();
        for text in &texts {
            assert_eq!(is_canonical(text), slow(text), "{}", text.escape_ascii());
            let string = [b"\"", text.as_slice(), b"\""].concat();
            assert_eq!(is_canonical(&string), slow(&string), "{}", string.escape_ascii());
            let member = [b"{\"", text.as_slice(), b"}"].concat();
            assert_eq!(is_canonical(&member), slow(&member), "{}", member.escape_ascii());
        }
    }
}

#[test]
fn short_numbers_of_every_spelling() {
    let mut texts = Vec::from([Vec::new()]);
    for _ in 0..5 {
        texts = texts
            .iter()
            .flat_map(|text| b"019-+.e".iter().map(|byte| [text.as_slice(), &[*byte]].concat()))
            .collect();
        for text in &texts {
            assert_eq!(is_canonical(text), slow(text), "{}", text.escape_ascii());
        }
    }
}

#[test]
fn a_value_ends_where_its_text_ends() {
    for value in ["null", "true", "false", "0", "-12", "0.75", "1e+21", "\"a\"", "[]", "[1,2]", "{\"a\":1}"] {
        for after in [",", "]", "}", " ", "\"", "é"] {
            let text = format!("x{value}{after}");
            assert_eq!(canonical_end(text.as_bytes(), 1), Some(1 + value.len()), "{text}");
        }
        assert_eq!(canonical_end(value.as_bytes(), value.len()), None);
        assert_eq!(canonical_end(value.as_bytes(), value.len() + 1), None);
    }
}

#[test]
fn numbers_and_literals_take_the_longest_run() {
    for value in ["null", "true", "false", "0", "-12", "0.75", "1e+21"] {
        for after in ["a", "z", "A", "Z", "0", "9", "+", "-", "."] {
            let longer = format!("{value}{after}");
            // Some digits behind a number make another number.
            let end = slow(longer.as_bytes()).then_some(longer.len());
            assert_eq!(canonical_end(format!("{longer},").as_bytes(), 0), end, "{longer}");
        }
        for after in ["@", "[", "`", "{", "/", ":", "*", ","] {
            let text = format!("{value}{after}");
            assert_eq!(canonical_end(text.as_bytes(), 0), Some(value.len()), "{text}");
        }
    }
}

#[test]
fn depth_is_counted_by_what_is_open() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        stands(nested(MAX_DEPTH));
        falls(nested(MAX_DEPTH + 1));
        falls(open.repeat(100_000));
    }
    stands(format!("[{0}{1},{0}{1},{{\"a\":0}}]", "[".repeat(63), "]".repeat(63)));
    falls(format!("[{0}{1},{0}{1}]", "[".repeat(64), "]".repeat(64)));
}

#[test]
fn each_byte_of_a_string_is_judged_wherever_it_stands() {
    for len in 0..20 {
        for at in 0..len {
            for byte in 0..=255 {
                let mut body = b"abcdefghijklmnopqrst"[..len].to_vec();
                body[at] = byte;
                let text = [b"\"", body.as_slice(), b"\""].concat();
                assert_eq!(is_canonical(&text), slow(&text), "{}", text.escape_ascii());
                let text = [b"\"", body.as_slice(), b"\\n\""].concat();
                assert_eq!(is_canonical(&text), slow(&text), "{}", text.escape_ascii());
            }
        }
    }
}

#[test]
fn each_escape_is_written_in_one_way() {
    for byte in 0..=255_u8 {
        for text in [
            format!("\"\\{}\"", char::from(byte)),
            format!("\"\\u{byte:04x}\""),
            format!("\"\\u{byte:04X}\""),
            format!("\"abcdefg\\u{byte:04x}\""),
            format!("\"\\u01{byte:02x}\""),
            format!("\"\\u10{byte:02x}\""),
            format!("\"\\u{byte:02x}\""),
        ] {
            assert_eq!(is_canonical(text.as_bytes()), slow(text.as_bytes()), "{text}");
        }
    }
}

#[test]
fn names_ascend() {
    let names = [
        "",
        "\\u0000",
        "\\t",
        "\\n",
        " ",
        "!",
        "\\\"",
        "#",
        "\\\\",
        "a",
        "a ",
        "a!",
        "a#",
        "ab",
        "abcdefg",
        "abcdefgh",
        "abcdefgh!",
        "abcdefghi",
        "abcdefghijklmnopq",
        "abcdefghijklmnopr",
        "abcdefi",
        "b",
        "\u{7f}",
        "é",
        "\u{d7ff}",
        "\u{10000}",
        "\u{10ffff}",
        "\u{e000}",
        "\u{ffff}",
    ];
    for a in names {
        for b in names {
            let text = format!("{{\"{a}\":0,\"{b}\":1}}");
            assert_eq!(is_canonical(text.as_bytes()), slow(text.as_bytes()), "{text}");
            let text = format!("{{\"\":{{\"{a}\":0}},\"{b}\":1}}");
            assert_eq!(is_canonical(text.as_bytes()), slow(text.as_bytes()), "{text}");
        }
    }
}

#[test]
fn decimals_of_fifteen_digits_are_their_own_shortest_form() {
    for (text, expected) in [
        ("0.75", true),
        ("-0.75", true),
        ("48213.5", true),
        ("0.123456789012345", true),
        ("12345678901234.5", true),
        ("123456789012345.6", true),
        ("123456789012345.7", true),
        ("1234567890123456.5", true),
        ("9007199254740991.5", false),
        ("0.1234567890123456", true),
        ("0.1234567890123456789", false),
        ("0.30000000000000004", true),
        ("0.000001", true),
        ("0.0000012345678", true),
        ("0.0000001", false),
        ("0.00000012", false),
        ("1.2e-7", true),
        ("0.50", false),
        ("0.0", false),
        ("-0.0", false),
        ("1.0", false),
        ("00.5", false),
        ("01.5", false),
        (".5", false),
        ("-.5", false),
        ("1.", false),
        ("1.5.5", false),
        ("1.5e3", false),
    ] {
        assert_eq!(is_canonical(text.as_bytes()), expected, "{text}");
        assert_eq!(slow(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn integers_are_exact_up_to_2_to_the_53_and_in_their_form_beyond() {
    for (text, expected) in [
        ("0", true),
        ("-0", false),
        ("-1", true),
        ("00", false),
        ("01", false),
        ("-01", false),
        ("-", false),
        ("999999999999999", true),
        ("1000000000000000", true),
        ("9007199254740991", true),
        ("-9007199254740991", true),
        ("9007199254740992", true),
        ("9007199254740993", false),
        ("9999999999999999", false),
        ("12345678901234567000", true),
        ("12345678901234567890", false),
        ("999999999999999900000", true),
        ("1000000000000000000000", false),
        ("1e+21", true),
        ("1e21", false),
        ("1E+21", false),
        ("1e+020", false),
        ("5e-324", true),
        ("1e-400", false),
        ("1e+400", false),
        ("-1.7976931348623157e+308", true),
        ("-inf", false),
        ("-nan", false),
        ("-infinity", false),
    ] {
        assert_eq!(is_canonical(text.as_bytes()), expected, "{text}");
        assert_eq!(slow(text.as_bytes()), expected, "{text}");
    }
    falls("9".repeat(100_000));
    falls(format!("1.{}", "3".repeat(100_000)));
}

#[test]
fn digits_alone_decide_where_they_can() {
    for text in [
        "0",
        "7",
        "-9",
        "8999999999999999",
        "-1000000000000000",
        "999999999999999",
        "0.75",
        "-0.5",
        "0.000001",
        "0.123456789012345",
        "12345678901234.5",
        "1.23456789012345",
    ] {
        assert_eq!(behind_short_number(text.as_bytes()), Some(&b""[..]), "{text}");
        assert!(slow(text.as_bytes()), "{text}");
    }
    for text in [
        "-0",
        "9000000000000000",
        "10000000000000000",
        "0.0000001",
        "0.1234567890123456",
        "123456789012345.5",
        "1.234567890123456",
    ] {
        assert_eq!(behind_short_number(text.as_bytes()), None, "{text}");
    }
}

fn decimal() -> impl Strategy<Value = String> {
    (any::<bool>(), 0..10_u64.pow(17), 0_u32..17, 0_usize..8).prop_map(|(negative, digits, point, zeros)| {
        let (digits, sign) = (digits / 10_u64.pow(point / 2), if negative { "-" } else { "" });
        let unit = 10_u64.pow(point);
        match zeros {
            0 => format!("{sign}{digits}"),
            1..6 => format!("{sign}{}.{:0width$}", digits / unit, digits % unit, width = point as usize),
            _ => format!("{sign}0.{}{digits}", "0".repeat(zeros - 1)),
        }
    })
}

/// A text that is canonical, made of what is judged in more than one way.
fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(
        &[
            "\\u0000",
            "\\u001f",
            "\\b",
            "\\n",
            "\\\"",
            "\\\\",
            "/",
            " ",
            "!",
            "#",
            "a",
            "b",
            "abcdefgh",
            "0",
            "~",
            "\u{7f}",
            "é",
            "\u{d7ff}",
            "\u{e000}",
            "\u{ffff}",
            "\u{10000}",
        ][..],
    );
    let body = prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat());
    let double = any::<f64>().prop_filter_map("finite", |value| {
        let number = crate::json::Number::new(value)?;
        Some(crate::json::write(&crate::json::Value::Number(number)))
    });
    let leaf = prop_oneof![
        prop::sample::select(&["null", "true", "false", "{}", "[]", "0", "-7", "0.75"][..])
            .prop_map(ToString::to_string),
        body.clone().prop_map(|body| format!("\"{body}\"")),
        decimal().prop_filter("canonical", |text| slow(text.as_bytes())),
        double,
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::hash_map(body.clone(), inner, 0..6).prop_map(|members| {
                let members: Vec<_> =
                    members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                canonical(format!("{{{}}}", members.join(",")).as_bytes()).unwrap()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_canonical_is_recognised(text in text()) {
        prop_assert!(is_canonical(text.as_bytes()), "{}", text);
        let inside = format!("{{\"payload\":{text},\"sig\":\"\"}}");
        prop_assert_eq!(canonical_end(inside.as_bytes(), 11), Some(11 + text.len()));
    }

    #[test]
    fn a_changed_text_is_judged_as_by_reading_and_writing(
        text in text(), at in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(),
        byte in prop_oneof![any::<u8>(), prop::sample::select(&b"\"\\ {}[],:.0e-nu"[..])],
    ) {
        let text = text.as_bytes();
        let (at, from) = (at.index(text.len()), from.index(text.len()));
        let mut flipped = text.to_vec();
        flipped[at] = byte;
        let inserted = [&text[..at], &[byte], &text[at..]].concat();
        let removed = [&text[..at], &text[at + 1..]].concat();
        let mut swapped = text.to_vec();
        swapped.swap(at, from);
        let (low, high) = (at.min(from), at.max(from));
        let repeated = [&text[..high], &text[low..]].concat();
        for changed in [flipped, inserted, removed, swapped, repeated, text[..at].to_vec()] {
            prop_assert_eq!(is_canonical(&changed), slow(&changed), "{}", changed.escape_ascii());
        }
    }

    #[test]
    fn each_spelling_of_a_decimal_is_judged_as_by_reading_and_writing(text in decimal()) {
        prop_assert_eq!(is_canonical(text.as_bytes()), slow(text.as_bytes()), "{}", text);
    }

    #[test]
    fn a_decimal_of_fifteen_digits_is_written_as_it_stands(
        digits in 1..10_u64.pow(15), point in 1_u32..15, negative in any::<bool>(),
    ) {
        prop_assume!(digits % 10 != 0);
        let unit = 10_u64.pow(point);
        let sign = if negative { "-" } else { "" };
        let text = format!("{sign}{}.{:0width$}", digits / unit, digits % unit, width = point as usize);
        let is_plain = u128::from(digits) * 1_000_000 >= u128::from(unit);
        prop_assert_eq!(is_canonical(text.as_bytes()), is_plain);
        prop_assert_eq!(slow(text.as_bytes()), is_plain);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), at in 0_usize..80) {
        let _ = canonical_end(&bytes, at);
        prop_assert_eq!(is_canonical(&bytes), slow(&bytes));
    }
}
