//! Members as most writers put them, one behind the other: `"name":"text",`, `"name":123,` and `"name":true,` without an escape.
//!
//! What is recognised here needs no look by the general way, which reads and judges all the rest, what is broken off here included.

use alloc::vec::Vec;

use super::index::token;
use super::integer::small_whole;
use super::names::Names;
use super::node::{Node, Span};
use super::strings::Stops;
use crate::json::bytes::{RUN, is};

/// Adds the nodes of the members that stand plainly from the quote at `at` on; the place behind the last of them, or `at`.
#[inline(never)]
pub(super) fn members(
    text: &[u8],
    at: usize,
    stops: &mut Stops,
    names: &mut Names<'_>,
    nodes: &mut Vec<Node>,
) -> usize {
    let (mut next, mut behind, mut rest) = (at, at, *stops);
    loop {
        let end = rest.string_end(text, next);
        let name = Span { start: next as u32 + 1, end: end as u32, escaped: false };
        let Some(b"\":") = text.get(end..).and_then(<[u8]>::first_chunk) else { break };
        let Some((first, place)) = token(text, end + 2) else { break };
        let end;
        let value = match first {
            b'"' => {
                let last = rest.string_end(text, place);
                let Some(b'"') = text.get(last) else { break };
                end = last + 1;
                Node::String(Span { start: place as u32 + 1, end: last as u32, escaped: false })
            }
            b'0'..=b'9' => {
                let Some((length, value)) = text.get(place..).and_then(small_whole) else { break };
                end = place + length;
                Node::Number { start: place as u32, plain: length as u8, value }
            }
            _ => {
                let Some((length, value)) = text.get(place..).and_then(literal) else { break };
                end = place + length;
                value
            }
        };
        if !names.is_plainly_new(text, name) {
            break;
        }
        nodes.extend_from_slice(&[Node::String(name), value]);
        (behind, *stops) = (end, rest);
        let Some(b",\"") = text.get(end..).and_then(<[u8]>::first_chunk) else { break };
        next = end + 1;
    }
    behind
}

/// A literal, behind which no letter stands.
fn literal(text: &[u8]) -> Option<(usize, Node)> {
    let (length, node) = match text {
        [b't', b'r', b'u', b'e', ..] => (4, Node::Bool(true)),
        [b'f', b'a', b'l', b's', b'e', ..] => (5, Node::Bool(false)),
        [b'n', b'u', b'l', b'l', ..] => (4, Node::Null),
        _ => return None,
    };
    text.get(length).filter(|byte| !is(byte, RUN)).map(|_| (length, node))
}

#[cfg(test)]
mod tests {
    use crate::json::reader::{Fault, Reader};
    use crate::json::{Document, Value};
    use alloc::string::String;
    use alloc::vec::Vec;
    use alloc::{format, vec};

    fn read(text: &[u8]) -> Result<Value, Fault> {
        Document::whole(Reader::new(text)).map(|document| document.to_value())
    }

    /// The same members behind one that is read here, and behind one whose escape leaves all to the general way.
    fn both(rest: &[u8]) -> [Result<Value, Fault>; 2] {
        let quick = [b"{\"_\":0,", rest].concat();
        let general = [b"{\"\\u005f\":0,", rest].concat();
        let mut general = read(&general);
        if let Err(fault) = &mut general {
            fault.at -= 5;
        }
        [read(&quick), general]
    }

    fn members() -> Vec<String> {
        let long = "x".repeat(70);
        vec![
            format!(
                r#""iss":"a","exp":1764135000,"iat":0,"ok":true,"no":false,"nil":null,"id":"{long}","{long}":1}}"#
            ),
            format!(r#""a":"","b":"é","{long}":"\n","c":[1,{{"d":"e","f":-1,"g":1.5}}],"h" : 7 , "i":"j"}}"#),
            (0..40).map(|n| format!(r#""name-{n}":{n},"#)).collect::<String>() + r#""last":1} "#,
            String::from(r#""aa":1,"ab":2,"aa":3}"#),
            String::from(r#""":1,"x":"y","":2}"#),
            String::from("\"a\":\n5,\":\":\n\"b\",\n\"c\":\n\":\"}"),
        ]
    }

    #[test]
    fn what_is_read_here_is_read_as_by_the_general_way() {
        for rest in members() {
            for end in 0..=rest.len() {
                let [quick, general] = both(&rest.as_bytes()[..end]);
                assert_eq!(quick, general, "{end} of {rest}");
            }
        }
    }

    #[test]
    fn whatever_byte_stands_anywhere() {
        for rest in members() {
            for place in 0..rest.len() {
                for byte in
                    [0, b'\n', b' ', b'"', b'\\', b',', b':', b'}', b'{', b'0', b'-', b'a', b'u', 0x80, 0xC3]
                {
                    let mut rest = rest.clone().into_bytes();
                    rest[place] = byte;
                    let [quick, general] = both(&rest);
                    assert_eq!(quick, general, "{byte} at {place} of {}", String::from_utf8_lossy(&rest));
                }
            }
        }
    }

    #[test]
    fn a_name_that_came_before_is_found_among_few_and_many() {
        for count in [1, 2, 15, 16, 17, 40, 300] {
            for repeated in [0, count / 2, count - 1] {
                let some = (0..count).map(|n| format!(r#""n{n}":{n},"#)).collect::<String>();
                let text = format!(r#"{{{some}"n{repeated}":0}}"#);
                let fault = Fault { at: some.len() + 1, why: "a member twice" };
                assert_eq!(read(text.as_bytes()), Err(fault), "{text}");
            }
        }
    }

    #[test]
    fn what_stands_behind_a_name_makes_no_other_of_it() {
        for name in ["n", "seven-7", "eight-88", "nine-9999", "a-name-as-long-as-few"] {
            for rest in [" :2}", "\t:2}", ":2}"] {
                let text = format!(r#"{{"{name}":1,"{name}"{rest}"#);
                let fault = Fault { at: name.len() + 6, why: "a member twice" };
                assert_eq!(read(text.as_bytes()), Err(fault), "{text}");
            }
        }
    }
}
