//! The RFC 8785 form (JSON Canonicalization Scheme).

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::number;
use super::value::Value;

/// The RFC 8785 form of a value: no white space, members in the UTF-16 order of their names, numbers as ECMAScript writes them.
#[must_use]
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => number::write(out, number.get()),
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
    out.push('{');
    if members.is_sorted_by(|(a, _), (b, _)| utf16_order(a, b).is_le()) {
        write_members(out, members);
    } else {
        let mut sorted: Vec<_> = members.iter().collect();
        sorted.sort_by(|(a, _), (b, _)| utf16_order(a, b));
        write_members(out, sorted);
    }
    out.push('}');
}

fn write_members<'a>(out: &mut String, members: impl IntoIterator<Item = &'a (String, Value)>) {
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        write_value(out, value);
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(len) = rest
        .bytes()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
    {
        out.push_str(&rest[..len]);
        write_escape(out, rest.as_bytes()[len]);
        rest = &rest[len + 1..];
    }
    out.push_str(rest);
    out.push('"');
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

/// The order of the UTF-16 code units, taken from UTF-8.
fn utf16_order(a: &str, b: &str) -> Ordering {
    match a.bytes().zip(b.bytes()).find(|(a, b)| a != b) {
        Some((a, b)) => utf16_weight(a).cmp(&utf16_weight(b)),
        None => a.len().cmp(&b.len()),
    }
}

/// UTF-8 sorts by code point, and so does UTF-16, but for surrogate pairs (from F0 on), which stand below U+E000 to U+FFFF (EE and EF).
fn utf16_weight(byte: u8) -> u8 {
    if matches!(byte, 0xee | 0xef) {
        byte + 0x10
    } else {
        byte
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";
