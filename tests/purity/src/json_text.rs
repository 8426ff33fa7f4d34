//! JSON read, written, brought into its canonical form, and as typed values.

use crate::Answers;
use alloc::string::String;
use alloc::vec::Vec;
use counterseal::Result;
use counterseal::json::{self, Document, Item, Members, Number, Value};
use counterseal::serde::{from_value, to_value};

pub(super) fn call(answers: &mut Answers) {
    let text = br#"{"b":[1e2,null,true],"a":"\u00e9"}"#;
    answers.due(json::canonical(text).is_ok_and(|text| text == "{\"a\":\"é\",\"b\":[100,null,true]}"));
    answers.due(
        json::read(text).is_ok_and(|value| matches!(value, Value::Object(members) if members.len() == 2)),
    );
    answers.due(json::read(br#"{"a":1,"a":1}"#).is_err());
    let number = Number::new(60.0);
    answers.due(number.is_some_and(|number| json::write(&Value::Number(number)) == "60"));
    answers.due(number.is_some_and(|number| Number::get(number) == 60.0));
    answers.due(number.is_some_and(|number| Number::as_whole(number, 0..=60) == Some(60)));
    let typed = to_value(&[1_u8, 2]);
    answers.due(typed.as_ref().is_ok_and(|value| json::write(value) == "[1,2]"));
    if let Ok(value) = typed {
        let items: Result<Vec<u8>> = from_value(value);
        answers.due(items.is_ok_and(|items| items == [1, 2]));
    }
    documents(answers);
    parts(answers);
}

fn documents(answers: &mut Answers) {
    let text = br#"{"b":[1,null],"a":"\u00e9"}"#;
    let Ok(document) = Document::read(text) else { return answers.due(false) };
    answers.due(Document::text(&document).len() == text.len() && Document::plain_numbers(&document));
    let found = match Document::root(&document) {
        Item::Object(members) => Members::get(&members, "a"),
        _ => None,
    };
    answers.due(matches!(found, Some(Item::String(text)) if text == "é"));
    let mut written = String::new();
    Document::write_into(&document, &mut written);
    answers.due(written == Document::write(&document));
    answers.due(json::write(&Document::to_value(&document)) == written);
    answers.due(Document::write(&Document::into_owned(document)) == written);
    answers.due(Document::read_owned(text.to_vec()).is_ok_and(|read| Document::write(&read) == written));
}

fn parts(answers: &mut Answers) {
    let mut text = String::new();
    json::write_text(&mut text, "a\n");
    json::write_number(&mut text, 0.5);
    answers.due(text == "\"a\\n\"0.5");
    answers.due(json::name_order("a", "b").is_lt());
    answers.due(json::is_canonical(b"[1,2]") && !json::is_canonical(b"[1, 2]"));
}
