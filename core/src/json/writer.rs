//! The RFC 8785 form (JSON Canonicalization Scheme).

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::bytes::{ANY, is_unescaped, unescaped_len};
use super::ecmascript;
use super::value::Value;
use crate::collections::sort_by;

/// The RFC 8785 form of a value: no white space, members in the UTF-16 order of their names,
/// numbers as ECMAScript writes them.
#[must_use]
pub fn write(value: &Value) -> String {
    let mut out = String::with_capacity(USUAL);
    write_value(&mut out, value);
    out
}

/// Appends a string with its quotes: the writer's part for who walks another tree than [`Value`].
pub fn write_text(out: &mut String, text: &str) {
    write_string(out, text);
}

/// Appends a finite double: the writer's part for who walks another tree than [`Value`]. JSON has no
/// NaN and no infinity, so who may hold one asks [`Number::new`](super::Number::new) first; here
/// they become `null`, as in ECMAScript.
pub fn write_number(out: &mut String, value: f64) {
    if value.is_finite() {
        ecmascript::write(out, value);
    } else {
        out.push_str("null");
    }
}

/// The order in which an object's members are written, by their names: the writer's part for who
/// walks another tree than [`Value`].
#[must_use]
pub fn name_order(a: &str, b: &str) -> Ordering {
    utf16_order(a, b)
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => ecmascript::write(out, number.get()),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => write_array(out, items),
        Value::Object(members) => write_object(out, members),
    }
}

fn write_array(out: &mut String, items: &[Value]) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_value(out, item);
    }
    out.push(']');
}

fn write_object(out: &mut String, members: &[(String, Value)]) {
    let mut keys = [0; FEW];
    if members.is_empty() {
        out.push_str("{}");
    } else if let Some(keys) = sort_few(&mut keys, members.len(), members.iter().map(|(name, _)| name)) {
        write_members(out, keys.iter().filter_map(|key| members.get(index_of(*key))));
    } else if members.is_sorted_by(|(a, _), (b, _)| utf16_order(a, b).is_le()) {
        write_members(out, members);
    } else {
        let mut sorted: Vec<_> = members.iter().collect();
        sort_by(&mut sorted, |(a, _), (b, _)| utf16_order(a, b));
        write_members(out, sorted);
    }
}

fn write_members<'a>(out: &mut String, members: impl IntoIterator<Item = &'a (String, Value)>) {
    let mut before = "{\"";
    for (name, value) in members {
        out.push_str(before);
        write_body(out, name);
        out.push_str("\":");
        write_value(out, value);
        before = ",\"";
    }
    out.push('}');
}

/// The names in their order, each as its head with its index in the lowest bits; none if there are
/// many, or if their heads do not decide.
pub(super) fn sort_few(
    keys: &mut [u64; FEW],
    len: usize,
    names: impl Iterator<Item = impl AsRef<str>>,
) -> Option<&[u64]> {
    let keys = keys.get_mut(..len)?;
    for (index, name) in names.enumerate() {
        let head = head(name.as_ref());
        if head & HIGH != 0 {
            return None;
        }
        let key = head & !INDEX | index as u64;
        let mut place = index;
        while place > 0 && keys[place - 1] > key {
            keys[place] = keys[place - 1];
            place -= 1;
        }
        keys[place] = key;
    }
    let decide = keys.windows(2).all(|pair| pair[0] | INDEX < pair[1]);
    decide.then_some(keys)
}

pub(super) fn index_of(key: u64) -> usize {
    (key & INDEX) as usize
}

/// The first eight bytes of a name as one number, zeros behind a shorter one. Of names of ASCII
/// heads that differ are in the names' own order.
fn head(name: &str) -> u64 {
    let name = name.as_bytes();
    match (name.first_chunk(), name.first_chunk(), name.last_chunk()) {
        (Some(head), ..) => u64::from_be_bytes(*head),
        (None, Some(first), Some(last)) => {
            let behind = 8 * (8 - name.len());
            u64::from(u32::from_be_bytes(*first)) << 32 | u64::from(u32::from_be_bytes(*last)) << behind
        }
        _ => name.iter().rev().fold(0, |head, byte| head >> 8 | u64::from(*byte) << 56),
    }
}

/// Appends a string with its quotes, as RFC 8785 writes it.
pub(super) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    write_body(out, text);
    out.push('"');
}

fn write_body(out: &mut String, text: &str) {
    if is_unescaped(text.as_bytes()) {
        out.push_str(text);
    } else {
        write_escaped(out, text);
    }
}

#[inline(never)]
fn write_escaped(out: &mut String, mut text: &str) {
    while let Some((run, behind)) = text.split_at_checked(unescaped_len(text.as_bytes(), ANY)) {
        out.push_str(run);
        let Some(byte) = behind.bytes().next() else { break };
        write_escape(out, byte);
        text = behind.get(1..).unwrap_or_default();
    }
}

fn write_escape(out: &mut String, byte: u8) {
    out.push('\\');
    match byte {
        b'"' | b'\\' => out.push(char::from(byte)),
        0x08 => out.push('b'),
        b'\t' => out.push('t'),
        b'\n' => out.push('n'),
        0x0c => out.push('f'),
        b'\r' => out.push('r'),
        _ => {
            out.push_str(if byte < 0x10 { "u000" } else { "u001" });
            out.push(char::from(HEX[usize::from(byte & 0xf)]));
        }
    }
}

/// The order of RFC 8785 for names: that of the UTF-16 code units, taken from UTF-8.
pub(super) fn utf16_order(a: &str, b: &str) -> Ordering {
    let (head_a, head_b) = (head(a), head(b));
    if head_a == head_b || (head_a | head_b) & HIGH != 0 {
        utf16_order_of(a.bytes(), b.bytes())
    } else {
        head_a.cmp(&head_b)
    }
}

/// The same of bytes that are UTF-8.
pub(super) fn utf16_order_of(a: impl Iterator<Item = u8>, b: impl Iterator<Item = u8>) -> Ordering {
    a.map(utf16_weight).cmp(b.map(utf16_weight))
}

/// UTF-8 sorts by code point, and so does UTF-16, but for surrogate pairs (from F0 on), which stand
/// below U+E000 to U+FFFF (EE and EF).
fn utf16_weight(byte: u8) -> u8 {
    if matches!(byte, 0xee | 0xef) { byte + 0x10 } else { byte }
}

/// Texts up to this length are written without growing.
const USUAL: usize = 256;

/// So many members are sorted without an allocation.
pub(super) const FEW: usize = 16;

/// Of a key the bits of an index.
const INDEX: u64 = FEW as u64 - 1;

const HIGH: u64 = 0x8080_8080_8080_8080;

const HEX: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;
    use crate::json::Number;

    fn named(names: &[&str]) -> Value {
        Value::Object(names.iter().map(|name| (name.to_string(), Value::Null)).collect())
    }

    #[test]
    fn only_what_must_be_escaped_is() {
        let text = Value::String("\u{7f}\u{80}\u{2028}\u{ffff}\u{1f600}/'<é€".into());
        assert_eq!(write(&text), "\"\u{7f}\u{80}\u{2028}\u{ffff}\u{1f600}/'<é€\"");
        let short = Value::String("a\u{8}\t\n\u{c}\r\"\\z".into());
        assert_eq!(write(&short), r#""a\b\t\n\f\r\"\\z""#);
        for byte in (0..0x20_u8).filter(|byte| !b"\x08\t\n\x0c\r".contains(byte)) {
            let control = Value::String(char::from(byte).to_string());
            assert_eq!(write(&control), format!("\"\\u{byte:04x}\""));
        }
    }

    #[test]
    fn names_are_sorted_by_utf_16_and_not_by_code_point() {
        let object = named(&["\u{fb33}", "\u{1f602}", "\u{e000}", "\u{d7ff}", "\u{10ffff}", "a"]);
        let expected = named(&["a", "\u{d7ff}", "\u{1f602}", "\u{10ffff}", "\u{e000}", "\u{fb33}"]);
        assert_eq!(write(&object), write(&expected));
        assert!(write(&object).starts_with("{\"a\":null,\"\u{d7ff}\":null,\"\u{1f602}\""));
    }

    #[test]
    fn the_parts_write_what_the_whole_writes() {
        let (text, number) = ("a\n\u{e000}", -1.5e-7);
        let mut parts = String::from("{");
        write_text(&mut parts, text);
        parts.push(':');
        write_number(&mut parts, number);
        parts.push('}');
        assert_eq!(
            parts,
            write(&Value::Object(vec![(text.to_string(), Value::Number(Number::new(number).unwrap()))]))
        );
        assert_eq!(parts, "{\"a\\n\u{e000}\":-1.5e-7}");
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut out = String::new();
            write_number(&mut out, value);
            assert_eq!(out, "null");
        }
    }

    #[test]
    fn names_are_ordered_by_their_utf_16_code_units() {
        let names = [
            "",
            "\0",
            "\0\0",
            "a",
            "a\0",
            "a ",
            "ab",
            "abc",
            "abcd",
            "abcd\0",
            "abcde",
            "abcdef",
            "abcdefg",
            "abcdefg\0",
            "abcdefgh",
            "abcdefghi",
            "abcdefghj",
            "abcdefg~",
            "abcd\u{7f}",
            "abcé",
            "ab\u{ffff}",
            "ab\u{10000}",
            "é",
            "\u{d7ff}",
            "\u{e000}",
            "\u{ffff}",
            "\u{10000}",
            "\u{10ffff}",
        ];
        for a in names {
            for b in names {
                assert_eq!(name_order(a, b), a.encode_utf16().cmp(b.encode_utf16()), "{a:?} {b:?}");
                let expected = if name_order(a, b).is_gt() { [b, a] } else { [a, b] };
                assert_eq!(write(&named(&[a, b])), write_in_order(&expected), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn few_members_are_sorted_by_the_heads_of_their_names() {
        let order = |value: &Value| {
            let Value::Object(members) = value else { return None };
            let mut keys = [0; FEW];
            let sorted = sort_few(&mut keys, members.len(), members.iter().map(|(name, _)| name));
            sorted.map(|keys| keys.iter().map(|key| key & INDEX).collect::<Vec<_>>())
        };
        assert_eq!(order(&named(&["c", "a", "", "b"])), Some(vec![2, 1, 3, 0]));
        let all: Vec<String> = (0..FEW).rev().map(|index| format!("{index:02}")).collect();
        let mut all: Vec<&str> = all.iter().map(String::as_str).collect();
        assert_eq!(order(&named(&all)), Some((0..FEW as u64).rev().collect()));
        for same in [["abcdefghb", "abcdefgha"], ["abcdefgh", "abcdefgh"], ["a", "a\0"], ["é", "b"]] {
            assert_eq!(order(&named(&same)), None);
        }
        // The last index has all its bits set.
        (all[FEW - 2], all[FEW - 1]) = ("abcdefghb", "abcdefgha");
        assert_eq!(order(&named(&all)), None);
        all.push("b");
        assert_eq!(order(&named(&all)), None);
    }

    /// Any number of members, and any order to begin with.
    #[test]
    fn members_are_sorted_however_many() {
        for count in 1..=40_usize {
            for step in [1, 7, 11, count.max(2) - 1] {
                for width in [2, 7, 8, 12] {
                    let name = |index: usize| format!("{:a>width$}", index * step % 41);
                    let names: Vec<String> = (0..count).map(name).collect();
                    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
                    let written = write(&named(&names));
                    names.sort_unstable();
                    assert_eq!(written, write_in_order(&names), "{count} {step} {width}");
                }
            }
        }
    }

    fn write_in_order(names: &[&str]) -> String {
        let members: Vec<String> = names
            .iter()
            .map(|name| {
                let mut member = String::new();
                write_text(&mut member, name);
                member + ":null"
            })
            .collect();
        format!("{{{}}}", members.join(","))
    }

    #[test]
    fn a_name_comes_before_the_names_it_begins() {
        let object = named(&["ab", "", "a", "b", "\u{0}"]);
        let sorted = r#"{"":null,"\u0000":null,"a":null,"ab":null,"b":null}"#;
        assert_eq!(write(&object), sorted);
    }

    #[test]
    fn items_keep_their_order_and_nothing_is_spaced() {
        let array =
            Value::Array(vec![Value::Bool(true), Value::Array(vec![]), named(&[]), Value::Bool(false)]);
        assert_eq!(write(&array), "[true,[],{},false]");
    }
}
