//! The grammar of structured fields: RFC 8941's own examples and each place where its algorithms fail. `sfv`, which reads the same RFC by other code,
//! must say the same of each.

mod properties;

use super::structured::{self, Bare};
use super::*;
use alloc::vec;
use sfv::{Dictionary, ListEntry, Parser, Version};

/// Labels and texts of the members.
fn members(text: &str) -> Option<Vec<(&str, &str)>> {
    structured::dictionary(text)
        .map(|members| members.into_iter().map(|member| (member.label, member.text)).collect())
}

fn dictionary_of(text: &str) -> Option<Dictionary> {
    Parser::new(text).with_version(Version::Rfc8941).parse().ok()
}

/// What `sfv` makes of a member's text.
fn value_of(text: &str) -> Option<ListEntry> {
    let equals = if text.is_empty() || text.starts_with(';') { "" } else { "=" };
    dictionary_of(&format!("x{equals}{text}"))?.swap_remove("x")
}

#[test]
fn the_examples_of_the_rfc() {
    for (text, expected) in DICTIONARIES {
        assert_eq!(members(text).as_deref(), Some(*expected), "{text}");
        assert!(dictionary_of(text).is_some(), "{text}");
    }
    for example in VALUES {
        assert_eq!(members(&format!("a={example}, b")).unwrap(), [("a", *example), ("b", "")]);
        assert!(value_of(example).is_some(), "{example}");
    }
}

#[test]
fn what_must_fail_does() {
    for text in FAILING {
        assert_eq!(members(text), None, "{text}");
        assert_eq!(dictionary_of(text), None, "{text}");
    }
}

#[test]
fn a_member_of_ours_is_read_whole() {
    let (items, parameters) =
        structured::inner_list(r#"("foo" "b\"r" 7);a=1;b="x";c=:eA==:;d;e=?0;f=1.5;g=t"#).unwrap();
    assert_eq!(items, [Bare::String("foo"), Bare::String(r#"b\"r"#), Bare::Integer("7")]);
    let values = [
        ("a", Bare::Integer("1")),
        ("b", Bare::String("x")),
        ("c", Bare::Bytes("eA==")),
        ("d", Bare::Boolean),
        ("e", Bare::Boolean),
        ("f", Bare::Decimal),
        ("g", Bare::Token),
    ];
    assert_eq!(parameters, values);
    assert_eq!(structured::inner_list("()"), Some((vec![], vec![])));
    assert_eq!(structured::inner_list("(-1)").unwrap().0, [Bare::Integer("-1")]);
    for other in
        ["", "foo", "(", "(1", "( 1)", "(1  2)", "(1\t2)", "(1;a)", "((1))", "(1),", "(1) ", "(1);", "(1);A"]
    {
        assert_eq!(structured::inner_list(other), None, "{other}");
    }
    assert_eq!(structured::byte_sequence(":aGVsbG8=:"), Some("aGVsbG8="));
    for other in ["", ":", "aGVsbG8=", ":a", ":a:;b", ":a: ", " :a:", ":a b:", ":a-_:", "\"a\"", "(:a:)"] {
        assert_eq!(structured::byte_sequence(other), None, "{other}");
    }
}

/// RFC 8941 §3.2, §3.1.2 and §4.2, and RFC 9421 §4.1 and §4.3.
const DICTIONARIES: &[(&str, &[(&str, &str)])] = &[
    ("", &[]),
    ("  ", &[]),
    (r#"en="Applepie", da=:w4ZibGV0w6ZydGU=:"#, &[("en", "\"Applepie\""), ("da", ":w4ZibGV0w6ZydGU=:")]),
    ("a=?0, b, c; foo=bar", &[("a", "?0"), ("b", ""), ("c", "; foo=bar")]),
    ("rating=1.5, feelings=(joy sadness)", &[("rating", "1.5"), ("feelings", "(joy sadness)")]),
    (
        "a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid",
        &[("a", "(1 2)"), ("b", "3"), ("c", "4;aa=bb"), ("d", "(5 6);valid")],
    ),
    ("a=1\t", &[("a", "1")]),
    (" foo=1,bar=2\t,\t baz ", &[("foo", "1"), ("bar", "2"), ("baz", "")]),
    ("a=1, b=2, a=3", &[("a", "1"), ("b", "2"), ("a", "3")]),
    ("*a_-.*9=x, b=?1", &[("*a_-.*9", "x"), ("b", "?1")]),
    (
        r#"sig1=("@method" "@target-uri" "@authority" "content-digest" "cache-control");created=1618884475;keyid="test-key-rsa-pss""#,
        &[(
            "sig1",
            r#"("@method" "@target-uri" "@authority" "content-digest" "cache-control");created=1618884475;keyid="test-key-rsa-pss""#,
        )],
    ),
    (
        r#"sig1=("@method" "signature";key="sig1"), proxy_sig=();alg="rsa-v1_5-sha256""#,
        &[("sig1", r#"("@method" "signature";key="sig1")"#), ("proxy_sig", r#"();alg="rsa-v1_5-sha256""#)],
    ),
];

/// RFC 8941 §3.1, §3.1.1, §3.1.2 and §3.3.
const VALUES: &[&str] = &[
    "sugar",
    "tea",
    r#"("foo" "bar")"#,
    r#"("baz")"#,
    r#"("bat" "one")"#,
    "()",
    r#"("foo"; a=1;b=2);lvl=5"#,
    r#"("bar" "baz");lvl=1"#,
    "(  1   2  )",
    "abc;a=1;b=2; cde_456",
    r#"(ghi;jk=4 l);q="9";r=w"#,
    "1; a; b=?0",
    "5; foo=bar",
    "42",
    "-42",
    "-0",
    "00",
    "999999999999999",
    "-999999999999999",
    "4.5",
    "-1.123",
    "999999999999.999",
    r#""hello world""#,
    r#""a \"quote\" and a \\""#,
    r#""""#,
    "foo123/456",
    "*a:b!#$%&'*+-.^_`|~",
    ":cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg==:",
    "::",
    "?1",
    "?0",
];

/// Where the algorithms of RFC 8941 §4.2 say «fail parsing», by the step that says it.
const FAILING: &[&str] = &[
    // Dictionary: another character than a comma, a comma at the end, no key.
    "a=1 b=2",
    "a=1;b c",
    "a=1,",
    "a=1, ",
    "a=1,,b=2",
    ",a=1",
    "\ta=1",
    "=1",
    "A=1",
    "1a=1",
    "-a=1",
    "aB=1",
    "a =1",
    "a= 1",
    "a=",
    "a=,b",
    // Inner list: not closed, no space between items, another list inside.
    "a=(",
    "a=(1",
    "a=(1 2",
    "a=(1,2)",
    "a=(1\t2)",
    "a=(\"x\"\"y\")",
    "a=(1(2))",
    "a=1)",
    // Parameters: no key, a key in upper case, no value, a value that is a list.
    "a=1;",
    "a=1;=2",
    "a=1;B",
    "a=1;b=",
    "a=1;b=(1)",
    "a=1 ;b",
    "a=1;\tb",
    "a;b;",
    // Numbers: no digit, too long, no fraction, too long a fraction, two points.
    "a=-",
    "a=--1",
    "a=+1",
    "a=-a",
    "a=1000000000000000",
    "a=1000000000000.1",
    "a=1.",
    "a=.1",
    "a=1.1234",
    "a=1.2.3",
    "a=1e3",
    "a=0x1",
    "a=1-",
    // Strings: not closed, another escape, what is not printable ASCII.
    "a=\"",
    "a=\"x",
    "a=\"x\\",
    "a=\"\\x\"",
    "a=\"\\\"",
    "a=\"\t\"",
    "a=\"\x7f\"",
    "a=\"é\"",
    "a='x'",
    // Tokens: another first character, another character.
    "a=!x",
    "a=/x",
    "a=x\"y",
    "a=x@y",
    "a=x=y",
    "a=é",
    // Byte sequences: not closed, another character.
    "a=:",
    "a=:YQ==",
    "a=:Y-_Q:",
    "a=:Y Q=:",
    "a=:YQ==:x",
    // Booleans: another value.
    "a=?",
    "a=?2",
    "a=?t",
    "a=?01",
    // What RFC 9651 added later.
    "a=@1659578233",
    "a=%\"f%c3%bc\"",
];
