//! The strict reader, rule by rule, and both directions together.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::*;

fn whole(text: &[u8]) -> Result<Value, Fault> {
    Document::whole(Reader::new(text)).map(|document| document.to_value())
}

/// Where the text is refused.
fn fault(text: impl AsRef<[u8]>) -> usize {
    whole(text.as_ref()).expect_err("it was read").at
}

fn why(text: impl AsRef<[u8]>) -> &'static str {
    whole(text.as_ref()).expect_err("it was read").why
}

fn form(text: impl AsRef<[u8]>) -> String {
    canonical(text.as_ref()).expect("it was refused")
}

#[test]
fn the_published_examples_of_rfc_8785() {
    let values = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    assert_eq!(
        form(values),
        concat!(
            r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
            r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        )
    );
    let names = r#"{
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
    }"#;
    assert_eq!(
        form(names),
        concat!(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",",
            "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",",
            "\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        )
    );
}

#[test]
fn every_kind_of_value_is_read() {
    let text = r#" { "n" : null , "b" : [ true , false ] , "x" : -1.5e1 , "s" : "é" , "o" : { } } "#;
    let number = Number::new(-15.0).map(Value::Number).unwrap();
    let expected = [
        ("n", Value::Null),
        ("b", Value::Array(Vec::from([Value::Bool(true), Value::Bool(false)]))),
        ("x", number),
        ("s", Value::String("é".to_string())),
        ("o", Value::Object(Vec::new())),
    ];
    let expected = expected.map(|(name, value)| (name.to_string(), value));
    assert_eq!(read(text.as_bytes()), Ok(Value::Object(Vec::from(expected))));
    for text in ["null", "0", "\"\"", "[]", "\t\r\n 1 \t\r\n"] {
        assert!(read(text.as_bytes()).is_ok(), "{text}");
    }
}

#[test]
fn the_error_names_the_code_the_reason_and_the_place() {
    let error = read(b"[1,]").unwrap_err();
    assert_eq!(error.code(), ErrorCode::MalformedPayload);
    assert_eq!(error.detail(), "an unexpected character at byte 3");
    assert_eq!(canonical(b"[1,]"), Err(error));
}

#[test]
fn only_json_white_space_surrounds_a_value() {
    assert_eq!(form(" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n"), "[1,2]");
    for space in ["\u{b}", "\u{c}", "\u{a0}", "\u{2028}", "\0", "/**/"] {
        assert_eq!(fault(format!("{space}1")), 0, "{space:?}");
        assert_eq!(fault(format!("1{space}")), 1, "{space:?}");
    }
}

#[test]
fn one_value_and_no_more() {
    assert_eq!(fault(""), 0);
    assert_eq!(fault("  "), 2);
    assert_eq!(fault("1 2"), 2);
    assert_eq!(fault("{}{}"), 2);
    assert_eq!(fault("[]]"), 2);
    assert_eq!(fault("\"a\"b"), 3);
}

#[test]
fn punctuation_stands_where_it_must() {
    for (text, at) in [
        ("[", 1),
        ("[1", 2),
        ("[1,", 3),
        ("[1,]", 3),
        ("[,1]", 1),
        ("[1 2]", 3),
        ("[1,,2]", 3),
        ("[1}", 2),
        ("]", 0),
        ("{", 1),
        ("{\"a\"", 4),
        ("{\"a\":", 5),
        ("{\"a\":1", 6),
        ("{\"a\":1,", 7),
        ("{\"a\":1,}", 7),
        ("{,}", 1),
        ("{\"a\" 1}", 5),
        ("{\"a\"::1}", 5),
        ("{\"a\":}", 5),
        ("{\"a\":1]", 6),
        ("{\"a\":1 \"b\":2}", 7),
        ("{a:1}", 1),
        ("{'a':1}", 1),
        ("{1:2}", 1),
        ("{null:1}", 1),
        ("'a'", 0),
        (":", 0),
        (",", 0),
        ("}", 0),
    ] {
        assert_eq!(fault(text), at, "{text}");
    }
}

#[test]
fn literals_are_spelled_exactly() {
    for text in [
        "nul",
        "nulll",
        "Null",
        "NULL",
        "truefalse",
        "true1",
        "false.",
        "True",
        "undefined",
        "NaN",
        "e1",
        "+1",
        ".5",
        "-e",
    ] {
        assert_eq!(fault(text), 0, "{text}");
    }
}

#[test]
fn a_number_is_the_longest_run() {
    for text in [
        "1x",
        "1.",
        "01",
        "-",
        "1e",
        "-Infinity",
        "1+1",
        "2.5.5",
        "1true",
        "0x10",
        "1E400",
        "9007199254740993",
    ] {
        assert_eq!(fault(format!("[0,{text}]")), 3, "{text}");
    }
    assert_eq!(fault("[1é]"), 2);
    assert_eq!(fault("[1_0]"), 2);
}

#[test]
fn escapes_are_decoded() {
    assert_eq!(
        form(r#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00\u0000\uffff""#),
        "\"\\\"\\\\/\\b\\f\\n\\r\\tAé€😀\\u0000\u{ffff}\""
    );
    assert_eq!(form(r#""a\u0062c\nd""#), r#""abc\nd""#);
    for (text, at) in [
        (r#""\x""#, 1),
        (r#""a\'""#, 2),
        (r#""\U0041""#, 1),
        (r#""\u004""#, 6),
        (r#""\u00g1""#, 5),
        (r#""\u+041""#, 3),
        (r#""\u"#, 3),
        (r#""\"#, 2),
        (r#""\""#, 3),
        (r#""\ud83d\u00"#, 11),
        (r#""\ud83d\uzz00""#, 9),
    ] {
        assert_eq!(fault(text), at, "{text}");
    }
}

#[test]
fn surrogates_stand_in_pairs() {
    assert_eq!(form(r#""\ud800\udc00\udbff\udfff""#), "\"\u{10000}\u{10ffff}\"");
    for text in [
        r"\ud800",
        r"\udbff",
        r"\udc00",
        r"\udfff",
        r"\ud800a",
        r"\ud800\n",
        r"\ud800\ud800\udc00",
        r"\ud800\u0041",
        r"\ude00\ud83d",
    ] {
        assert_eq!(fault(format!("\"a{text}\"")), 2, "{text}");
        assert_eq!(fault(format!("{{\"a{text}\":1}}")), 3, "{text}");
        assert_eq!(why(format!("\"{text}\"")), "a lone surrogate");
    }
}

#[test]
fn control_characters_are_escaped_or_refused() {
    for byte in 0..0x20_u8 {
        let text = format!("\"a{}\"", char::from(byte));
        assert_eq!(why(&text), "a control character in a string");
        assert_eq!(fault(&text), 2);
    }
    assert_eq!(form("\"\u{7f}\u{9f}\""), "\"\u{7f}\u{9f}\"");
}

#[test]
fn strings_end() {
    for (text, at) in [("\"", 1), ("\"abc", 4), ("\"é", 3)] {
        assert_eq!(fault(text), at, "{text}");
        assert_eq!(why(text), "an early end");
    }
}

#[test]
fn invalid_utf_8_is_an_early_end_at_its_place() {
    for (text, at) in [
        (&b"\xff"[..], 0),
        (b"\"\xff\"", 1),
        (b"\"ab\xc3\"", 3),
        (b"\"\xed\xa0\x80\"", 1),
        (b"\"\xc0\x80\"", 1),
        (b"\"\xf4\x90\x80\x80\"", 1),
        (b"[1,\xe2\x82", 3),
        (b"1\xff", 1),
        (b"1 \xff", 2),
        (b"[1]\x80", 3),
        (b"[1\xff]", 2),
    ] {
        assert_eq!(fault(text), at, "{text:x?}");
        assert_eq!(why(text), "invalid UTF-8");
    }
}

#[test]
fn a_fault_before_the_invalid_byte_comes_first() {
    assert_eq!(whole(b"[01,\"\xff\"]").unwrap_err().at, 1);
    assert_eq!(whole(b"tru\xff").unwrap_err(), Fault { at: 0, why: "an unknown literal" });
}

#[test]
fn a_byte_order_mark_is_refused() {
    assert_eq!(fault("\u{feff}{}"), 0);
    assert_eq!(form("\"\u{feff}\""), "\"\u{feff}\"");
    assert_eq!(fault(b"\xff\xfe1\0"), 0);
}

#[test]
fn noncharacters_pass() {
    assert_eq!(form("\"\u{ffff}\u{fdd0}\u{10fffe}\""), "\"\u{ffff}\u{fdd0}\u{10fffe}\"");
}

#[test]
fn no_member_stands_twice() {
    for (text, at) in [
        (r#"{"a":1,"a":1}"#, 7),
        (r#"{"a":1,"\u0061":2}"#, 7),
        (r#"{"\u00e9":1,"é":2}"#, 12),
        (r#"{"\ud83d\ude00":1,"😀":2}"#, 18),
        (r#"{"":1,"":2}"#, 6),
        (r#"[{"b":{"a":1,"c":[],"a":{}}}]"#, 20),
    ] {
        assert_eq!(fault(text), at, "{text}");
        assert_eq!(why(text), "a member twice");
    }
    assert_eq!(form(r#"{"a":{"a":1},"A":[{"a":2},{"a":3}]}"#), r#"{"A":[{"a":2},{"a":3}],"a":{"a":1}}"#);
}

#[test]
fn a_repeated_member_is_found_among_any_number() {
    for count in [1, 2, 14, 15, 16, 17, 18, 40] {
        for repeated in [0, count / 2, count - 1] {
            let names: Vec<_> = (0..count).map(|index| format!("\"n{index}\":0")).collect();
            let text = format!("{{{}}}", names.join(","));
            assert!(read(text.as_bytes()).is_ok(), "{count}");
            let head = &text[..text.len() - 1];
            assert_eq!(fault(format!("{head},\"n{repeated}\":0}}")), text.len(), "{count} {repeated}");
            assert_eq!(fault(format!("{head},\"\\u006e{repeated}\":0}}")), text.len(), "{count} {repeated}");
        }
    }
}

#[test]
fn a_hundred_thousand_members_are_compared_quickly() {
    let names: Vec<_> = (0..100_000).map(|index| format!("\"{index}\":0")).collect();
    let text = format!("{{{},\"0\":0}}", names.join(","));
    assert_eq!(why(text), "a member twice");
}

#[test]
fn depth_is_counted_by_what_is_open() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(read(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(fault(nested(MAX_DEPTH + 1)), MAX_DEPTH * open.len());
        assert_eq!(why(nested(MAX_DEPTH + 1)), "nested deeper than 64");
        assert_eq!(fault(open.repeat(100_000)), MAX_DEPTH * open.len());
    }
    let inner = format!("{}{}", "[".repeat(63), "]".repeat(63));
    assert!(read(format!("[{inner},{inner},{{\"a\":0}}]").as_bytes()).is_ok());
}

#[test]
fn the_first_fault_decides() {
    assert_eq!(why(r#"{"a":1,"a":01}"#), "a member twice");
    assert_eq!(why(r#"{"a":01,"a":1}"#), "not a JSON number");
    assert_eq!(why(r#"["\ud800",1e400]"#), "a lone surrogate");
    assert_eq!(why(r#"[1e400,"\ud800"]"#), "a number beyond the range of a double");
}

#[test]
fn the_parts_of_the_writer_write_what_it_writes() {
    let mut out = String::new();
    write_text(&mut out, "\"\n\u{e9}");
    out.push(':');
    write_number(&mut out, -1e21);
    assert_eq!(out, "\"\\\"\\n\u{e9}\":-1e+21");
    assert_eq!(name_order("\u{1f600}", "\u{fb33}"), Ordering::Less);
    assert_eq!(name_order("b", "ab"), Ordering::Greater);
    assert_eq!(name_order("a", "a"), Ordering::Equal);
}
