//! Bodies that do not fit the digest that was signed: as what the digest fits, tried until it does.

use super::super::Hint;
use super::changes::Arrived;
use super::respelled;
use crate::request::BodyHash;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// For `body_mismatch`.
pub(super) fn hints(arrived: &Arrived<'_>, body: &[u8]) -> Vec<Hint> {
    let hint = |text: &str| Vec::from([Hint::new("body", text)]);
    let Some(signed) = &arrived.shape.digest else { return hint(UNCOVERED) };
    if *signed == BodyHash::of(b"") {
        return hint(if body.is_empty() { EMPTY } else { LATER });
    }
    if body.is_empty() {
        return hint(LOST);
    }
    match forms(body).find(|(form, _)| BodyHash::of(form) == *signed) {
        Some((_, how)) => hint(&how),
        None => unknown(arrived, body),
    }
}

/// The body as it may have been, and what that would mean.
fn forms(body: &[u8]) -> impl Iterator<Item = (Vec<u8>, String)> {
    line_ends(body).into_iter().chain(framed(body)).chain(encodings(body)).chain(serialised(body))
}

fn line_ends(body: &[u8]) -> Vec<(Vec<u8>, String)> {
    let added = |end: &[u8]| {
        (
            [body, end].concat(),
            String::from("the peer signed the body with a line end behind it, which is not here"),
        )
    };
    let mut all = Vec::from([added(b"\n"), added(b"\r\n")]);
    let mut other = |bytes: Vec<u8>, how: &str| all.push((bytes, how.to_string()));
    other(
        body.trim_ascii().to_vec(),
        "white space stands around the body that the peer did not sign: was a line end added?",
    );
    let lf = without_returns(body);
    other(lf.clone(), "the peer signed the body with LF at the ends of its lines, and here is CRLF");
    other(with_returns(&lf), "the peer signed the body with CRLF at the ends of its lines, and here is LF");
    all
}

fn framed(body: &[u8]) -> Option<(Vec<u8>, String)> {
    let text = "the body still has the framing of Transfer-Encoding: chunked; hand in the content";
    Some((without_chunks(body)?, text.to_string()))
}

fn encodings(body: &[u8]) -> Vec<(Vec<u8>, String)> {
    let how = |text: &str| format!("the peer signed the body {text}");
    let mut all = Vec::from([([BOM, body].concat(), how("with a byte order mark, which is not here"))]);
    all.extend(
        body.strip_prefix(BOM)
            .map(|body| (body.to_vec(), how("without the byte order mark that stands here"))),
    );
    let as_utf8: String = body.iter().map(|byte| char::from(*byte)).collect();
    all.push((as_utf8.into_bytes(), how("in UTF-8, and here it is in Latin-1")));
    let text = str::from_utf8(body).ok();
    let as_latin1 =
        text.and_then(|text| text.chars().map(|char| u8::try_from(char).ok()).collect::<Option<Vec<u8>>>());
    all.extend(as_latin1.map(|bytes| (bytes, how("in Latin-1, and here it is in UTF-8"))));
    all
}

fn serialised(body: &[u8]) -> impl Iterator<Item = (Vec<u8>, String)> {
    respelled::forms(body).flat_map(|(json, how)| {
        let text = format!(
            "the peer signed this JSON {how}: it was parsed and serialised anew, on its way or by whoever signs; sign the bytes that leave and \
             verify the bytes that came"
        );
        let with_end = [json.as_bytes(), b"\n"].concat();
        [(json.into_bytes(), text.clone()), (with_end, text)]
    })
}

/// What the fields tell, where no form fits.
fn unknown(arrived: &Arrived<'_>, body: &[u8]) -> Vec<Hint> {
    let field = |name| arrived.fields.single(name).ok().flatten();
    let length = field("content-length").and_then(|length| length.parse::<u64>().ok());
    let encoding = field("content-encoding").unwrap_or_default();
    let is_gzip = body.starts_with(GZIP);
    let mut hints = Vec::new();
    let mut add = |text: String| hints.push(Hint::new("body", text));
    if let Some(length) = length.filter(|length| *length != body.len() as u64) {
        add(format!(
            "Content-Length says {length}, and here are {} bytes: not all came, or it was decoded",
            body.len()
        ));
    }
    if encoding.eq_ignore_ascii_case("gzip") && !is_gzip {
        add(String::from(
            "Content-Encoding says gzip, and the body is none: it was decompressed before it was handed in; hand in the content as sent",
        ));
    }
    if is_gzip && encoding.is_empty() {
        add(String::from(
            "the body is gzip, and no Content-Encoding says so: was it compressed after it was signed?",
        ));
    }
    add(String::from(CHANGED));
    hints
}

fn without_returns(body: &[u8]) -> Vec<u8> {
    let is_return = |at: usize| body[at..].starts_with(b"\r\n");
    (0..body.len()).filter(|at| !is_return(*at)).map(|at| body[at]).collect()
}

fn with_returns(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for byte in body {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

/// RFC 9112 §7.1, without extensions and trailers.
fn without_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = rest.windows(2).take(CHUNK_SIZE).position(|pair| pair == b"\r\n")?;
        let size = usize::from_str_radix(str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        let chunk = rest[end + 2..].get(..size)?;
        rest = rest[end + 2 + size..].strip_prefix(b"\r\n")?;
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(chunk);
    }
}

const UNCOVERED: &str = "a body came, and the signature covers no Content-Digest: the signer was not given the body, or it was added on its way";
const EMPTY: &str = "no body came, and the peer covers the digest of an empty one: without a body no Content-Digest is covered";
const LATER: &str = "the peer signed an empty body: the client gave it its body after it was signed";
const LOST: &str =
    "a digest is covered, and no body came: a framework may have read it before; hand in the bytes that came";
const CHANGED: &str = "other line ends, encodings and serialisations of the body were tried, and none fits: the bytes that came are not those that were \
                       signed";
const BOM: &[u8] = b"\xEF\xBB\xBF";
const GZIP: &[u8] = b"\x1F\x8B";
/// Digits of a chunk's size, and where its line ends.
const CHUNK_SIZE: usize = 16;
