use alloc::borrow::Cow;
use alloc::format;
use alloc::string::ToString;

use super::*;

#[test]
fn a_reader_goes_part_by_part() {
    let mut reader = Reader::new(br#" {"a\n" : -12.5e3 , "b":[1], "c":"#);
    reader.skip_space();
    assert_eq!((reader.at(), reader.peek()), (1, Some(b'{')));
    assert_eq!(reader.take(b'['), Err(Fault { at: 1, why: "an unexpected character" }));
    assert_eq!(reader.take(b'{'), Ok(()));
    assert_eq!(reader.string(), Ok(Cow::Owned("a\n".to_string())));
    reader.skip_space();
    assert!(reader.skip(b':'));
    reader.skip_space();
    assert_eq!(reader.number_text(), Ok("-12.5e3"));
    reader.skip_space();
    assert!(!reader.skip(b'}'));
    assert!(reader.skip(b','));
    reader.skip_space();
    assert!(matches!(reader.string(), Ok(Cow::Borrowed("b"))));
    assert_eq!(reader.take(b':'), Ok(()));
    assert!(reader.document().is_ok());
    assert_eq!(reader.finish(), Err(Fault { at: 27, why: "an unexpected character" }));
    assert_eq!(reader.take(b','), Ok(()));
    reader.skip_space();
    assert!(reader.string().is_ok());
    assert_eq!(reader.take(b':'), Ok(()));
    assert_eq!(reader.document().unwrap_err(), Fault { at: 33, why: "an early end" });
}

#[test]
fn a_number_text_is_judged_by_grammar_alone() {
    assert_eq!(Reader::new(b"9007199254740993,").number_text(), Ok("9007199254740993"));
    assert_eq!(Reader::new(b"1e999").number_text(), Ok("1e999"));
    for text in ["", "\"1\"", "-", "01", "1a", "null"] {
        assert_eq!(
            Reader::new(text.as_bytes()).number_text(),
            Err(Fault { at: 0, why: "not a JSON number" }),
            "{text}"
        );
    }
}

#[test]
fn a_value_may_open_its_full_depth_wherever_it_stands() {
    let deep = format!("{{\"payload\":{}{}}}", "[".repeat(64), "]".repeat(64));
    let mut reader = Reader::new(deep.as_bytes());
    assert_eq!(reader.take(b'{'), Ok(()));
    assert!(reader.string().is_ok());
    assert_eq!(reader.take(b':'), Ok(()));
    assert!(reader.document().is_ok());
    assert_eq!(reader.take(b'}'), Ok(()));
    assert_eq!(reader.finish(), Ok(()));
}
