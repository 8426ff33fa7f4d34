//! Documents: what they hold, what they hand out, what they write.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::json::{self, MAX_DEPTH, Number};

fn read(text: &str) -> Document<'_> {
    Document::read(text.as_bytes()).expect("it was refused")
}

fn names(document: &Document<'_>) -> Vec<String> {
    let Item::Object(members) = document.root() else { panic!("no object") };
    members.map(|(name, _)| name.into_owned()).collect()
}

#[test]
fn each_kind_of_value_is_handed_out() {
    assert!(matches!(read("null").root(), Item::Null));
    assert!(matches!(read("true").root(), Item::Bool(true)));
    assert!(matches!(read("false").root(), Item::Bool(false)));
    assert!(matches!(read("-1.5").root(), Item::Number(number) if number.get() == -1.5));
    assert!(matches!(read("\"é\"").root(), Item::String(Cow::Borrowed("é"))));
    assert!(matches!(read(r#""\u00e9""#).root(), Item::String(Cow::Owned(text)) if text == "é"));
}

#[test]
fn items_come_in_order_and_are_counted() {
    let document = read(r#"[1,[2,{"a":[3]}],{"b":4,"c":[]},"5"]"#);
    let Item::Array(mut items) = document.root() else { panic!("no array") };
    assert_eq!(items.len(), 4);
    assert!(matches!(items.next(), Some(Item::Number(_))));
    assert!(matches!(items.next(), Some(Item::Array(inner)) if inner.len() == 2));
    assert!(matches!(items.next(), Some(Item::Object(inner)) if inner.len() == 2));
    assert_eq!(items.len(), 1);
    assert!(matches!(items.next(), Some(Item::String(text)) if text == "5"));
    assert!(items.next().is_none() && items.next().is_none());
}

#[test]
fn members_come_in_text_order() {
    let document = read(r#"{"b":{"x":1},"a":[1,2],"\u0063":3}"#);
    assert_eq!(names(&document), ["b", "a", "c"]);
    let Item::Object(mut members) = document.root() else { panic!("no object") };
    assert_eq!(members.len(), 3);
    assert!(matches!(members.next(), Some((Cow::Borrowed("b"), Item::Object(_)))));
    assert_eq!(members.len(), 2);
    assert!(matches!(members.nth(1), Some((Cow::Owned(_), Item::Number(_)))));
    assert!(members.next().is_none() && members.next().is_none());
}

#[test]
fn a_member_is_found_by_its_name_however_it_is_spelled() {
    let document = read(r#"{"a":1,"b":{"a":2,"z":0},"\u0063d":3,"":4,"ab":5}"#);
    let Item::Object(members) = document.root() else { panic!("no object") };
    let number = |name: &str| match members.get(name) {
        Some(Item::Number(number)) => Some(number.get()),
        _ => None,
    };
    assert_eq!(number("a"), Some(1.0));
    assert!(matches!(members.get("b"), Some(Item::Object(_))));
    assert_eq!(number("cd"), Some(3.0));
    assert_eq!(number(""), Some(4.0));
    assert_eq!(number("ab"), Some(5.0));
    for absent in ["z", "A", "c", "\\u0063d", "abc", "d"] {
        assert!(members.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn what_was_taken_is_not_found_again() {
    let document = read(r#"{"a":1,"b":2}"#);
    let Item::Object(mut members) = document.root() else { panic!("no object") };
    assert!(members.next().is_some());
    assert!(members.get("a").is_none());
    assert!(members.get("b").is_some());
}

#[test]
fn the_text_is_kept_as_it_arrived() {
    let text = " { \"b\" : 1.0 , \"a\" : \"\\u0061\" } ";
    assert_eq!(read(text).text(), text);
    let owned = Document::read_owned(text.as_bytes().to_vec()).unwrap();
    assert_eq!(owned.text(), text);
    let moved = read(text).into_owned();
    assert_eq!(moved.text(), text);
    for document in [owned, moved] {
        assert_eq!(names(&document), ["b", "a"]);
        assert_eq!(document.write(), r#"{"a":"a","b":1}"#);
    }
}

#[test]
fn an_owned_text_is_refused_like_a_borrowed_one() {
    for text in [&b"[1,]"[..], b"", b"{\"a\":1,\"a\":2}", b"[\"\xff\"]", b"[01,\"\xff\"]", b"1\xff", b"\xff"]
    {
        let error = Document::read_owned(text.to_vec()).unwrap_err();
        assert_eq!(error, json::read(text).unwrap_err(), "{text:x?}");
    }
}

#[test]
fn the_form_is_appended() {
    let mut out = String::from("x");
    read("[ 1 , 2 ]").write_into(&mut out);
    assert_eq!(out, "x[1,2]");
}

#[test]
fn what_is_written_is_what_the_tree_s_writer_writes() {
    for text in [
        r#" {"b":[1,-0,1.50,1e5,{"z":null,"y":true}],"a":false,"\u20ac":"\/\n\u0007","10":"","1":[],"e":{}} "#,
        "{\"\u{fb33}\":1,\"\u{1f602}\":2,\"\u{e000}\":3,\"\\ud7ff\":4,\"\u{10ffff}\":5,\"a\":6}",
        "[[],[[]],{},[{}],999999999999999,-12,123456789012345680,0,\"\\\"\"]",
    ] {
        assert_eq!(read(text).write(), json::write(&read(text).to_value()), "{text}");
    }
}

#[test]
fn numbers_are_plain_as_rfc_8785_spells_them() {
    for text in ["1", "[]", "[0,-1,999999999999999,9007199254740991,1.5,1e+21,1e-7,0.1]", r#"{"1.0":"-0"}"#] {
        assert!(read(text).plain_numbers(), "{text}");
    }
    for text in ["-0", "1.0", "1E2", "[1,2.50]", "{\"a\":[1e2]}", "[1.5,1.50]"] {
        assert!(!read(text).plain_numbers(), "{text}");
    }
}

#[test]
fn a_value_is_read_where_it_stands() {
    let text = r#"{"payload": [1, "a\n", {"b":2}] ,"x":[01]}"#;
    let mut reader = Reader::new(text.as_bytes());
    assert_eq!(reader.take(b'{'), Ok(()));
    assert!(reader.string().is_ok());
    assert_eq!(reader.take(b':'), Ok(()));
    let document = reader.document().unwrap();
    assert_eq!(document.text(), r#"[1, "a\n", {"b":2}]"#);
    assert_eq!(document.write(), r#"[1,"a\n",{"b":2}]"#);
    assert_eq!(reader.at(), 31);
    reader.skip_space();
    assert_eq!(reader.take(b','), Ok(()));
    assert!(reader.string().is_ok());
    assert_eq!(reader.take(b':'), Ok(()));
    assert_eq!(reader.document().unwrap_err(), Fault { at: 38, why: "not a JSON number" });
}

#[test]
fn invalid_utf_8_behind_a_value_in_place_is_met_where_it_stands() {
    let mut reader = Reader::new(b"[1] \xff");
    assert!(reader.document().is_ok());
    assert_eq!(reader.finish(), Err(Fault { at: 4, why: "invalid UTF-8" }));
    let mut reader = Reader::new(b" [1,\xff]");
    assert_eq!(reader.document().unwrap_err(), Fault { at: 4, why: "invalid UTF-8" });
}

#[test]
fn room_grows_with_the_values() {
    let dense = format!("[{}0]", "0,".repeat(100_000));
    let document = read(&dense);
    let Item::Array(items) = document.root() else { panic!("no array") };
    assert_eq!(items.len(), 100_001);
    assert_eq!(
        items.filter(|item| matches!(item, Item::Number(zero) if Some(*zero) == Number::new(0.0))).count(),
        100_001
    );
}

#[test]
fn every_depth_is_written() {
    let deep = format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert_eq!(read(&deep).write(), deep);
    assert_eq!(read(&deep).to_value(), json::read(deep.as_bytes()).unwrap());
}

#[test]
fn members_beyond_a_few_are_written_in_order() {
    let members: Vec<_> = (0..100).rev().map(|index| format!("\"{index:03}\":{index}")).collect();
    let sorted: Vec<_> = members.iter().rev().map(String::to_string).collect();
    assert_eq!(read(&format!("{{{}}}", members.join(","))).write(), format!("{{{}}}", sorted.join(",")));
}
