mod properties;

use alloc::format;
use alloc::vec::Vec;

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

/// If a JSON value in its RFC 8785 form begins at `at`, the index behind it.
fn canonical_end(text: &[u8], at: usize) -> Option<usize> {
    behind_value(text.get(at..)?, MAX_DEPTH, &mut ()).map(|rest| text.len() - rest.len())
}

#[test]
fn what_goes_on_meanwhile_is_told_what_is_left() {
    struct Told(Vec<usize>);
    impl Pace for Told {
        fn left(&mut self, bytes: usize) {
            self.0.push(bytes);
        }
    }
    let mut told = Told(Vec::new());
    assert!(is_canonical_at(br#"{"a":1,"b":[2,{"c":3}]}"#, &mut told));
    assert_eq!(told.0, [17, 10, 3, 2, 1]);
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
