//! Structured Fields, as far as signatures need them: a dictionary's members by label (RFC 8941 §4.2.2).
//!
//! Every member is read by the whole grammar, so that ours is found where it stands and nowhere else; of the others only their extent is kept.

use super::reading::Reading;
use alloc::vec::Vec;

/// One member of a dictionary: its label and the text after the `=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member<'a> {
    pub(super) label: &'a str,
    /// The value with its parameters; for a member without `=`, the parameters alone.
    pub(super) text: &'a str,
}

/// A bare item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare<'a> {
    /// Digits, with a sign where it is negative.
    Integer(&'a str),
    Decimal,
    /// What stands between the quotes, escapes as they stand.
    String(&'a str),
    Token,
    /// What stands between the colons.
    Bytes(&'a str),
    Boolean,
}

/// The members of a field's lines, joined as RFC 9110 §5.3 joins them. None where the text is no dictionary.
pub(super) fn dictionary(text: &str) -> Option<Vec<Member<'_>>> {
    let mut reading = Reading::new(text.trim_matches(' '));
    let mut members = Vec::new();
    while !reading.is_at_end() {
        members.push(member(&mut reading)?);
        reading.skip_while(is_ows);
        if reading.is_at_end() {
            break;
        }
        reading.expect(b',')?;
        reading.skip_while(is_ows);
        // A comma promises another member.
        reading.peek()?;
    }
    Some(members)
}

/// Parameters with their names, in order.
pub(super) type Parameters<'a> = Vec<(&'a str, Bare<'a>)>;

/// An inner list of bare items, each without parameters, and its own parameters: the shape of a signature's input. None for any other.
pub(super) fn inner_list(text: &str) -> Option<(Vec<Bare<'_>>, Parameters<'_>)> {
    let mut reading = Reading::new(text);
    reading.expect(b'(')?;
    let mut items = Vec::with_capacity(USUAL);
    while reading.peek()? != b')' {
        items.push(bare_item(&mut reading)?);
        if reading.peek()? != b')' {
            reading.expect(b' ')?;
        }
    }
    reading.expect(b')')?;
    let mut found = Vec::with_capacity(USUAL);
    parameters(&mut reading, |name, value| found.push((name, value)))?;
    reading.is_at_end().then_some((items, found))
}

/// A byte sequence by itself, without parameters: what stands between its colons.
pub(super) fn byte_sequence(text: &str) -> Option<&str> {
    let mut reading = Reading::new(text);
    match bare_item(&mut reading)? {
        Bare::Bytes(bytes) if reading.is_at_end() => Some(bytes),
        _ => None,
    }
}

fn member<'a>(reading: &mut Reading<'a>) -> Option<Member<'a>> {
    let label = key(reading)?;
    if !reading.takes(b'=') {
        let start = reading.at();
        parameters(reading, ignored)?;
        return Some(Member { label, text: reading.since(start) });
    }
    let start = reading.at();
    match reading.peek()? {
        b'(' => any_inner_list(reading)?,
        _ => item(reading)?,
    }
    Some(Member { label, text: reading.since(start) })
}

fn any_inner_list(reading: &mut Reading<'_>) -> Option<()> {
    reading.expect(b'(')?;
    loop {
        reading.skip_while(|byte| byte == b' ');
        if reading.takes(b')') {
            parameters(reading, ignored)?;
            return Some(());
        }
        item(reading)?;
        if !matches!(reading.peek()?, b' ' | b')') {
            return None;
        }
    }
}

fn item(reading: &mut Reading<'_>) -> Option<()> {
    bare_item(reading)?;
    parameters(reading, ignored)
}

fn parameters<'a>(reading: &mut Reading<'a>, mut each: impl FnMut(&'a str, Bare<'a>)) -> Option<()> {
    while reading.takes(b';') {
        reading.skip_while(|byte| byte == b' ');
        let key = key(reading)?;
        let value = if reading.takes(b'=') { bare_item(reading)? } else { Bare::Boolean };
        each(key, value);
    }
    Some(())
}

/// Of signatures that are not ours only the extent is wanted.
fn ignored(_: &str, _: Bare<'_>) {}

fn key<'a>(reading: &mut Reading<'a>) -> Option<&'a str> {
    let start = reading.at();
    if !matches!(reading.next()?, b'a'..=b'z' | b'*') {
        return None;
    }
    reading.skip_while(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'*'));
    Some(reading.since(start))
}

fn bare_item<'a>(reading: &mut Reading<'a>) -> Option<Bare<'a>> {
    match reading.peek()? {
        b'-' | b'0'..=b'9' => number(reading),
        b'"' => string(reading),
        b'*' | b'A'..=b'Z' | b'a'..=b'z' => {
            reading.skip_while(is_token_byte);
            Some(Bare::Token)
        }
        b':' => bytes(reading),
        b'?' => {
            reading.expect(b'?')?;
            matches!(reading.next()?, b'0' | b'1').then_some(Bare::Boolean)
        }
        _ => None,
    }
}

fn number<'a>(reading: &mut Reading<'a>) -> Option<Bare<'a>> {
    let start = reading.at();
    reading.takes(b'-');
    let whole = reading.count_while(|byte| byte.is_ascii_digit());
    if whole == 0 {
        return None;
    }
    if !reading.takes(b'.') {
        return (whole <= 15).then(|| Bare::Integer(reading.since(start)));
    }
    let fraction = reading.count_while(|byte| byte.is_ascii_digit());
    (whole <= 12 && (1..=3).contains(&fraction)).then_some(Bare::Decimal)
}

fn string<'a>(reading: &mut Reading<'a>) -> Option<Bare<'a>> {
    reading.expect(b'"')?;
    let start = reading.at();
    loop {
        match reading.next()? {
            b'"' => {
                let text = reading.since(start);
                return Some(Bare::String(&text[..text.len() - 1]));
            }
            b'\\' if matches!(reading.next()?, b'"' | b'\\') => {}
            0x20..=0x5B | 0x5D..=0x7E => {}
            _ => return None,
        }
    }
}

fn bytes<'a>(reading: &mut Reading<'a>) -> Option<Bare<'a>> {
    reading.expect(b':')?;
    let start = reading.at();
    reading.skip_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    let text = reading.since(start);
    reading.expect(b':')?;
    Some(Bare::Bytes(text))
}

fn is_token_byte(byte: u8) -> bool {
    super::is_tchar(byte) || matches!(byte, b':' | b'/')
}

fn is_ows(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Components, or parameters, of most signatures.
const USUAL: usize = 8;
