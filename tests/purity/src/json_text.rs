//! JSON read, written, brought into its canonical form, and as typed values.

use crate::Answers;
use alloc::vec::Vec;
use counterseal::Result;
use counterseal::json::{self, Number, Value};
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
}
