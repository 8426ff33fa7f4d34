//! Bodies that were written anew on their way.

use super::*;

fn told_for(signed: &str, arrives: impl Into<Vec<u8>>) -> String {
    Sent::signed("POST", URL, &[JSON], signed).body(arrives).told()
}

#[test]
fn json_that_was_serialised_anew() {
    let compact = r#"{"b":[1.0,1e-7,{}],"a":"é😀/","c":[]}"#;
    let spaced = r#"{"b": [1.0, 1e-7, {}], "a": "é😀/", "c": []}"#;
    let ascii = r#"{"b": [1.0, 1e-7, {}], "a": "\u00e9\ud83d\ude00/", "c": []}"#;
    let indented = "{\n  \"b\": [\n    1.0,\n    1e-7,\n    {}\n  ],\n  \"a\": \"é😀/\",\n  \"c\": []\n}";
    let escaped = r#"{"b":[1.0,1e-7,{}],"a":"\u00E9\uD83D\uDE00\/","c":[]}"#;
    let stringified = r#"{"b":[1,1e-7,{}],"a":"é😀/","c":[]}"#;
    let sorted = r#"{"a":"é😀/","b":[1,1e-7,{}],"c":[]}"#;
    for (signed, arrives, how) in [
        (compact, spaced, "this JSON without white space"),
        (compact, indented, "this JSON without white space"),
        (
            spaced,
            compact,
            "this JSON with a space behind each comma and colon, as Python's json.dumps writes it",
        ),
        (ascii, compact, "as Python's json.dumps writes it, and with all but ASCII escaped"),
        (ascii, indented, "as Python's json.dumps writes it, and with all but ASCII escaped"),
        (spaced, ascii, "as Python's json.dumps writes it, and with no escapes that are not needed"),
        (indented, compact, "this JSON indented by two"),
        (compact, escaped, "without white space, and with no escapes that are not needed"),
        (
            stringified,
            spaced,
            "without white space, and with strings and numbers as JSON.stringify writes them",
        ),
        (sorted, spaced, "this JSON in its RFC 8785 form"),
        (&indented.replace("  ", "    "), compact, "this JSON indented by four"),
        (&format!("{compact}\n"), spaced, "this JSON without white space"),
    ] {
        let told = told_for(signed, arrives);
        assert!(told.starts_with("body: the peer signed this JSON ") && told.contains(how), "{how}: {told}");
        assert_eq!(told.lines().count(), 1);
        assert_eq!(told_for(arrives, arrives), "ok");
    }
    let deleted = "[\"\u{7f}\\\"\\\\\"]";
    assert!(told_for("[\"\\u007f\\\"\\\\\"]", deleted).contains("with all but ASCII escaped"));
    // A string may hold what looks like tokens.
    assert!(
        told_for(r#"{"a":" , : [ \" ] "}"#, r#"{ "a" : " , : [ \" ] "}"#).contains("without white space")
    );
    assert!(
        told_for("[[[1]],{\"a\":{}}]", "[ [ [ 1 ] ] , { \"a\" : { } } ]").contains("without white space")
    );
}

#[test]
fn line_ends_and_white_space() {
    for (signed, arrives, how) in [
        ("abc\n", "abc", "with a line end behind it"),
        ("abc\r\n", "abc", "with a line end behind it"),
        ("abc", "abc\n", "white space stands around the body"),
        ("a\nb\nc", "a\r\nb\r\nc", "the peer signed the body with LF at the ends of its lines"),
        ("a\r\nb\r\nc", "a\nb\nc", "the peer signed the body with CRLF at the ends of its lines"),
        ("a\rb\r\n\r\n", "a\rb\n\r\n", "the peer signed the body with CRLF"),
    ] {
        let told = told_for(signed, arrives);
        assert!(told.contains(how) && told.lines().count() == 1, "{signed:?}: {told}");
        assert_eq!(told_for(arrives, arrives), "ok");
    }
}

#[test]
fn encodings_and_framing() {
    assert!(told_for("\u{feff}a", "a").contains("with a byte order mark, which is not here"));
    assert!(told_for("a", "\u{feff}a").contains("without the byte order mark that stands here"));
    assert!(told_for("caf\u{e9}", &b"caf\xE9"[..]).contains("in UTF-8, and here it is in Latin-1"));
    // "Ã©" in Latin-1 is the UTF-8 of "é", in which the peer signed it.
    assert!(told_for("\u{e9}", "\u{c3}\u{a9}").contains("in Latin-1, and here it is in UTF-8"));
    assert!(
        told_for("Wikipedia", "4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n")
            .contains("framing of Transfer-Encoding: chunked")
    );
    for bad in
        ["4\r\nWiki\r\n0\r\n", "5\r\nWiki\r\n0\r\n\r\n", "x\r\nWiki\r\n0\r\n\r\n", "ffffffffffffffff\r\nWiki"]
    {
        assert!(told_for("Wiki", bad).starts_with("body: other line ends"), "{bad}");
    }
}

#[test]
fn bodies_that_are_not_there_or_not_covered() {
    assert!(told_for("abc", "").starts_with("body: a digest is covered, and no body came"));
    assert!(
        Sent::get("/")
            .body("abc")
            .told()
            .starts_with("body: a body came, and the signature covers no Content-Digest")
    );
    let empty = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    let digested =
        Sent::signed("POST", URL, &[], "abc").with("Content-Digest", empty).resigned(str::to_string);
    assert!(digested.told().starts_with("body: the peer signed an empty body"));
    assert!(
        digested
            .body("")
            .told()
            .starts_with("body: no body came, and the peer covers the digest of an empty one")
    );
}

#[test]
fn what_the_fields_tell_where_nothing_fits() {
    let sent = Sent::signed("POST", URL, &[("Content-Encoding", "gzip")], "\u{1f}compressed");
    let lines = sent.clone().body("plain").with("Content-Length", "11").told();
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[0],
        "body: Content-Length says 11, and here are 5 bytes: not all came, or it was decoded"
    );
    assert!(
        lines[1].starts_with("body: Content-Encoding says gzip, and the body is none: it was decompressed")
    );
    assert!(lines[2].starts_with("body: other line ends, encodings and serialisations"));
    let still = sent.body(&b"\x1F\x8Bother"[..]).with("Content-Length", "7").told();
    assert_eq!(still.lines().count(), 1);
    let compressed = told_for("plain", &b"\x1F\x8Bother"[..]);
    assert!(compressed.starts_with("body: the body is gzip, and no Content-Encoding says so"));
}

#[test]
fn a_huge_text_is_not_indented() {
    let long = |space: &str| format!("[1,{space}\"{}\"]", "x".repeat(256 * 1024));
    assert!(told_for(&long(""), long(" ")).starts_with("body: other line ends"));
    let fits = |space: &str| format!("[1,{space}\"{}\"]", "x".repeat(256 * 1024 - 7));
    assert!(
        told_for(&fits(""), fits(" ")).starts_with("body: the peer signed this JSON without white space")
    );
}
