//! The secret as a peer may have used it: its text for its bytes, its bytes for its text, or a line end with it.

use crate::base64;
use crate::key::decode_hex;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// Another key that a peer makes of the same secret, and how.
pub(super) struct Otherwise {
    pub(super) how: String,
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

impl Otherwise {
    fn new(how: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { how: how.into(), bytes: Zeroizing::new(bytes) }
    }
}

/// All that are tried.
pub(super) fn otherwise(secret: &[u8]) -> Vec<Otherwise> {
    let mut all: Vec<Otherwise> = encoded(secret).into_iter().flat_map(|form| form.spellings()).collect();
    all.push(Otherwise::new(
        "the peer's key has a line end behind the secret, as a file has that is read whole",
        [secret, b"\n"].concat(),
    ));
    if let Some(line) = secret.strip_suffix(b"\r\n").or(secret.strip_suffix(b"\n")) {
        let how = "the secret on this side has a line end behind it, the peer's key has none";
        all.push(Otherwise::new(how, line.to_vec()));
    }
    all.extend(decoded(secret));
    all
}

/// A secret written in an encoding.
struct Form {
    name: &'static str,
    prefix: &'static str,
    text: Zeroizing<Vec<u8>>,
}

impl Form {
    fn spellings(&self) -> [Otherwise; 4] {
        let Self { name, prefix, text } = self;
        let how = |more: &str| {
            format!(
                "the peer's key is the text of the secret's {name} form{more}, not the bytes that it encodes"
            )
        };
        let spelling = |more: &str, parts: &[&[u8]]| Otherwise::new(how(more), parts.concat());
        [
            spelling("", &[text]),
            spelling(", with a line end", &[text, b"\n"]),
            spelling(&format!(" with its {prefix}"), &[prefix.as_bytes(), text]),
            spelling(&format!(" with its {prefix} and a line end"), &[prefix.as_bytes(), text, b"\n"]),
        ]
    }
}

fn encoded(secret: &[u8]) -> [Form; 6] {
    let url = Zeroizing::new(base64::encode_url(secret).into_bytes());
    let standard = Zeroizing::new(url.iter().map(standard_char).collect::<Vec<_>>());
    let form = |name, prefix, text| Form { name, prefix, text };
    [
        form("lower-case hex", "hex:", hex(secret, b"0123456789abcdef")),
        form("upper-case hex", "hex:", hex(secret, b"0123456789ABCDEF")),
        form("base64", "base64:", padded(&standard)),
        form("unpadded base64", "base64:", standard),
        form("base64url", "base64url:", url.clone()),
        form("padded base64url", "base64url:", padded(&url)),
    ]
}

/// Where the secret on this side is itself a text, and the peer took it for an encoding.
fn decoded(secret: &[u8]) -> impl Iterator<Item = Otherwise> {
    let ways = [
        ("hex", decode_hex(secret)),
        ("base64", base64::decode_standard(secret)),
        ("base64url", base64::decode_url(secret)),
    ];
    let otherwise = |(name, bytes): (&str, Option<Vec<u8>>)| {
        let how = format!("the peer decodes the secret from {name}; on this side its text is the key");
        bytes.map(|bytes| Otherwise::new(how, bytes))
    };
    ways.into_iter().filter_map(otherwise)
}

fn hex(bytes: &[u8], digits: &[u8; 16]) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(Vec::with_capacity(2 * bytes.len()));
    text.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| digits[usize::from(digit)]));
    text
}

fn standard_char(byte: &u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => *byte,
    }
}

fn padded(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = text.len().next_multiple_of(4);
    let mut padded = Vec::with_capacity(length);
    padded.extend_from_slice(text);
    padded.resize(length, b'=');
    Zeroizing::new(padded)
}
