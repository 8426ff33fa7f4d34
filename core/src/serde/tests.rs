use super::*;
use crate::json::{self, Number};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};
use serde::Deserialize;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Claims {
    #[serde(rename = "userId")]
    user_id: String,
    exp: u64,
    ratio: f64,
    offset: i32,
    roles: Vec<Role>,
    nothing: Option<u8>,
    some: Option<bool>,
    pair: (char, u8),
    by_number: BTreeMap<i16, Unit>,
    by_role: BTreeMap<Role, Wrapped>,
    raw: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Role {
    Engine,
    Admin,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped(String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Unit,
    One(u8),
    Two(u8, String),
    Named { a: Option<Value>, b: Vec<Shape> },
}

fn read(text: &str) -> Value {
    json::read(text.as_bytes()).unwrap()
}

fn refused<T: Serialize>(value: T) -> String {
    let error = to_value(&value).unwrap_err();
    assert_eq!(error.code(), ErrorCode::MalformedPayload);
    error.detail().to_string()
}

fn unread<T: DeserializeOwned + fmt::Debug>(text: &str) -> String {
    let error = from_value::<T>(read(text)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::MalformedPayload);
    error.detail().to_string()
}

#[test]
fn a_type_goes_out_and_comes_back() {
    let claims = Claims {
        user_id: "é\u{0}".into(),
        exp: 1_708_253_634,
        ratio: 2.0,
        offset: -7,
        roles: vec![Role::Engine, Role::Admin],
        nothing: None,
        some: Some(true),
        pair: ('x', 255),
        by_number: BTreeMap::from([(-3, Unit), (12, Unit)]),
        by_role: BTreeMap::from([(Role::Admin, Wrapped("w".into()))]),
        raw: read(r#"{"a":1e21,"z":[1.5,null,{"y":-0}]}"#),
    };
    let value = to_value(&claims).unwrap();
    let text = r#"{"by_number":{"-3":null,"12":null},"by_role":{"Admin":"w"},"exp":1708253634,"nothing":null,"offset":-7,"pair":["x",255],"ratio":2,"raw":{"a":1e+21,"z":[1.5,null,{"y":0}]},"roles":["Engine","Admin"],"some":true,"userId":"é\u0000"}"#;
    assert_eq!(json::write(&value), text);
    assert_eq!(from_value::<Claims>(value), Ok(claims.clone()));
    assert_eq!(from_value::<Claims>(read(text)), Ok(claims));
}

#[test]
fn enums_are_externally_tagged() {
    let cases = [
        (Shape::Unit, r#""Unit""#),
        (Shape::One(7), r#"{"One":7}"#),
        (Shape::Two(7, "b".into()), r#"{"Two":[7,"b"]}"#),
        (Shape::Named { a: None, b: vec![Shape::Unit] }, r#"{"Named":{"a":null,"b":["Unit"]}}"#),
    ];
    for (shape, text) in cases {
        assert_eq!(json::write(&to_value(&shape).unwrap()), text);
        assert_eq!(from_value::<Shape>(read(text)), Ok(shape));
    }
    for bad in [
        r#""One""#,
        r#"{"Unit":5}"#,
        r#"{"One":7,"Two":[7,"b"]}"#,
        "{}",
        "5",
        r#"{"Two":[7]}"#,
        r#"{"Two":[7,"b",1]}"#,
        r#""Three""#,
    ] {
        unread::<Shape>(bad);
    }
}

#[test]
fn a_value_is_its_own_type() {
    let value = read(r#"{"b":[1,"two",{"three":false}],"a":12345678901234567000}"#);
    assert_eq!(to_value(&value).as_ref(), Ok(&value));
    assert_eq!(from_value::<Value>(value.clone()), Ok(value));
}

#[test]
fn another_format_reads_into_a_value_under_the_same_rules() {
    let text = r#"{"n":null,"b":[1,-2,0.5,"x",true],"a":12345678901234567000}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(value, read(text));
    let written: serde_json::Value = serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap();
    assert_eq!(written["b"], serde_json::json!([1, -2, 0.5, "x", true]));
    for (text, written) in
        [("9007199254740991", "9007199254740991"), ("9007199254740992", "9007199254740992.0")]
    {
        assert_eq!(serde_json::to_string(&read(text)).unwrap(), written);
    }
    for bad in [r#"{"a":1,"a":2}"#, r#"{"a":1,"\u0061":2}"#, "9007199254740993", "-9007199254740993"] {
        assert!(serde_json::from_str::<Value>(bad).is_err(), "{bad}");
    }
}

#[test]
fn what_json_cannot_carry_is_refused() {
    assert!(refused(f64::NAN).contains("NaN"));
    assert!(refused(f64::INFINITY).contains("NaN"));
    assert!(refused(f32::NEG_INFINITY).contains("NaN"));
    assert!(refused(9_007_199_254_740_993_u64).contains("double"));
    assert!(refused(-9_007_199_254_740_993_i64).contains("double"));
    assert!(refused(u128::MAX).contains("double"));
    assert!(refused(BTreeMap::from([(vec![1], 1)])).contains("name"));
    assert!(refused(BTreeMap::from([(true, 1)])).contains("name"));
    assert_eq!(to_value(&9_007_199_254_740_991_u64), Ok(read("9007199254740991")));
    assert_eq!(to_value(&12_345_678_901_234_567_000_u64), Ok(read("12345678901234567000")));
    assert_eq!(to_value(&-0.0), Ok(Value::Number(Number::new(0.0).unwrap())));
}

#[test]
fn a_name_stands_once() {
    #[derive(Serialize)]
    struct Outer {
        a: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    assert!(refused(Outer { a: 1, rest: BTreeMap::from([("a".into(), 2)]) }).contains("twice"));
    assert!(to_value(&Outer { a: 1, rest: BTreeMap::from([("b".into(), 2)]) }).is_ok());
}

#[test]
fn depth_is_bounded() {
    let nested = |depth| (0..depth).fold(Value::Null, |value, _| Value::Array(vec![value]));
    assert!(to_value(&nested(64)).is_ok());
    assert!(refused(nested(65)).contains("64"));
    assert!(to_value(&Shape::Named { a: Some(nested(62)), b: vec![] }).is_ok());
    assert!(refused(Shape::Named { a: Some(nested(63)), b: vec![] }).contains("64"));
}

#[test]
fn a_value_that_does_not_fit_the_type_is_refused() {
    assert!(unread::<u8>("256").contains("256"));
    assert!(unread::<u8>("-1").contains("-1"));
    assert!(unread::<u8>("1.5").contains("1.5"));
    assert!(unread::<u64>("12345678901234567000").contains("12345678901234567"));
    assert_eq!(from_value::<u64>(read("9007199254740991")), Ok(9_007_199_254_740_991));
    assert!(unread::<u64>("9007199254740992").contains("floating point"));
    unread::<String>("5");
    unread::<bool>("1");
    unread::<(u8, u8)>("[1]");
    unread::<(u8, u8)>("[1,2,3]");
    unread::<BTreeMap<u8, u8>>(r#"{"01":1}"#);
    unread::<BTreeMap<u8, u8>>(r#"{"x":1}"#);
    assert!(unread::<Claims>("{}").contains("userId"));
    assert_eq!(from_value::<f64>(read("12345678901234567000")), Ok(12_345_678_901_234_567_000.0));
    assert_eq!(from_value::<Vec<Option<i8>>>(read("[1.0,null,-128]")), Ok(vec![Some(1), None, Some(-128)]));
    assert_eq!(format!("{:?}", from_value::<()>(read("null"))), "Ok(())");
}
